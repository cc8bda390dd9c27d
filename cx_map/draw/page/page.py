"""The states of an inventory to one HTML file that works offline and loads nothing.

Scripts and styles are inlined with their hashes in a content security policy that forbids everything else; the
data are JSON in blocks that are never run. User text reaches the page through ``textContent`` alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from cx_map.draw.page.gather import gather
from cx_map.draw.page.heats import Heats
from cx_map.draw.page.moment import Moment
from cx_map.draw.page.phrases import phrases_of
from cx_map.draw.page.squeeze import squeezed
from cx_map.draw.page.story import Story, story_data
from cx_map.draw.page.style import colours
from cx_map.draw.page.views import VIEWS
from cx_map.draw.text import clean
from cx_map.draw.words import words_in

SCRIPTS = (
    "base.js", "model.js", "graph.js", "state.js", "camera.js", "look.js", "draw_svg.js", "draw_canvas.js", "stage.js",
    "panel.js", "findings.js", "details.js", "notes.js", "roadmap.js", "story.js", "keys.js", "print.js", "main.js",
)  # fmt: skip
"""The parts of the script, in the order in which they are joined; ``reload.js`` comes last where it is asked for."""
_AT_ONCE = 400
"""Entities up to which the lines are in the first picture (as many as the script draws as SVG)."""
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Start:
    """What a page opens with: a view, a position in its states, and a perspective (none where empty)."""

    view: str = "layers"
    state: int = 0
    perspective: str = ""


START = Start()


def to_html(
    moments: Sequence[Moment],
    heats: Sequence[Heats] = (),
    *,
    language: str = "en",
    as_of: str | None = None,
    start: Start = START,
    story: Story | None = None,
    reload: str | None = None,
) -> str:
    """The page for some states of an inventory (see :func:`cx_map.draw.page.moment.moments_of`).

    ``heats`` are the perspectives to choose from, ``start`` is what it opens with. ``reload`` is the address, on the server
    that hands the page out, of a stream of events: the page then reloads itself when one comes, and may connect there
    and nowhere else. The same input gives the same bytes.
    """
    gathered = gather(moments, heats, language=language, as_of=as_of)
    words = words_in(language)
    script = _script(live=reload is not None)
    style = colours(gathered.kinds) + _style()
    opening: dict[str, object] = {"view": start.view, "state": start.state, "perspective": start.perspective}
    if reload is not None:
        opening["reload"] = reload
    blocks: dict[str, object] = {"start": opening, "phrases": phrases_of(script, words), **gathered.blocks}
    if story is not None:
        blocks["story"] = story_data(story)
    # A browser draws the map before it has read what is looked up on demand.
    on_demand = [f"wires-{start.view}"] if len(gathered.ids) > _AT_ONCE else []
    on_demand += [f"{part}-{name}" for name in VIEWS if name != start.view for part in ("view", "wires")]
    on_demand += ["details", "proofs"]
    title = gathered.title or words("Communications map")
    without = words(
        "This page needs JavaScript, which your browser has switched off. The map is also there as SVG and PDF."
    )
    direction = ' dir="rtl"' if language.partition("-")[0] in _RIGHT_TO_LEFT else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{_escape(clean(language, 35))}"{direction}>',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script, style, live=reload is not None)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        '<link rel="icon" href="data:,">',
        f"<title>{_escape(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        f'<noscript><p class="no-script">{_escape(without)}</p></noscript>',
        '<div id="app"></div>',
        *(_block(name, data) for name, data in blocks.items() if name not in on_demand),
        f"<script>{script}</script>",
        *(_block(name, blocks[name]) for name in on_demand),
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


def code_size() -> int:
    """Bytes of script and style in every page, the colours of its kinds not counted."""
    return len((_script(live=False) + _style()).encode())


@lru_cache(maxsize=2)
def _script(*, live: bool) -> str:
    parts = [squeezed(_text(f"js/{name}")) for name in (*SCRIPTS, *(["reload.js"] if live else []))]
    return '(() => {\n"use strict";\n' + "".join(parts) + "if(location.hash)whenWhole(start);else start();\n})();\n"


def _style() -> str:
    return _text("page.css").replace(";}", "}").replace("\n", "")


@lru_cache(maxsize=32)
def _text(name: str) -> str:
    return files("cx_map.draw.page").joinpath(name).read_text("utf-8")


def _policy(script: str, style: str, *, live: bool) -> str:
    allowed = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "img-src": "data: blob:",
        "connect-src": "'self'" if live else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _block(name: str, data: object) -> str:
    return f'<script type="application/json" id="{name}">{_json(data)}</script>'


def _json(data: object) -> str:
    """JSON that cannot end its script element, open a comment in it, or break a line where JavaScript would."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return _LONE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _plain(value: object) -> object:
    """Frozen mappings and sets of computed fixes as plain ones."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in a page")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
