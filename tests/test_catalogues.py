"""The catalogues of the drawing's words: complete, well-formed, and gathered from everything that the code says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests import catalogues

CODE = catalogues.ROOT / "cx_map"


def _literals_given_to_words(path: Path) -> Iterator[tuple[str, ...]]:
    """First arguments of ``words``, ``noted`` and ``many`` anywhere, in f-strings too, which gathering cannot read."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.func if isinstance(node.func, ast.Call) else node.func  # words_in("uk")("...")
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        texts = tuple(one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
        if name == "many" and len(texts) > 1:
            yield texts[:2]
        elif texts and texts[0] and (name in ("words", "noted") or (name == "words_in" and called is not node.func)):
            yield texts[:1]


def test_no_text_that_the_drawing_says_is_missed() -> None:
    known = {text for key in catalogues.gathered() for text in key}
    missed = {
        (path.relative_to(CODE).as_posix(), text)
        for path in sorted((CODE / "draw").rglob("*.py"))
        for key in _literals_given_to_words(path)
        for text in key
        if text not in known
    }
    assert missed == set()
