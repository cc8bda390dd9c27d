"""Chapter 5, governance (committees, goals, initiatives), and chapter 6, the roadmap."""

from typing import Annotated, ClassVar, Literal

from cx_map.model.entity import AnyRef, Date, Entity, GoalRef, InitiativeRef, LineRef, MetricRef, TeamRef
from cx_map.model.fields import Record, Ref
from cx_map.model.values import Duration, Money, Number, Text


class Committee(Entity, frozen=True, kw_only=True):
    """A body that oversees or executes."""

    kind: ClassVar[str] = "committees"
    duty: Annotated[Literal["oversight", "execution"] | None, "What it is for."] = None
    members: Annotated[
        tuple[Annotated[str, Ref(("teams", "lines_of_business"))], ...] | None, "Teams or lines in it."
    ] = None
    scope: Annotated[tuple[AnyRef, ...] | None, "Journeys or lines it covers."] = None
    sponsor: Annotated[str | None, "Executive sponsor: a role or team."] = None
    meets: Annotated[Duration | None, "How often it meets."] = None
    last_met: Annotated[Date | None, "When it last met."] = None


class Goal(Entity, frozen=True, kw_only=True):
    """A goal of the firm."""

    kind: ClassVar[str] = "goals"
    metric: Annotated[MetricRef | None, "The metric it moves."] = None
    target: Annotated[Number | None, "The value to reach."] = None
    by: Annotated[Date | None, "By when."] = None
    lines_of_business: Annotated[tuple[LineRef, ...] | None, "Lines that share it."] = None


class Initiative(Entity, frozen=True, kw_only=True):
    """A project."""

    kind: ClassVar[str] = "initiatives"
    sponsor: Annotated[str | None, "Executive sponsor: a role or team."] = None
    team: Annotated[TeamRef | None, "Who does it."] = None
    goals: Annotated[tuple[GoalRef, ...] | None, "Goals it serves."] = None
    metrics: Annotated[tuple[MetricRef, ...] | None, "Metrics it moves."] = None
    touches: Annotated[tuple[AnyRef, ...] | None, "Entities it changes."] = None
    effort: Annotated[Duration | None, "Work needed."] = None
    customer_impact: Annotated[Text | None, "How it affects customers."] = None
    cost: Annotated[Money | None, "What it costs."] = None
    benefit: Annotated[Text | None, "What it brings."] = None
    duration: Annotated[Duration | None, "How long it takes."] = None
    depends_on: Annotated[tuple[InitiativeRef, ...] | None, "Initiatives that must come first."] = None
    state: Annotated[Literal["planned", "running", "done", "dropped"] | None, "How far it is."] = None


class Cutover(Record, frozen=True, kw_only=True):
    """How a phase changes over."""

    shorthand: ClassVar[str] = "parallel"
    parallel: Annotated[Duration | None, "How long old and new both run."] = None


class Phase(Record, frozen=True, kw_only=True):
    """A step of the roadmap; its operators are read by the room ``states``."""

    id: Annotated[str | None, "Name of the phase, for `PATH@phase`."] = None
    name: Annotated[Text | None, "What people call it."] = None
    description: Annotated[Text | None, "What it brings."] = None
    by: Annotated[Date | None, "By when; may be absent or past."] = None
    initiatives: Annotated[tuple[InitiativeRef, ...] | None, "Initiatives that make it up."] = None
    cutover: Annotated[Cutover | None, "How old and new change over; default: removals first."] = None
    source: Annotated[tuple[Annotated[str, Ref(("references",))], ...] | None, "Where the facts come from."] = None
    notes: Annotated[Text | None, "Anything else worth keeping."] = None


class Roadmap(Entity, frozen=True, kw_only=True):
    """The way from the current state to the target."""

    kind: ClassVar[str] = "roadmap"
    sponsor: Annotated[str | None, "Executive sponsor: a role or team."] = None
    phases: Annotated[tuple[Phase, ...] | None, "Phases in order."] = None
