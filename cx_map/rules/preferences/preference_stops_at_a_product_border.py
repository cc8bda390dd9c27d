"""PREF101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import Bounds
from cx_map.analyses.customers import customer_base
from cx_map.analyses.operators import together
from cx_map.analyses.preference_reach import Honoured, Stop, blame, customers_of, honoured
from cx_map.analyses.preferences import UNNAMED, attribute_of, preferences
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.values import worst_basis
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, PathStep, Verdict, rule
from cx_map.rulekit.bounded import in_words, measures_of

STRICT = ("consent", "do_not_contact")


@rule(
    "PREF101",
    severity="major",
    unlock=("preferences.*.captured_at", "preferences.*.master", "communications.*.governed_by", "flows"),
)
def preference_stops_at_a_product_border(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A choice that customers made does not get to the platform that decides how they are contacted.

    ## Why it matters
    A customer who goes paperless on a card expects it of the mortgage, too. Where the preference is kept for one
    product or one engine, statements go on being printed, and a consent withdrawn here is ignored there.

    ## How it decides
    The products for which a preference is known are computed place by place, as the least fixpoint of what customers give (at
    the preference's `master`, its points of capture and the stores these write to) and of the flows that carry
    `preference.<id>`, each for its `products` and `segments` only. A communication governed by the preference breaks the rule
    when, for one of its products for which customers expect it to hold and one of its segments, the preference is not known
    at the platform that decides the channel: `channel_decided_at`, else the platform on the route that is said to enforce the
    preference, else the last platform before its channels part, the first of the route where they do not. Whether the
    deciding platform *enforces* it is the business of PREF104.

    Products that the law wants on paper (`paper_required`) are left out for preferences of channel and e-delivery.
    *Critical* for consent and do-not-contact, else *major*. The blame are the flows that drop the product or do not
    carry the preference on the cheapest way there: the fewest to widen or add. Customers are the share that chose it of
    those in the segments concerned: never more than hold the products in question (else than their lines of business
    have), nor than the segments asked for it. A store that says what it holds, and holds nothing of the preference,
    does not learn it from a form.

    ## Evidence it needs
    `governed_by` and routes (or `channel_decided_at`) of communications; `captured_at` or `master` of preferences; flows.
    Where products of a communication are not known and it depends on them, or where a flow with `carries: unknown` may
    bring the preference, it is not assessed.

    ## Example
    ```yaml
    products: {card: {}, mortgage: {}}
    segments: {owners: {customers: 40000, products: [card, mortgage]}}
    data_sources: {preference-file: {}}
    platforms: {card-engine: {}, loan-engine: {}}
    flows:
      - {from: preference-file, to: card-engine, via: api, carries: [preference.paperless], products: [card]}
      - {from: card-engine, to: loan-engine, via: file, carries: ["*"]}
    collection_points: {card-app: {segments: [owners], writes_to: [preference-file]}}
    preferences:
      paperless: {kind: e_delivery, captured_at: [card-app], master: preference-file, adoption: 30%}
    communications:
      loan-statement:  # PREF101
        products: [mortgage]
        segments: [owners]
        governed_by: [paperless]
        routes: [{channel: letter, platforms: [loan-engine]}]
    ```

    ## Mended
    ```yaml
    products: {card: {}, mortgage: {}}
    segments: {owners: {customers: 40000, products: [card, mortgage]}}
    data_sources: {preference-file: {}}
    platforms: {card-engine: {}, loan-engine: {}}
    flows:
      - {from: preference-file, to: card-engine, via: api, carries: [preference.paperless]}
      - {from: card-engine, to: loan-engine, via: file, carries: ["*"]}
    collection_points: {card-app: {segments: [owners], writes_to: [preference-file]}}
    preferences:
      paperless: {kind: e_delivery, captured_at: [card-app], master: preference-file, adoption: 30%}
    communications:
      loan-statement:
        products: [mortgage]
        segments: [owners]
        governed_by: [paperless]
        routes: [{channel: letter, platforms: [loan-engine]}]
    ```

    ## References
    Broadridge's assessment of communications ecosystems (a customer's preferences should hold across products);
    47 CFR 64.1200(a)(10), where a revocation is to reach unrelated messages, too (postponed to 31 January 2027).
    """
    for one in eco.once(honoured):
        if one.stops:
            yield _breach(eco, one)
        elif one.open is not None:
            yield NotAssessed(one.communication.id, one.open, (
                "communications.*.channel_decided_at", "communications.*.routes", "preferences.*.master",
                "preferences.*.captured_at", "communications.*.products", "flows.carries",
            ))  # fmt: skip
        else:
            yield Passed(one.communication.id)


def _breach(eco: Ecosystem, found: Honoured) -> Breach:
    communication = found.communication
    names = tuple(dict.fromkeys(stop.preference.id for stop in found.stops))
    strict = any(stop.preference.kind_ in STRICT for stop in found.stops)
    customers, items = _impact(eco, found)
    path: list[PathStep] = []
    evidence: list[tuple[str, str]] = []
    changes: list[Mapping[str, object]] = []
    repairs: dict[str, dict[str, None]] = {}
    forbidden = False
    for stop in found.stops:
        repair = blame(eco, stop)
        evidence.append((f"'{stop.preference.id}' at '{stop.decider}'", _state(eco, stop)))
        if repair is None:
            forbidden = True
            repairs[f"policy forbids every way of '{stop.preference.id}' to '{stop.decider}'"] = {}
            continue
        dropped = f"drops {attribute_of(stop.preference)}"
        path += [PathStep(link.source, dropped, link.target, link.flow) for link in repair.widened]
        if repair.new is not None:
            path.append(PathStep(repair.new[0], "no flow", repair.new[1]))
        repairs.setdefault(f"{attribute_of(stop.preference)}: ", {})[repair.summary] = None
        changes += [change for change in repair.changes if change not in changes]
    evidence.append(("customers whose choice is not respected", in_words(customers, "a month")))
    summary = "; ".join(about + "; ".join(some) for about, some in repairs.items())
    choices = _quoted(names)
    deciders = tuple(dict.fromkeys(stop.decider for stop in found.stops))
    return Breach(
        subject=communication,
        message=f"'{communication.id}' is governed by {choices}, which {_not_learned(found.stops, deciders)}",
        severity="critical" if strict else "major",
        label=f"{choices} {'does' if len(names) == 1 else 'do'} not get to {_quoted(deciders)}",
        related=names,
        evidence=tuple(evidence),
        path=tuple(path),
        measures={
            **measures_of(customers_per_month=customers, items_per_month=items),
            "regulated": communication.regulated or strict,
        },
        fix=Fix(summary, () if forbidden else together(changes)),
    )


def _not_learned(stops: Sequence[Stop], deciders: Sequence[str]) -> str:
    """Who does not learn it, and for which products; where these differ from stop to stop, the evidence says which."""
    every = len(stops) == len(deciders) * len({stop.preference.id for stop in stops})
    where = f"{_quoted(deciders)} {'does' if len(deciders) == 1 else 'do'} not {'' if every else 'all '}learn"
    if len({stop.products for stop in stops}) > 1:
        return f"{where} for some of its products"
    return where if UNNAMED in stops[0].products else f"{where} for {', '.join(stops[0].products)}"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _state(eco: Ecosystem, stop: Stop) -> str:
    """For which products it gets there, in words."""
    known = eco.once(preferences).known(stop.preference, stop.segments[0] if stop.segments else None)
    at = sorted(known.of(stop.decider) - {UNNAMED})
    lost = ", ".join(name for name in stop.products if name != UNNAMED)
    arrived = f"known for {', '.join(at)}" if at else "not known at all"
    return f"{arrived}; not for {lost}" if lost and at else arrived


def _both(one: Stop, other: Stop) -> Stop:
    """Two stops of one preference as one, for the customers concerned."""
    products = tuple(dict.fromkeys((*one.products, *other.products)))
    segments = tuple(dict.fromkeys((*one.segments, *other.segments))) if one.segments and other.segments else ()
    return replace(one, products=products, segments=segments)


def _impact(eco: Ecosystem, found: Honoured) -> tuple[Bounds, Bounds]:
    """Customers and items a month: of several preferences at least the largest, at most all together or whoever gets it.

    That a preference does not get to several platforms concerns the same customers.
    """
    stops: dict[str, Stop] = {}
    for stop in found.stops:
        before = stops.get(stop.preference.id)
        stops[stop.preference.id] = stop if before is None else _both(before, stop)
    each = [customers_of(eco, found.communication, stop) for stop in stops.values()]
    highs = [one.high for one in each if one.high is not None]
    low = max(one.low for one in each)
    everybody = eco.once(customer_base).union(found.communication.segments or ()).high
    caps = [*((sum(highs),) if len(highs) == len(each) else ()), *((everybody,) if everybody else ())]
    same = each[0] if len(each) == 1 else None
    customers = same or Bounds(low, None, min(caps, default=None), worst_basis(*(one.basis for one in each)))
    volume = volume_of(eco, found.communication)
    return customers, Bounds(0.0, None, volume.high, volume.basis)
