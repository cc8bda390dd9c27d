from __future__ import annotations

import pytest

from cx_map.audit import engine, last_use
from cx_map.audit.registry import all_rules
from cx_map.graph.ecosystem import Ecosystem
from cx_map.report.json_form import report_text
from tests.inventories.random_firms import firm, inventory_from


def test_letting_go_changes_nothing_and_computes_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[object] = []
    once = Ecosystem.once

    def counted(self, function):  # type: ignore[no-untyped-def]  # wraps a generic method
        if function not in self._results:
            computed.append((id(self), function))
        return once(self, function)

    inventories = [inventory_from(firm(seed)) for seed in range(12)]
    kept = [report_text(engine.audit(one)) for one in inventories]
    monkeypatch.setattr(engine, "LARGE", 0)
    monkeypatch.setattr(Ecosystem, "once", counted)
    for inventory, expected in zip(inventories, kept, strict=True):
        computed.clear()
        assert report_text(engine.audit(inventory)) == expected
        again = {one for one in computed if computed.count(one) > 1}
        assert not again, "some rule asks for it by an import inside a function"


def test_results_are_let_go_after_their_last_rule() -> None:
    rules = all_rules()
    uses = last_use.last_uses(rules)
    place = {rule.code: number for number, rule in enumerate(rules)}
    assert place["SILO105"] <= uses["cx_map.graph.production"] < len(rules)
    assert uses["cx_map.analyses.latency"] == place["BOT107"]
    eco = Ecosystem(inventory_from(firm(1)))
    from cx_map.analyses.supply_times import supply_of

    eco.once(supply_of)
    last_use.let_go(eco, uses, place["BOT107"] - 1)
    assert supply_of in eco._results
    last_use.let_go(eco, uses, place["BOT107"])
    assert supply_of not in eco._results
