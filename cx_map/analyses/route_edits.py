"""Routes as they are written in an inventory, for roadmap operators that change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cx_map.model.chapter_map import Communication, Hop, Route
from cx_map.model.routes import routes_of
from cx_map.model.values import Share


def written_hops(hops: tuple[Hop, ...] | None, swaps: Mapping[str, str] | None = None) -> list[object]:
    """Platforms in order as written; ``swaps`` puts one id for another."""
    found: list[object] = []
    for hop in hops or ():
        names = [(swaps or {}).get(name, name) for name in hop.any_of or ()]
        found.append(names[0] if len(names) == 1 else {"any_of": names})
    return found


def written_route(route: Route, swaps: Mapping[str, str] | None = None) -> dict[str, object]:
    """A route as a mapping of what it states."""
    written: dict[str, object] = {"id": route.id, "channel": route.channel}
    if route.platforms is not None:
        written["platforms"] = written_hops(route.platforms, swaps)
    written["share"] = _written_share(route.share) if route.share is not None else None
    written["fallback_for"] = route.fallback_for
    written["when"] = str(route.when) if route.when is not None else None
    written["governed_by"] = list(route.governed_by) if route.governed_by is not None else None
    return {key: value for key, value in written.items() if value is not None}


def _written_share(share: Share) -> object:
    """A share with its range and basis, where it has them: a fix must not make it surer than it is."""
    said = {"value": share.value, "low": share.low, "high": share.high, "basis": share.basis, "as_of": share.as_of}
    known = {key: value for key, value in said.items() if value is not None}
    return share.value if len(known) == 1 else known


def with_routes(communication: Communication, routes: Sequence[object]) -> Mapping[str, object]:
    """The operator that gives a communication these routes; it replaces the short form, too."""
    return {"change": {communication.id: {"routes": routes}}}


def with_shares(communication: Communication, shares: Mapping[str, float]) -> Mapping[str, object]:
    """The operator that gives routes (by id) new shares; a fallback that gets some becomes an ordinary route."""
    written = []
    for route in routes_of(communication) or ():
        one = written_route(route)
        share = shares.get(route.id or "", 0.0)
        if share > 0:
            one.pop("fallback_for", None)
        if "fallback_for" in one:
            one.pop("share", None)
        else:
            one["share"] = share
        written.append(one)
    return with_routes(communication, written)
