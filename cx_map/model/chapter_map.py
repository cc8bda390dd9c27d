"""Chapter 1, the map: the firm, its lines, teams, channels, platforms, data, communications and flows.

Longer than most modules: a chapter of the language is one table of fields.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias

from cx_map.model.entity import (
    AnyRef,
    AttributeId,
    AttributeOrAll,
    ChannelRef,
    Date,
    Entity,
    LineRef,
    PlatformRef,
    PoolRef,
    PreferenceRef,
    ProductRef,
    SegmentRef,
    StoreRef,
    TeamRef,
)
from cx_map.model.fields import Record, Ref
from cx_map.model.values import Duration, Latency, Money, Number, Rate, Share, Text

RegulatoryProfile: TypeAlias = Literal[
    "eu-gdpr", "us-tcpa", "us-esign", "us-bd", "us-reg-e", "us-reg-z", "us-nist", "pci-dss", "uk-fca", "eu-accessibility",
]  # fmt: skip
Capability: TypeAlias = Literal[
    "compose", "print", "deliver_email", "deliver_sms", "deliver_push", "archive", "preference", "consent", "identity",
    "crm", "case", "survey", "voc_analytics", "speech_text", "orchestration", "routing", "agent_desktop", "cdp", "mdm",
    "reporting", "knowledge", "chatbot", "ivr",
]  # fmt: skip
ChannelKind: TypeAlias = Literal[
    "email", "sms", "rcs", "push", "in_app", "portal", "web", "chat", "messaging", "voice", "ivr", "video", "letter",
    "branch", "kiosk", "social", "callback",
]  # fmt: skip
TeamFunction: TypeAlias = Literal[
    "cx", "product", "digital", "service", "marketing", "complaints", "risk", "it", "data", "legal"
]
Redundancy: TypeAlias = Literal["none", "active_passive", "active_active"]
Purpose: TypeAlias = Literal[
    "transactional", "servicing", "regulatory", "marketing", "collections", "security", "survey", "relationship"
]
DataKind: TypeAlias = Literal["experience", "operational", "behavioural", "preference"]
AccessibleFormat: TypeAlias = Literal["large_print", "braille", "audio", "easy_read", "sign_video", "tagged_pdf"]
FlowStyle: TypeAlias = Literal["api", "event", "stream", "batch", "file", "report", "manual", "rekey", "none"]


class Organization(Entity, frozen=True, kw_only=True):
    """The firm; one an inventory."""

    kind: ClassVar[str] = "organization"
    jurisdictions: Annotated[tuple[str, ...] | None, "Where it operates: ISO 3166 codes."] = None
    currency: Annotated[str | None, "The currency of its amounts: ISO 4217."] = None
    regulatory_profiles: Annotated[tuple[RegulatoryProfile, ...] | None, "Packs of regulation to check against."] = None
    languages: Annotated[tuple[str, ...] | None, "Languages it serves: BCP 47 codes."] = None
    business_hours: Annotated[str | None, "When it is open, for example `mon-fri 08:00-18:00`."] = None


class LineOfBusiness(Entity, frozen=True, kw_only=True):
    """A line of business: retail banking, cards, mortgages."""

    kind: ClassVar[str] = "lines_of_business"
    parent: Annotated[LineRef | None, "The line it is part of."] = None
    customers: Annotated[Number | None, "How many customers it has."] = None
    origin: Annotated[Literal["built", "acquired"] | None, "Grown in the firm, or bought."] = None
    acquired_on: Annotated[Date | None, "When it was acquired."] = None


class Team(Entity, frozen=True, kw_only=True):
    """A team that owns and acts."""

    kind: ClassVar[str] = "teams"
    functions: Annotated[tuple[TeamFunction, ...] | None, "What the team does."] = None
    customer_impact: Annotated[Literal["direct", "indirect", "none"] | None, "How its work touches customers."] = None
    authority: Annotated[tuple[str, ...] | None, "Error types or classes it may resolve by itself."] = None
    capacity_fte: Annotated[Number | None, "Full-time equivalents."] = None
    hours: Annotated[str | None, "When it works, for example `24x7` or `mon-fri 08:00-18:00`."] = None
    parent: Annotated[TeamRef | None, "The team it is part of."] = None


class Baseline(Record, frozen=True, kw_only=True):
    """A channel's measured starting point."""

    volume: Annotated[Rate | None, "Contacts."] = None
    csat: Annotated[Share | None, "Satisfied customers, as a share."] = None
    resolution: Annotated[Share | None, "Contacts resolved at once, as a share."] = None
    cost: Annotated[Money | None, "Cost of a contact."] = None
    as_of: Annotated[Date | None, "Date of the measurement."] = None


class Rollout(Record, frozen=True, kw_only=True):
    """The case for a new channel."""

    purpose: Annotated[Text | None, "What it is for."] = None
    pilot: Annotated[Text | None, "How it starts small."] = None
    ease: Annotated[Text | None, "How easy it is to introduce."] = None
    skills: Annotated[Text | None, "Skills needed."] = None
    training: Annotated[Text | None, "Training planned."] = None
    cost: Annotated[Text | None, "What it costs."] = None
    journeys: Annotated[tuple[Annotated[str, Ref(("journeys",))], ...] | None, "Journeys it changes."] = None
    benefits: Annotated[Text | None, "Other benefits."] = None


class Channel(Entity, frozen=True, kw_only=True):
    """A way to reach customers or be reached by them."""

    kind: ClassVar[str] = "channels"
    kind_: Annotated[ChannelKind | None, "What sort of channel it is."] = None
    direction: Annotated[Literal["in", "out", "two_way"] | None, "From or to the firm, or both."] = None
    confidentiality: Annotated[
        Literal["none", "transport", "sealed", "authenticated", "end_to_end"] | None, "How well content is protected."
    ] = None
    identity: Annotated[
        Literal["none", "claimed", "known", "strong"] | None, "How sure the firm is who the customer is."
    ] = None
    latency: Annotated[Latency | None, "From hand-over to the customer: a duration, or p50 and p95."] = None
    cost_per_contact: Annotated[Money | None, "Cost of one contact."] = None
    touch: Annotated[Literal["low", "medium", "high"] | None, "How personal the channel is."] = None
    capacity: Annotated[Rate | None, "Most contacts it can carry."] = None
    hours: Annotated[str | None, "When it is open."] = None
    accessibility: Annotated[Text | None, "Accessibility standard and level met."] = None
    languages: Annotated[tuple[str, ...] | None, "Languages offered: BCP 47 codes."] = None
    baseline: Annotated[Baseline | None, "Measured starting point."] = None
    offramp: Annotated[Annotated[str, Ref(("channels", "agent_pools"))] | None, "The way out to a person."] = None
    rollout: Annotated[Rollout | None, "The case for introducing it."] = None


class Need(Record, frozen=True, kw_only=True):
    """Something needed: one thing, or any one of several."""

    shorthand: ClassVar[str] = "any_of"
    any_of: Annotated[tuple[StoreRef, ...] | None, "Any one of these is enough."] = None


class Hop(Record, frozen=True, kw_only=True):
    """A platform on a route, or any one of several."""

    shorthand: ClassVar[str] = "any_of"
    any_of: Annotated[tuple[PlatformRef, ...] | None, "Any one of these platforms is enough."] = None


class Holding(Record, frozen=True, kw_only=True):
    """An attribute that a store holds."""

    shorthand: ClassVar[str] = "attribute"
    attribute: Annotated[AttributeId | None, "Which attribute."] = None
    mastery: Annotated[Literal["master", "copy", "derived"] | None, "Whether this store is its master."] = None
    products: Annotated[tuple[ProductRef, ...] | None, "For these products only."] = None
    segments: Annotated[tuple[SegmentRef, ...] | None, "For these segments only."] = None
    refresh: Annotated[Duration | None, "How often the copy is refreshed."] = None
    quality: Annotated[Share | None, "Share of records that are right."] = None


class Platform(Entity, frozen=True, kw_only=True):
    """A system that composes, sends, routes or answers."""

    kind: ClassVar[str] = "platforms"
    capabilities: Annotated[tuple[Capability, ...] | None, "What it can do."] = None
    vendor: Annotated[str | None, "Who supplies it."] = None
    site: Annotated[str | None, "Where it runs; things on one site fail together."] = None
    network: Annotated[str | None, "The network it hangs on; things on one network fail together."] = None
    serves: Annotated[tuple[LineRef, ...] | None, "Lines of business it serves."] = None
    origin: Annotated[Literal["built", "bought", "acquired"] | None, "Where it came from."] = None
    acquired_on: Annotated[Date | None, "When it came with an acquisition."] = None
    capacity: Annotated[Rate | None, "Most items it can handle."] = None
    processing: Annotated[Latency | None, "How long it takes for one item: a duration, or p50 and p95."] = None
    availability: Annotated[Share | None, "Share of the time it works."] = None
    redundancy: Annotated[Redundancy | None, "Whether a twin takes over."] = None
    rto: Annotated[Duration | None, "Recovery time objective."] = None
    end_of_support: Annotated[Date | None, "When support ends."] = None
    cost_per_year: Annotated[Money | None, "Yearly cost."] = None
    benefit: Annotated[Text | None, "The benefit it brings."] = None
    disposition: Annotated[Literal["tolerate", "invest", "migrate", "eliminate"] | None, "What is to become of it."] = (
        None
    )
    needs: Annotated[
        tuple[Need, ...] | None, "Data sources or platforms it cannot run without; an item may be any_of several."
    ] = None
    holds: Annotated[tuple[Holding, ...] | None, "Attributes it keeps; makes it a store like a data source."] = None
    enforces: Annotated[tuple[PreferenceRef, ...] | None, "Preferences it respects when it sends or decides."] = None
    events_to: Annotated[tuple[StoreRef, ...] | None, "Where its delivery events go."] = None


class DataSource(Entity, frozen=True, kw_only=True):
    """A place where customer data rests."""

    kind: ClassVar[str] = "data_sources"
    kind_: Annotated[
        Literal["database", "warehouse", "cdp", "mdm", "crm", "saas", "spreadsheet", "mailbox", "desktop", "paper"]
        | None,
        "What sort of store it is.",
    ] = None
    role: Annotated[
        Literal["customer_master", "golden", "replica", "cache", "reporting", "archive", "suppression"] | None,
        "The part it plays.",
    ] = None
    holds: Annotated[tuple[Holding, ...] | None, "Attributes it keeps."] = None
    data_kinds: Annotated[tuple[DataKind, ...] | None, "Kinds of data it keeps."] = None
    retention: Annotated[Duration | None, "How long it keeps data."] = None
    end_of_support: Annotated[Date | None, "When support ends."] = None
    site: Annotated[str | None, "Where it runs; things on one site fail together."] = None
    network: Annotated[str | None, "The network it hangs on."] = None
    vendor: Annotated[str | None, "Who supplies it."] = None
    capacity: Annotated[Rate | None, "Most items it can serve."] = None
    redundancy: Annotated[Redundancy | None, "Whether a twin takes over."] = None
    availability: Annotated[Share | None, "Share of the time it works."] = None
    rto: Annotated[Duration | None, "Recovery time objective."] = None
    cost_per_year: Annotated[Money | None, "Yearly cost."] = None
    sharing: Annotated[Text | None, "Rules on sharing its data."] = None


class Trigger(Record, frozen=True, kw_only=True):
    """What sets a communication off."""

    shorthand: ClassVar[str] = "what"
    kind_: Annotated[Literal["event", "schedule", "manual"] | None, "How it starts."] = None
    by: Annotated[AnyRef | None, "Who or what starts it."] = None
    what: Annotated[Text | None, "On what."] = None


class Schedule(Record, frozen=True, kw_only=True):
    """When a run takes place."""

    run: Annotated[Duration | None, "The cadence: how often it runs."] = None
    at: Annotated[str | None, "Start of the run, `HH:MM`."] = None
    window: Annotated[Duration | None, "How long the run takes."] = None
    day: Annotated[str | None, "The day it runs on."] = None


class ContentItem(Record, frozen=True, kw_only=True):
    """An attribute that a communication shows."""

    shorthand: ClassVar[str] = "attribute"
    attribute: Annotated[AttributeId | None, "Which attribute."] = None
    render: Annotated[Literal["full", "masked", "link"] | None, "How it is shown; default full."] = None


class Route(Record, frozen=True, kw_only=True):
    """One way for a communication to reach the customer."""

    id: Annotated[str | None, "Name of the route; default: its channel."] = None
    platforms: Annotated[tuple[Hop, ...] | None, "Platforms in order; an item may be any_of several."] = None
    channel: Annotated[ChannelRef | None, "The channel it ends in."] = None
    share: Annotated[Share | None, "Share of the volume that takes it; the shares of a communication sum to 1."] = None
    fallback_for: Annotated[str | None, "The route it stands in for; a fallback has share 0."] = None
    when: Annotated[Text | None, "The condition for taking it."] = None
    governed_by: Annotated[tuple[PreferenceRef, ...] | None, "Preferences that govern this route."] = None


class Induced(Record, frozen=True, kw_only=True):
    """Contacts that something causes."""

    shorthand: ClassVar[str] = "pool"
    pool: Annotated[PoolRef | None, "The agent pool that gets the contacts."] = None
    per_1000: Annotated[Number | None, "Contacts for each thousand items."] = None
    kind_: Annotated[
        Literal["failure", "value"] | None, "Contacts because something failed, or because they are wanted."
    ] = None


class Approval(Record, frozen=True, kw_only=True):
    """A team's approval before sending."""

    shorthand: ClassVar[str] = "team"
    team: Annotated[TeamRef | None, "Who approves."] = None
    effort: Annotated[Duration | None, "Work an approval takes."] = None


class Tested(Record, frozen=True, kw_only=True):
    """A test with customers."""

    shorthand: ClassVar[str] = "on"
    method: Annotated[Text | None, "How it was tested."] = None
    on: Annotated[Date | None, "When."] = None


class Personalised(Record, frozen=True, kw_only=True):
    """An attribute that shapes the communication."""

    shorthand: ClassVar[str] = "attribute"
    attribute: Annotated[AttributeId | None, "Which attribute."] = None
    derived_from: Annotated[tuple[AttributeId, ...] | None, "Attributes it can be derived from."] = None


class Communication(Entity, frozen=True, kw_only=True):
    """Something the firm sends to customers."""

    kind: ClassVar[str] = "communications"
    purpose: Annotated[Purpose | None, "Why it is sent."] = None
    lifecycle_stage: Annotated[str | None, "Stage of the customer's life it belongs to."] = None
    products: Annotated[tuple[ProductRef, ...] | None, "Products it is about."] = None
    segments: Annotated[tuple[SegmentRef, ...] | None, "Segments that receive it."] = None
    trigger: Annotated[Trigger | None, "What sets it off: a text, or kind, by and what."] = None
    schedule: Annotated[Schedule | None, "When it runs."] = None
    volume: Annotated[Rate | None, "How many are sent."] = None
    content: Annotated[tuple[ContentItem, ...] | None, "Attributes it shows."] = None
    needs: Annotated[
        tuple[Need, ...] | None, "Data sources or platforms it cannot do without; an item may be any_of several."
    ] = None
    routes: Annotated[tuple[Route, ...] | None, "Ways to reach the customer."] = None
    channels: Annotated[
        tuple[ChannelRef, ...] | None, "Short form of routes: one route a channel, through `platforms` in order."
    ] = None
    platforms: Annotated[tuple[Hop, ...] | None, "Short form of routes: the platforms, in order."] = None
    send: Annotated[Literal["one_of", "all"] | None, "One route a customer, or every route."] = None
    must_arrive: Annotated[bool | None, "Whether it has to arrive."] = None
    deadline: Annotated[Duration | None, "From the trigger to the customer, at most."] = None
    expects_reply: Annotated[bool | None, "Whether it asks for an answer."] = None
    reply_to: Annotated[AnyRef | None, "Where answers go."] = None
    legal_basis: Annotated[Text | None, "The legal basis for sending it."] = None
    in_writing: Annotated[bool | None, "Whether the law asks for writing."] = None
    formats: Annotated[tuple[AccessibleFormat, ...] | None, "Accessible formats it comes in."] = None
    proof_of_delivery: Annotated[Literal["required", "none"] | None, "Whether delivery must be proved."] = None
    induces: Annotated[tuple[Induced, ...] | None, "Contacts it causes."] = None
    governed_by: Annotated[tuple[PreferenceRef, ...] | None, "Preferences that govern it."] = None
    archive: Annotated[StoreRef | None, "Where copies are kept."] = None
    undeliverable_to: Annotated[StoreRef | None, "Where word of failed delivery goes."] = None
    approvals: Annotated[tuple[Approval, ...] | None, "Who approves it."] = None
    tested: Annotated[Tested | None, "When and how it was tested with customers."] = None
    last_changed: Annotated[Date | None, "When its text last changed."] = None
    template_family: Annotated[str | None, "Variants of one template share a family."] = None
    channel_decided_at: Annotated[PlatformRef | None, "The platform that decides the channel."] = None
    languages: Annotated[tuple[str, ...] | None, "Languages it comes in: BCP 47 codes."] = None
    reading_grade: Annotated[Number | None, "Reading grade of its text."] = None
    personalises: Annotated[tuple[Personalised, ...] | None, "Attributes that shape it."] = None

    @property
    def regulated(self) -> bool:
        """Whether its purpose is regulatory or security."""
        return self.purpose in ("regulatory", "security")


class Flow(Entity, frozen=True, kw_only=True):
    """Information moving from one place to another."""

    kind: ClassVar[str] = "flows"
    id: Annotated[str, "Tells flows of one pair apart."] = ""
    from_: Annotated[AnyRef | None, "Where it comes from."] = None
    to: Annotated[AnyRef | None, "Where it goes: data source, platform, collection point, insight, team."] = None
    carries: Annotated[tuple[AttributeOrAll, ...] | None, 'Attributes it carries, or "*" for all.'] = None
    products: Annotated[tuple[ProductRef, ...] | None, "For these products only."] = None
    segments: Annotated[tuple[SegmentRef, ...] | None, "For these segments only."] = None
    via: Annotated[FlowStyle | None, "How it moves; `none` says that there is known to be no such flow."] = None
    latency: Annotated[Latency | None, "How long it takes: a duration, or p50 and p95."] = None
    every: Annotated[Duration | None, "How often a batch runs."] = None
    keeps_identity: Annotated[
        bool | None, "Whether the customer stays identifiable; default true for api, event and stream."
    ] = None
    two_way: Annotated[bool | None, "Whether it works both ways."] = None
    conflict_policy: Annotated[Text | None, "What happens when both sides changed."] = None
    policy: Annotated[Literal["allowed", "blocked"] | None, "Blocked: must not exist, by policy or law."] = None
    volume: Annotated[Rate | None, "Items it moves."] = None
    seconds: Annotated[Number | None, "Hand work an item, in seconds."] = None
    required: Annotated[bool | None, "Whether the receiver cannot do without it."] = None
