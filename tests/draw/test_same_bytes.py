"""Every view in every format is the same bytes whatever the seed of hashes and the order of files and of entities."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

INVENTORY = Path(__file__).parents[2] / "inventories" / "nordvik-bank"

_DRAW = """
import hashlib, sys
from cx_map.audit.engine import audit
from cx_map.draw.layouts.sheet import layout_sheet
from cx_map.draw.scenes.heat import heat_scene
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.draw.views import VIEWS, map_of, sheet_of
from cx_map.draw.writers.dot import to_dot, to_dot_web
from cx_map.draw.writers.drawio import to_drawio
from cx_map.draw.writers.drawio_sheet import sheet_to_drawio
from cx_map.draw.writers.graphml import to_graphml
from cx_map.draw.writers.json_form import to_json
from cx_map.draw.writers.json_sheet import sheet_to_json
from cx_map.draw.writers.mermaid import to_mermaid
from cx_map.draw.writers.paper import choose_paper
from cx_map.draw.writers.pdf import to_pdf
from cx_map.draw.writers.pptx import to_pptx
from cx_map.draw.writers.svg import to_svg
from cx_map.states.open import open_state

inventory = open_state(*sys.argv[1:])
report = audit(inventory)
for name, view in VIEWS.items():
    if view.is_map:
        scene = heat_scene(inventory, report, by="severity") if name == "heat" else scene_of(inventory, report)
        layout = map_of(scene, name)
        texts = [to_drawio(scene, layout), to_graphml(scene, layout), to_json(scene, layout), to_mermaid(scene)]
        texts.append(to_dot_web(scene, layout) if name == "web" else to_dot(scene))
    else:
        sheet = sheet_of(name, inventory, report)
        layout = layout_sheet(sheet)
        texts = [sheet_to_drawio(sheet, layout), sheet_to_json(sheet, layout)]
    fit = choose_paper(layout, None)
    drawn = [text.encode() for text in (*texts, to_svg(layout))] + [to_pdf(layout, fit).content, to_pptx(layout, fit)]
    print(name, *(hashlib.sha256(one).hexdigest() for one in drawn))
"""


def drawn(seed: str, *paths: Path) -> dict[str, list[str]]:
    """The digest of each format of each view, drawn in a process of its own. PNG is made of the SVG alone."""
    done = subprocess.run(
        [sys.executable, "-c", _DRAW, *map(str, paths)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}


def test_two_hash_seeds_and_two_orders_of_files(tmp_path: Path) -> None:
    first = drawn("1", INVENTORY)
    assert len(first) == 8
    assert all(len(set(digests)) == len(digests) >= 5 for digests in first.values())
    folder = tmp_path / "bank"
    folder.mkdir()
    files = sorted(INVENTORY.glob("*.cxmap.yaml"))
    # Files are read in the order of their names: other names, another order.
    for number, file in enumerate(reversed(files)):
        shutil.copy(file, folder / f"{number:02d}.cxmap.yaml")
    assert drawn("2", folder) == first
