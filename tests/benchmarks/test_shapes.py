"""The shapes that benchmarks are run on are inventories, so that a benchmark measures an audit and not an error."""

from __future__ import annotations

import pytest

from cx_map.audit.engine import audit
from tests.benchmarks.shapes import SHAPES, text_of
from tests.support import inventory_of


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_can_be_audited(shape: str) -> None:
    inventory = inventory_of(text_of(SHAPES[shape](60)).removeprefix("cxmap: 1\n"))
    assert inventory.size > 30
    assert audit(inventory).findings
