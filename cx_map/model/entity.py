"""What every entity has, and the reference types that fields use."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from cx_map.model.fields import AttributeRef, Record, Ref
from cx_map.model.values import Basis, Duration, Text

Status: TypeAlias = Literal["proposed", "pilot", "active", "deprecated", "retired"]
Date: TypeAlias = Annotated[str, "date"]
"""An ISO 8601 date, whole or partial (``2026``, ``2026-02``)."""

AnyRef: TypeAlias = Annotated[str, Ref()]
TeamRef: TypeAlias = Annotated[str, Ref(("teams",))]
LineRef: TypeAlias = Annotated[str, Ref(("lines_of_business",))]
ChannelRef: TypeAlias = Annotated[str, Ref(("channels",))]
PlatformRef: TypeAlias = Annotated[str, Ref(("platforms",))]
StoreRef: TypeAlias = Annotated[str, Ref(("data_sources", "platforms"))]
"""Where data rests: a data source, or a platform that holds data."""
CommunicationRef: TypeAlias = Annotated[str, Ref(("communications",))]
SegmentRef: TypeAlias = Annotated[str, Ref(("segments",))]
ProductRef: TypeAlias = Annotated[str, Ref(("products",))]
PreferenceRef: TypeAlias = Annotated[str, Ref(("preferences",))]
CollectionPointRef: TypeAlias = Annotated[str, Ref(("collection_points",))]
SignalRef: TypeAlias = Annotated[str, Ref(("signals",))]
TouchpointRef: TypeAlias = Annotated[str, Ref(("touchpoints",))]
MetricRef: TypeAlias = Annotated[str, Ref(("metrics",))]
PoolRef: TypeAlias = Annotated[str, Ref(("agent_pools",))]
InitiativeRef: TypeAlias = Annotated[str, Ref(("initiatives",))]
GoalRef: TypeAlias = Annotated[str, Ref(("goals",))]
AttributeId: TypeAlias = Annotated[str, AttributeRef()]
AttributeOrAll: TypeAlias = Annotated[str, AttributeRef(wildcard=True)]


class Link(Record, frozen=True, kw_only=True):
    """A link for the reader."""

    shorthand: ClassVar[str] = "url"
    url: Annotated[str | None, "Where it leads."] = None
    title: Annotated[Text | None, "What it is."] = None


class Entity(Record, frozen=True, kw_only=True):
    """The fields that every entity may have. ``status`` None reads as active."""

    kind: ClassVar[str] = ""
    id: str = ""
    name: Annotated[Text | None, "What people call it; a text, or one text a language."] = None
    description: Annotated[Text | None, "What it is, in a sentence or two."] = None
    owner: Annotated[TeamRef | None, "The team that answers for it."] = None
    line_of_business: Annotated[LineRef | None, "The line of business it belongs to."] = None
    status: Annotated[
        Status | None, "Where it is in its life; default active. Proposed and retired things are not used."
    ] = None
    since: Annotated[Date | None, "In use since."] = None
    until: Annotated[Date | None, "In use until."] = None
    review_every: Annotated[Duration | None, "How often the entry is to be reviewed."] = None
    tags: Annotated[tuple[str, ...] | None, "Free labels, for selecting."] = None
    links: Annotated[tuple[Link, ...] | None, "Links for the reader."] = None
    source: Annotated[
        tuple[Annotated[str, Ref(("references",))], ...] | None,
        "Where the facts come from: ids of the register `references`.",
    ] = None
    as_of: Annotated[Date | None, "The date of the facts; default: the oldest of the sources."] = None
    basis: Annotated[Basis | None, "How the facts are known; default: the worst of the sources, else reported."] = None
    renamed_from: Annotated[tuple[str, ...] | None, "Ids it had before, so that history and baselines carry over."] = (
        None
    )
    notes: Annotated[Text | None, "Anything else worth keeping."] = None

    @property
    def title(self) -> str:
        """The name, or the id where there is none."""
        return str(self.name) if self.name is not None else self.id

    @property
    def usable(self) -> bool:
        """Active, pilot and deprecated things are in use; proposed and retired ones are not."""
        return self.status not in ("proposed", "retired")


class Reference(Entity, frozen=True, kw_only=True):
    """A source of facts."""

    kind: ClassVar[str] = "references"
    title_: Annotated[Text | None, "Title of the document, dataset or interview."] = None
    url: Annotated[str | None, "Where it can be read."] = None

    @property
    def title(self) -> str:
        """Its title, else its name, else its id."""
        return str(self.title_) if self.title_ is not None else str(self.name) if self.name is not None else self.id
