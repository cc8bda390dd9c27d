from __future__ import annotations

from cx_map.analyses.broken_routes import dead_causes, replacements
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Production, production
from tests.support import inventory_of


def graph_of(text: str) -> Production:
    return production(Ecosystem(inventory_of(text)))


def test_causes_are_what_is_not_in_use_however_deep() -> None:
    graph = graph_of("""
    data_sources: {gone: {status: retired}, there: {}}
    platforms: {a: {needs: [b, there]}, b: {needs: [{any_of: [gone, planned]}]}, planned: {status: proposed}}
    communications: {c: {needs: [], channels: [email], platforms: [a]}}
    """)
    assert dead_causes(graph, graph.communications["c"].node) == ("gone", "planned")


def test_causes_are_found_behind_a_circle() -> None:
    graph = graph_of("""
    data_sources: {gone: {status: retired}}
    platforms: {a: {needs: [b]}, b: {needs: [a, gone]}}
    communications: {c: {channels: [email], platforms: [a]}}
    """)
    assert dead_causes(graph, graph.communications["c"].node) == ("gone",)


def test_the_nearest_platform_that_can_do_the_same() -> None:
    text = """
    lines_of_business: {retail: {}}
    platforms:
      old: {status: retired, capabilities: [compose]}
      wide: {capabilities: [compose, print]}
      near: {capabilities: [compose, print, archive], serves: [retail]}
      other: {capabilities: [print]}
    communications: {c: {line_of_business: %s, channels: [letter], platforms: [old]}}
    """
    for line, expected in (("retail", "near"), ("unknown", "wide")):
        graph = graph_of(text % line)
        produced = graph.communications["c"]
        assert produced.routes is not None
        assert replacements(graph, produced.communication, produced.routes[0]) == {"old": expected}
    bare = graph_of((text % "retail").replace("capabilities: [compose]}", "capabilities: [crm]}"))
    produced = bare.communications["c"]
    assert produced.routes is not None
    assert replacements(bare, produced.communication, produced.routes[0]) is None
