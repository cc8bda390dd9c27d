"""Plain data to YAML that the reader of this room reads back to the same data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def to_yaml(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """Block style, keys in the given order, texts quoted where YAML 1.1 or 1.2 could read them otherwise."""
    import yaml

    return yaml.safe_dump(_plain(data), sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple, frozenset, set)):
        return [_plain(value) for value in (sorted(data) if isinstance(data, (set, frozenset)) else data)]
    return data
