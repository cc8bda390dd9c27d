"""Text on a map: hostile input made safe to show, measured, and cut to a width.

Widths are the wider of regular and bold in Liberation Sans (metrically Arial and Helvetica), in thousandths of
the font size, so a label measured here fits in either weight with a little to spare for a fallback font.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

ELLIPSIS = "…"
LABEL_LIMIT = 400
TOOLTIP_LIMIT = 300
_SLACK = 1.04

_GROUPS: dict[int, str] = {
    238: "'",
    276: "ijlΙΪІЇϊіїјłı‘’,./I\\· ",
    280: "|",
    333: "!()-:;[]`ft",
    350: "•",
    389: "*r{}",
    400: "°",
    417: "гѓ",
    446: "τξ",
    460: "ζέ",
    474: '"',
    490: "тзε",
    500: "zкќ“”„",
    520: "ς",
    549: "≥≤±θ",
    552: "эєв",
    556: "#$0123456789J_aceksvxyγλνЈаесухѐёѕў–€£¥§«»κ",
    584: "+<=>^~×−χчяЃГΓΰυϋύ",
    611: "?FLTZbdghnopquΖΤήηοόТорђћŁøßđŋþнпџσδβЌКμ",
    622: "άαйцьѝбρЎУ",
    644: "ΞЗдлъ",
    669: "EPSVXYΕΛΡΥΧΫЀЁЅЕРХÞ",
    711: "ЄЭДЛЧжφ",
    722: "&ABCDHKNRUΑΒΗΚΝΠЍАВНСĐΔЏБИЙПЬЯЦ",
    766: "©®мψπ",
    778: "GOQwΘΟОØ",
    833: "MΜМшΩΨΦ",
    875: "щωώФыюЪЋф",
    889: "%mæЂ",
    944: "WœЖњ",
    1000: "@ÆŒ—…→←™љЫ",
    1115: "№ШЩЮЊЉ",
}
_WIDTHS: dict[str, int] = {char: width for width, chars in _GROUPS.items() for char in chars}

# Embedding, override and isolate controls can make a name read as another one; plain LRM, RLM and ALM stay.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef\u2028\u2029]")
_SPACES = re.compile("[\t\n\r ]+")


def count_of(number: int, word: str) -> str:
    """A number with its noun: ``1 flow``, ``2 flows``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def clean(text: str, limit: int = LABEL_LIMIT) -> str:
    """One line of showable text of at most ``limit`` characters (an ellipsis included when it was longer).

    Control characters become their visible pictures, lone surrogates and noncharacters U+FFFD, line breaks a
    space; directional overrides are removed. Cost is bounded by ``limit``, not by the text.
    """
    part = _SPACES.sub(" ", _visible(text[: 2 * limit])).strip(" ")
    if len(part) > limit or len(text) > 2 * limit:
        return _cut(part, limit - 1) + ELLIPSIS
    return part


def clean_lines(text: str, limit: int = TOOLTIP_LIMIT) -> str:
    """As :func:`clean`, but line breaks stay: for tooltips."""
    part = _visible(text[: 2 * limit].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()
    if len(part) > limit or len(text) > 2 * limit:
        return _cut(part, limit - 1) + ELLIPSIS
    return part


def width_of(text: str, size: float) -> float:
    """The width of a line of text set at ``size`` (same unit as the size)."""
    return sum(map(_char_width, text)) * size * _SLACK / 1000


def fit(text: str, width: float, size: float) -> str:
    """The text, or as much of it as fits ``width`` with an ellipsis; never splits a combined character.

    Returns ``""`` only for an empty text: the ellipsis itself is always kept.
    """
    budget = width * 1000 / (size * _SLACK)
    full, room = 0.0, 0
    dots = budget - _char_width(ELLIPSIS)
    for index, char in enumerate(text):
        full += _char_width(char)
        if full <= dots:
            room = index + 1
        if full > budget:
            return _cut(text, room) + ELLIPSIS
    return text


def wrap(text: str, width: float, size: float, lines: int = 2) -> tuple[str, ...]:
    """The text in at most ``lines`` lines of ``width``, broken at blanks where it has some; the last ends in an ellipsis.

    A word wider than a line (and any text in a script without blanks) is broken between characters.
    """
    found: list[str] = []
    rest = text
    while rest and len(found) + 1 < lines and width_of(rest, size) > width:
        head = _head(rest, width, size)
        if not head:
            break
        found.append(head)
        rest = rest[len(head) :].lstrip(" ")
    return (*found, fit(rest, width, size)) if rest or not found else tuple(found)


def _head(text: str, width: float, size: float) -> str:
    """The longest beginning that fits the width, up to a blank unless that leaves too little."""
    budget, used, end = width * 1000 / (size * _SLACK), 0, 0
    for index, char in enumerate(text):
        used += _char_width(char)
        if used > budget:
            break
        end = index + 1
    head = _cut(text, end)
    blank = text.rfind(" ", 0, len(head) + 1)
    return head[:blank].rstrip(" ") if blank > len(head) * 0.2 else head


@lru_cache(maxsize=8192)
def _char_width(char: str) -> int:
    known = _WIDTHS.get(char)
    if known is not None:
        return known
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1000 if category == "Lo" else 1250
    if ord(char) >= 0x1F000 or category == "So":
        return 1250
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and base in _WIDTHS:
        return _WIDTHS[base]
    return 800


def _visible(text: str) -> str:
    shown = _CONTROLS.sub(_picture, _BIDI.sub("", text))
    return shown if shown.isascii() else "".join(_few_marks(shown))


def _few_marks(text: str) -> Iterator[str]:
    """The text with at most four combining marks on a character: no script needs more, towers of them hide others."""
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= 4:
            yield char


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return " " if code in (0x2028, 0x2029, 0x85) else "\ufffd"


def _cut(text: str, length: int) -> str:
    """The first ``length`` characters at most, without leaving half of a combined character behind."""
    while 0 < length < len(text) and (_joins(text[length]) or text[length - 1] == "\u200d"):
        length -= 1
    return text[:length].rstrip(" ")


def _joins(char: str) -> bool:
    return char == "\u200d" or unicodedata.category(char) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= char <= "\U0001f3ff"
