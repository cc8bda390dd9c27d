from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_map.load.quantities import duration
from cx_map.model.values import duration_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.9, "59s"), (60, "1m"), (90, "90s"), (3600, "1h"), (5400, "90m"), (86400, "1d"), (90000, "25h")],
)
def test_a_duration_is_written_in_the_largest_unit_that_is_exact(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@given(st.integers(min_value=0, max_value=10**9))
def test_what_is_written_is_read_as_the_same(seconds: int) -> None:
    assert duration(duration_text(seconds)).seconds == seconds
