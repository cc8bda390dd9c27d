"""Chapter 2, customers and data: segments, products, attributes, collection points, preferences."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from cx_map.model.chapter_map import AccessibleFormat
from cx_map.model.entity import (
    AttributeId,
    ChannelRef,
    CollectionPointRef,
    Date,
    Entity,
    PlatformRef,
    ProductRef,
    SegmentRef,
    StoreRef,
    TouchpointRef,
)
from cx_map.model.fields import Record, Ref
from cx_map.model.values import Duration, Money, Number, Rate, Share, Text

Sensitivity: TypeAlias = Literal["public", "internal", "personal", "confidential", "special", "credential", "payment"]
AskPurpose: TypeAlias = Literal["collect", "verify", "update", "refresh", "consent"]


class CustomerValue(Record, frozen=True, kw_only=True):
    """What a customer of a segment is worth."""

    shorthand: ClassVar[str] = "tier"
    contribution_per_customer: Annotated[Money | None, "Yearly contribution of a customer."] = None
    tier: Annotated[str | None, "Value tier: low, medium, high."] = None


class Segment(Entity, frozen=True, kw_only=True):
    """A group of customers."""

    kind: ClassVar[str] = "segments"
    customers: Annotated[Number | None, "How many customers it has."] = None
    products: Annotated[tuple[ProductRef, ...] | None, "Products its customers hold."] = None
    value: Annotated[CustomerValue | None, "What a customer is worth."] = None
    vulnerable: Annotated[Share | None, "Share of vulnerable customers."] = None
    languages: Annotated[Mapping[str, Share] | None, "Share of customers by language: BCP 47 codes."] = None
    access_needs: Annotated[
        Mapping[AccessibleFormat, Share] | None, "Share of customers by accessible format needed."
    ] = None
    reachable_by: Annotated[Mapping[ChannelRef, Share] | None, "Share of customers that each channel can reach."] = None
    preferred: Annotated[Mapping[ChannelRef, Share] | None, "Share of customers that prefer each channel."] = None
    wants: Annotated[tuple[Text, ...] | None, "What they want."] = None
    pains: Annotated[tuple[Text, ...] | None, "What troubles them."] = None
    churn_sensitivity: Annotated[Number | None, "How readily they leave; weighs the order of findings only."] = None
    definition: Annotated[Literal["static", "dynamic"] | None, "Fixed, or recomputed from behaviour."] = None
    refresh: Annotated[Duration | None, "How often a dynamic segment is recomputed."] = None


class Product(Entity, frozen=True, kw_only=True):
    """Something customers hold."""

    kind: ClassVar[str] = "products"
    customers: Annotated[Number | None, "How many customers hold it."] = None
    paper_required: Annotated[bool | None, "Whether the law asks for paper."] = None


class Overlap(Entity, frozen=True, kw_only=True):
    """Customers that two lines of business, products or segments share."""

    kind: ClassVar[str] = "overlaps"
    between: Annotated[
        tuple[Annotated[str, Ref(("lines_of_business", "products", "segments"))], ...] | None,
        "The two that share customers.",
    ] = None
    customers: Annotated[Number | None, "How many customers both have."] = None
    share: Annotated[Share | None, "Share of the smaller one's customers that the other has too."] = None


class Attribute(Entity, frozen=True, kw_only=True):
    """A data attribute of the dictionary."""

    kind: ClassVar[str] = "attributes"
    parent: Annotated[AttributeId | None, "The wider attribute that contains it; default: by its dotted id."] = None
    aliases: Annotated[Mapping[str, tuple[str, ...]] | None, "Other names by language: BCP 47 codes."] = None
    sensitivity: Annotated[Sensitivity | None, "How sensitive it is."] = None
    seconds_to_give: Annotated[Number | None, "Seconds a customer needs to give it."] = None
    valid_for: Annotated[Duration | None, "How long an answer stays fresh; unknown means always."] = None


class SegmentAtPoint(Record, frozen=True, kw_only=True):
    """A segment asked at a collection point."""

    shorthand: ClassVar[str] = "segment"
    segment: Annotated[SegmentRef | None, "Which segment."] = None
    volume: Annotated[Rate | None, "How many of its customers are asked."] = None
    reach: Annotated[Share | None, "Share of its customers that pass here."] = None


class Ask(Record, frozen=True, kw_only=True):
    """An attribute that a collection point asks for."""

    shorthand: ClassVar[str] = "attribute"
    attribute: Annotated[AttributeId | None, "Which attribute."] = None
    purpose: Annotated[AskPurpose | None, "Why it is asked; default collect."] = None
    mandatory: Annotated[bool | None, "Whether an answer is required."] = None
    legal_basis: Annotated[Text | None, "The law that makes the firm ask."] = None
    seconds: Annotated[Number | None, "Seconds an answer takes."] = None
    prefilled_from: Annotated[StoreRef | None, "Where the answer is prefilled from."] = None
    step_up: Annotated[bool | None, "Asked again on purpose, because of risk."] = None


class CollectionPoint(Entity, frozen=True, kw_only=True):
    """A place where customers give data or opinions."""

    kind: ClassVar[str] = "collection_points"
    kind_: Annotated[
        Literal[
            "web_form", "app_form", "paper_form", "ivr", "agent", "chat", "survey", "intercept", "complaint", "review",
            "social", "behavioural", "operational", "import",
        ]
        | None,
        "What sort of point it is.",
    ] = None  # fmt: skip
    touchpoint: Annotated[TouchpointRef | None, "The touchpoint it belongs to."] = None
    channel: Annotated[ChannelRef | None, "The channel it uses."] = None
    segments: Annotated[tuple[SegmentAtPoint, ...] | None, "Segments asked; an item may give volume and reach."] = None
    asks: Annotated[tuple[Ask, ...] | None, "Attributes asked for."] = None
    writes_to: Annotated[tuple[StoreRef, ...] | None, "Where the answers go."] = None
    reads: Annotated[tuple[StoreRef, ...] | None, "Stores it can read."] = None
    notice: Annotated[Text | None, "The privacy notice shown."] = None
    volume: Annotated[Rate | None, "How many customers pass."] = None
    metric: Annotated[Annotated[str, Ref(("metrics",))] | None, "Metric that a survey measures."] = None
    topics: Annotated[tuple[str, ...] | None, "Topics that a survey covers."] = None
    trigger: Annotated[str | None, "What sets a survey off."] = None
    invites: Annotated[Rate | None, "Invitations to a survey."] = None
    sampling: Annotated[Text | None, "How customers are chosen."] = None
    quarantine: Annotated[Duration | None, "Rest between two invitations."] = None
    cap_store: Annotated[StoreRef | None, "Where invitations are counted."] = None
    anonymous: Annotated[bool | None, "Whether answers cannot be traced to a customer."] = None
    revised_on: Annotated[Date | None, "When it was last revised."] = None
    scope: Annotated[
        Literal["relationship", "transaction"] | None, "About the whole relationship or one transaction."
    ] = None
    suppressed_by: Annotated[tuple[StoreRef, ...] | None, "Stores whose entries stop an invitation."] = None
    platform: Annotated[PlatformRef | None, "The platform that runs it."] = None
    solicited: Annotated[bool | None, "Whether the firm asked for it."] = None


class Preference(Entity, frozen=True, kw_only=True):
    """A choice that customers make about how they are contacted."""

    kind: ClassVar[str] = "preferences"
    kind_: Annotated[
        Literal["channel", "e_delivery", "frequency", "language", "accessibility", "consent", "do_not_contact"] | None,
        "What is chosen.",
    ] = None
    products: Annotated[
        tuple[ProductRef, ...] | None, "Products for which customers expect it to hold; default: all of the segments."
    ] = None
    default: Annotated[
        Literal["in", "out", "none"] | None, "What holds for a customer who never chose; none = no choice offered."
    ] = None
    captured_at: Annotated[tuple[CollectionPointRef, ...] | None, "Where it is given."] = None
    withdrawn_at: Annotated[tuple[CollectionPointRef, ...] | None, "Where it is withdrawn."] = None
    changed_at: Annotated[tuple[CollectionPointRef, ...] | None, "Where it is given and withdrawn."] = None
    master: Annotated[StoreRef | None, "The store that decides."] = None
    deadline: Annotated[Duration | None, "From a change until it is respected everywhere, at most."] = None
    adoption: Annotated[Share | None, "Share of customers who chose it."] = None
