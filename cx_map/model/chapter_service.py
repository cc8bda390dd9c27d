"""Chapter 4, journeys and service: touchpoints, tasks, promises, pools, routing, errors, escalations."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from cx_map.model.chapter_map import Induced
from cx_map.model.entity import (
    AnyRef,
    AttributeId,
    ChannelRef,
    Date,
    Entity,
    MetricRef,
    PlatformRef,
    SegmentRef,
    StoreRef,
    TeamRef,
    TouchpointRef,
)
from cx_map.model.fields import Record, Ref
from cx_map.model.values import Duration, Number, Rate, Share, Text


class Walked(Record, frozen=True, kw_only=True):
    """A walk through a touchpoint as a customer."""

    shorthand: ClassVar[str] = "on"
    by: Annotated[str | None, "The role that walked it."] = None
    on: Annotated[Date | None, "When."] = None
    result: Annotated[Text | None, "What was found."] = None


class Pain(Record, frozen=True, kw_only=True):
    """Something that troubles customers."""

    shorthand: ClassVar[str] = "text"
    text: Annotated[Text | None, "What it is."] = None
    cause: Annotated[Literal["people", "process", "technology"] | None, "Class of cause."] = None
    share: Annotated[Share | None, "Share of visits that meet it."] = None


class Touchpoint(Entity, frozen=True, kw_only=True):
    """A moment at which a customer and the firm meet."""

    kind: ClassVar[str] = "touchpoints"
    channel: Annotated[ChannelRef | None, "The channel it happens in."] = None
    platform: Annotated[PlatformRef | None, "The platform behind it."] = None
    team: Annotated[TeamRef | None, "The team behind it."] = None
    kind_: Annotated[
        Literal["inbound", "outbound", "self_service", "assisted"] | None, "What sort of touchpoint it is."
    ] = None
    moment_of_truth: Annotated[bool | None, "Whether it decides what customers think."] = None
    friction: Annotated[Literal["low", "medium", "high"] | None, "How hard it is."] = None
    needs_context: Annotated[tuple[AttributeId, ...] | None, "What must be known here."] = None
    walked: Annotated[Walked | None, "Last walk as a customer."] = None
    pains: Annotated[tuple[Pain, ...] | None, "What troubles customers here."] = None
    volume: Annotated[Rate | None, "Visits."] = None
    reads: Annotated[tuple[StoreRef, ...] | None, "Stores it reads."] = None
    writes_to: Annotated[tuple[StoreRef, ...] | None, "Stores it writes to."] = None
    passes_authentication_to: Annotated[
        tuple[TouchpointRef, ...] | None, "Touchpoints that trust its authentication."
    ] = None
    induces: Annotated[tuple[Induced, ...] | None, "Contacts it causes."] = None
    terminal: Annotated[bool | None, "Whether a journey may end here."] = None


class Step(Record, frozen=True, kw_only=True):
    """A touchpoint of a journey in order, or a transition between two."""

    shorthand: ClassVar[str] = "touchpoint"
    touchpoint: Annotated[TouchpointRef | None, "The touchpoint."] = None
    from_: Annotated[TouchpointRef | None, "Transition from."] = None
    to: Annotated[TouchpointRef | None, "Transition to."] = None
    share: Annotated[Share | None, "Share of customers that take the transition."] = None
    max_gap: Annotated[Duration | None, "Longest time between the two."] = None


class JourneyTime(Record, frozen=True, kw_only=True):
    """How long a journey takes."""

    shorthand: ClassVar[str] = "actual"
    target: Annotated[Duration | None, "How long it should take."] = None
    actual: Annotated[Duration | None, "How long it takes."] = None


class Journey(Entity, frozen=True, kw_only=True):
    """A customer's way through touchpoints."""

    kind: ClassVar[str] = "journeys"
    segments: Annotated[tuple[SegmentRef, ...] | None, "Who takes it."] = None
    stage: Annotated[str | None, "Stage of the customer's life."] = None
    steps: Annotated[tuple[Step, ...] | None, "Touchpoints in order, or transitions."] = None
    duration: Annotated[JourneyTime | None, "How long it takes, and should take."] = None
    volume: Annotated[Rate | None, "How many customers take it."] = None
    metrics: Annotated[tuple[MetricRef, ...] | None, "Metrics it is measured by."] = None
    highest_impact: Annotated[bool | None, "Whether it is among the journeys that matter most."] = None


class TaskChannel(Record, frozen=True, kw_only=True):
    """How a channel supports a task."""

    shorthand: ClassVar[str] = "channel"
    channel: Annotated[ChannelRef | None, "Which channel."] = None
    support: Annotated[Literal["none", "info", "partial", "full"] | None, "How far it gets the customer."] = None
    completion: Annotated[Share | None, "Share of attempts completed."] = None
    duration: Annotated[Duration | None, "Time it takes."] = None
    csat: Annotated[Share | None, "Satisfied customers."] = None
    resolution: Annotated[Share | None, "Resolved at once."] = None
    knowledge: Annotated[StoreRef | None, "The knowledge base it answers from."] = None


class Task(Entity, frozen=True, kw_only=True):
    """What a customer wants done."""

    kind: ClassVar[str] = "tasks"
    segments: Annotated[tuple[SegmentRef, ...] | None, "Who wants it."] = None
    volume: Annotated[Rate | None, "How often."] = None
    channels: Annotated[tuple[TaskChannel, ...] | None, "How each channel supports it."] = None


class Promise(Entity, frozen=True, kw_only=True):
    """Something promised to a customer."""

    kind: ClassVar[str] = "promises"
    made_at: Annotated[tuple[AnyRef, ...] | None, "Where it is made."] = None
    what: Annotated[Text | None, "What is promised."] = None
    within: Annotated[Duration | None, "By when."] = None
    recorded_in: Annotated[StoreRef | None, "Where it is recorded."] = None
    kept_by: Annotated[tuple[Annotated[str, Ref(("communications", "actions"))], ...] | None, "What keeps it."] = None
    monitored_by: Annotated[tuple[AnyRef, ...] | None, "What watches that it is kept."] = None


class ServiceLevel(Record, frozen=True, kw_only=True):
    """A service level: so many answered within so long."""

    share: Annotated[Share | None, "Share of contacts."] = None
    within: Annotated[Duration | None, "Answered within."] = None


class AgentPool(Entity, frozen=True, kw_only=True):
    """A pool of people who answer customers."""

    kind: ClassVar[str] = "agent_pools"
    team: Annotated[TeamRef | None, "The team."] = None
    channels: Annotated[tuple[ChannelRef, ...] | None, "Channels it serves."] = None
    arrivals: Annotated[Rate | None, "Contacts in the peak interval, for example `414/30m`."] = None
    handle_time: Annotated[Duration | None, "Average handling time."] = None
    agents: Annotated[Number | None, "Agents scheduled."] = None
    shrinkage: Annotated[Share | None, "Share of paid time not available; default 0."] = None
    concurrency: Annotated[Number | None, "Contacts an agent handles at once; default 1."] = None
    target: Annotated[ServiceLevel | None, "Service level aimed at; default 80 % in 20 s."] = None
    patience: Annotated[Duration | None, "Mean time until a customer gives up."] = None
    hours: Annotated[str | None, "When it works."] = None
    desktops: Annotated[tuple[PlatformRef, ...] | None, "Systems its agents use."] = None
    reads: Annotated[tuple[StoreRef, ...] | None, "Stores its agents can read."] = None


class RoutingRule(Entity, frozen=True, kw_only=True):
    """Where a signal or an error goes."""

    kind: ClassVar[str] = "routing_rules"
    on: Annotated[tuple[str, ...] | None, "Ids or kinds of signals or errors."] = None
    when: Annotated[
        Mapping[str, tuple[str, ...]] | None, "Conditions: topic, severity, segment, channel, hours; absent = any."
    ] = None
    to: Annotated[Annotated[str, Ref(("teams", "agent_pools"))] | None, "Who gets it."] = None
    priority: Annotated[int | None, "Lower numbers are tried first."] = None
    within: Annotated[Duration | None, "How fast."] = None


class Detection(Record, frozen=True, kw_only=True):
    """How an error is found."""

    shorthand: ClassVar[str] = "where"
    where: Annotated[AnyRef | None, "Where it is found."] = None
    kind_: Annotated[Literal["internal", "customer", "third_party"] | None, "Who finds it."] = None
    share: Annotated[Share | None, "Share found there."] = None


class ErrorType(Entity, frozen=True, kw_only=True):
    """A kind of error in communications."""

    kind: ClassVar[str] = "error_types"
    class_: Annotated[
        Literal[
            "identity", "contact_data", "content", "calculation", "misdelivery", "non_delivery", "timing", "consent",
            "duplicate",
        ]
        | None,
        "What sort of error it is.",
    ] = None  # fmt: skip
    severity: Annotated[Literal["minor", "moderate", "major", "critical"] | None, "How bad it is."] = None
    detected_by: Annotated[tuple[Detection, ...] | None, "How it is found."] = None
    volume: Annotated[Rate | None, "How many happen."] = None
    needs_attributes: Annotated[tuple[AttributeId, ...] | None, "What must be known to resolve it."] = None
    recorded_in: Annotated[StoreRef | None, "Where it is recorded."] = None
    resolvable_by: Annotated[tuple[TeamRef, ...] | None, "Who can resolve it."] = None
    escalates_via: Annotated[Annotated[str, Ref(("escalations",))] | None, "The escalation ladder it takes."] = None
    caused_by: Annotated[tuple[AnyRef, ...] | None, "What causes it."] = None
    statutory_deadline: Annotated[Duration | None, "Time the law allows."] = None


class Level(Record, frozen=True, kw_only=True):
    """One level of an escalation."""

    shorthand: ClassVar[str] = "team"
    team: Annotated[Annotated[str, Ref(("teams", "escalations"))] | None, "Who has it; or another escalation."] = None
    authority: Annotated[tuple[str, ...] | None, "What this level may decide."] = None
    within: Annotated[Duration | None, "Time before it moves on."] = None
    hours: Annotated[str | None, "When this level works."] = None


class Escalation(Entity, frozen=True, kw_only=True):
    """A ladder for what the front line cannot solve."""

    kind: ClassVar[str] = "escalations"
    levels: Annotated[tuple[Level, ...] | None, "Levels in order."] = None
    accountable: Annotated[TeamRef | None, "Who answers in the end."] = None
