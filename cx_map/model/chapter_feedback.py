"""Chapter 3, feedback: signals, insights, actions, declared loops and metrics."""

from typing import Annotated, ClassVar, Literal

from cx_map.model.chapter_map import DataKind
from cx_map.model.entity import (
    AnyRef,
    CollectionPointRef,
    CommunicationRef,
    Entity,
    MetricRef,
    SegmentRef,
    SignalRef,
    StoreRef,
    TeamRef,
)
from cx_map.model.fields import Record, Ref
from cx_map.model.values import Duration, Latency, Number, Rate, Text


class Signal(Entity, frozen=True, kw_only=True):
    """What customers tell or show."""

    kind: ClassVar[str] = "signals"
    kind_: Annotated[
        Literal["survey", "complaint", "contact", "behavioural", "operational", "social", "review", "employee"] | None,
        "What sort of signal it is.",
    ] = None
    from_: Annotated[CollectionPointRef | None, "The collection point it comes from."] = None
    about: Annotated[
        tuple[AnyRef, ...] | None, "What it is about: touchpoints, products, communications, journeys."
    ] = None
    segments: Annotated[tuple[SegmentRef, ...] | None, "Who gives it."] = None
    volume: Annotated[Rate | None, "How many arrive."] = None
    identity: Annotated[Literal["known", "pseudonymous", "anonymous"] | None, "Whether the customer is known."] = None
    captured_in: Annotated[tuple[StoreRef, ...] | None, "Where it is kept."] = None
    latency: Annotated[Latency | None, "From the customer to the store."] = None
    solicited: Annotated[bool | None, "Whether the firm asked for it."] = None
    score: Annotated[
        Literal["detractor", "passive", "promoter", "mixed"] | None, "How satisfied these customers are."
    ] = None


class Delivery(Record, frozen=True, kw_only=True):
    """A team that gets an insight."""

    shorthand: ClassVar[str] = "team"
    team: Annotated[TeamRef | None, "Which team."] = None
    via: Annotated[str | None, "By what means."] = None
    latency: Annotated[Latency | None, "How long until the team has it."] = None


class Insight(Entity, frozen=True, kw_only=True):
    """A dashboard, report or model."""

    kind: ClassVar[str] = "insights"
    inputs: Annotated[tuple[StoreRef, ...] | None, "Stores it reads."] = None
    data_kinds: Annotated[tuple[DataKind, ...] | None, "Kinds of data it joins."] = None
    method: Annotated[Literal["manual", "text", "speech", "behavioural", "statistical"] | None, "How it analyses."] = (
        None
    )
    every: Annotated[Duration | None, "How often it is made."] = None
    delivered_to: Annotated[tuple[Delivery, ...] | None, "Teams that get it; an item may give via and latency."] = None
    metrics: Annotated[tuple[MetricRef, ...] | None, "Metrics it shows."] = None
    used_for: Annotated[str | None, "What it is used for; `compliance` marks a report that needs no action."] = None


class Action(Entity, frozen=True, kw_only=True):
    """Something a team does because of an insight."""

    kind: ClassVar[str] = "actions"
    team: Annotated[TeamRef | None, "Who acts."] = None
    kind_: Annotated[
        Literal["reply", "fix", "workflow", "policy", "initiative", "offer"] | None, "What sort of action it is."
    ] = None
    mode: Annotated[Literal["manual", "assisted", "automated"] | None, "How it is set off."] = None
    triggered_by: Annotated[tuple[Annotated[str, Ref(("insights", "teams"))], ...] | None, "What sets it off."] = None
    changes: Annotated[tuple[AnyRef, ...] | None, "Entities it changes."] = None
    informs: Annotated[tuple[CommunicationRef, ...] | None, "Communications it sends."] = None
    tracked_in: Annotated[StoreRef | None, "Where progress is tracked."] = None
    within: Annotated[Duration | None, "How long it takes, at most."] = None


class Stages(Record, frozen=True, kw_only=True):
    """The stages of a declared loop; each names one or several entities."""

    capture: Annotated[tuple[AnyRef, ...] | None, "Where the signal is kept."] = None
    analyse: Annotated[tuple[AnyRef, ...] | None, "What makes sense of it."] = None
    own: Annotated[tuple[AnyRef, ...] | None, "Who takes it on."] = None
    act: Annotated[tuple[AnyRef, ...] | None, "What is done."] = None
    inform: Annotated[tuple[AnyRef, ...] | None, "What tells the customer."] = None
    verify: Annotated[tuple[AnyRef, ...] | None, "What shows that it helped."] = None


class LoopTime(Record, frozen=True, kw_only=True):
    """Time allowed for a loop: in total, or by stage."""

    shorthand: ClassVar[str] = "total"
    total: Annotated[Duration | None, "From the signal to the answer, at most."] = None
    capture: Annotated[Duration | None, "Until captured."] = None
    analyse: Annotated[Duration | None, "Until analysed."] = None
    own: Annotated[Duration | None, "Until owned."] = None
    act: Annotated[Duration | None, "Until acted upon."] = None
    inform: Annotated[Duration | None, "Until the customer is told."] = None
    verify: Annotated[Duration | None, "Until verified."] = None


class FeedbackLoop(Entity, frozen=True, kw_only=True):
    """A loop that the firm says it runs."""

    kind: ClassVar[str] = "feedback_loops"
    kind_: Annotated[
        Literal["inner", "outer", "incident"] | None, "Answer one customer, remove a cause, or handle an incident."
    ] = None
    signal: Annotated[SignalRef | None, "The signal it starts from."] = None
    segments: Annotated[tuple[SegmentRef, ...] | None, "Whose signals; default: the signal's."] = None
    stages: Annotated[Stages | None, "Who and what stands at each stage."] = None
    within: Annotated[LoopTime | None, "Time allowed, in total or by stage."] = None
    by_design: Annotated[Literal["none"] | None, "`none`: this signal needs no loop; give a reason."] = None
    reason: Annotated[Text | None, "Why no loop is needed."] = None


class Metric(Entity, frozen=True, kw_only=True):
    """A measure of experience or operation."""

    kind: ClassVar[str] = "metrics"
    kind_: Annotated[
        Literal[
            "nps", "csat", "ces", "trust", "completion", "digital_take_up", "cost_per_transaction", "fcr", "response_rate",
            "delivery_rate", "custom",
        ]
        | None,
        "What sort of metric it is.",
    ] = None  # fmt: skip
    scale: Annotated[str | None, "Its scale, for example `0-10`."] = None
    formula: Annotated[str | None, "How it is computed."] = None
    target: Annotated[Number | None, "Target value."] = None
    value: Annotated[Number | None, "Last value."] = None
    n: Annotated[Number | None, "Number of answers behind the value."] = None
    collected_at: Annotated[tuple[CollectionPointRef, ...] | None, "Where it is collected."] = None
    about: Annotated[tuple[AnyRef, ...] | None, "What it measures."] = None
    team: Annotated[TeamRef | None, "Who uses it."] = None
    every: Annotated[Duration | None, "How often it is collected."] = None
