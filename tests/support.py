"""Inventories from text, for tests."""

from __future__ import annotations

import textwrap

from cx_map.load.assemble import assemble
from cx_map.load.build import build
from cx_map.model.inventory import Inventory
from cx_map.model.source import SourceFile


def inventory_of(*texts: str, **named: str) -> Inventory:
    """An inventory from YAML texts (without `cxmap: 1`); raises InventoryError like a file would."""
    files = {f"file{number}.cxmap.yaml": text for number, text in enumerate(texts, start=1)}
    files.update({name.replace("_", "-") + ".cxmap.yaml": text for name, text in named.items()})
    sources = tuple(
        SourceFile(name, b"cxmap: 1\n" + textwrap.dedent(text).lstrip("\n").encode())
        for name, text in sorted(files.items())
    )
    raw, problems, whole = assemble(sources)
    return build(raw, problems, whole=whole)
