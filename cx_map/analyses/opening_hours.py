"""Opening hours as people write them: `24x7`, `Mon-Fri 9am-5pm, Sat 9-13`, `lunes a viernes de 9 a 18 h`.

Days may be named in the languages of the shipped attributes, in full or abridged; what is not understood as a whole is not guessed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
ALWAYS = (1 << MINUTES_A_WEEK) - 1
"""Every minute of the week, as bits; bit 0 is Monday 00:00."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = """
    monday tuesday wednesday thursday friday saturday sunday
    mondays tuesdays wednesdays thursdays fridays saturdays sundays
    mo tu we th fr sa su
    mon tues weds thurs fri sat sun
    mon tue wed thur fri sat sun
    mo di mi do fr sa so
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    montags dienstags mittwochs donnerstags freitags samstags sonntags
    lun mar mer jeu ven sam dim
    lundi mardi mercredi jeudi vendredi samedi dimanche
    pn wt śr cz pt sob nd
    pon wto sr czw pia sb niedz
    poniedziałek wtorek środa czwartek piątek sobota niedziela
    poniedziałku wtorku środy czwartku piątku soboty niedzieli
    пн вт ср чт пт сб нд
    понеділок вівторок середа четвер п'ятниця субота неділя
    понеділка вівторка середи четверга п'ятниці суботи неділі
    понеділок вівторок середу четвер п'ятницю суботу неділю
    пн вт ср чт пт сб вс
    понедельник вторник среда четверг пятница суббота воскресенье
    понедельника вторника среды четверга пятницы субботы воскресенья
    понедельник вторник среду четверг пятницу субботу воскресенье
    lun mar mié jue vie sáb dom
    lunes martes miércoles jueves viernes sábado domingo
    lunes martes miércoles jueves viernes sábados domingos
    lun mar mer gio ven sab dom
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    seg ter qua qui sex sáb dom
    segunda terça quarta quinta sexta sábado domingo
    ma di wo do vr za zo
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
_DAY: dict[str, int] = {}
for _line in (" ".join(_DAYS), *_NAMES.strip().splitlines()):
    for _number, _name in enumerate(_line.split()):
        _DAY.setdefault(_name, _number)  # the first language to use an abbreviation has it: `do` is a Thursday
del _DAY["ma"]  # a Monday in Dutch, a Tuesday in Spanish

_WORDS = {
    "24x7": (0, 7), "7x24": (0, 7), "24/7": (0, 7), "24 x 7": (0, 7), "7/7": (0, 7), "always": (0, 7), "daily": (0, 7), "every day": (0, 7),
    "7 days": (0, 7), "weekday": (0, 5), "weekdays": (0, 5), "weekend": (5, 7), "weekends": (5, 7), "täglich": (0, 7),
    "werktags": (0, 5), "wochenende": (5, 7), "tous les jours": (0, 7), "week-end": (5, 7), "codziennie": (0, 7),
    "dni robocze": (0, 5), "щодня": (0, 7), "будні": (0, 5), "вихідні": (5, 7), "ежедневно": (0, 7), "будни": (0, 5),
    "выходные": (5, 7), "todos los días": (0, 7), "diario": (0, 7), "laborables": (0, 5), "fin de semana": (5, 7),
    "tutti i giorni": (0, 7), "dagelijks": (0, 7), "todos os dias": (0, 7),
    "l-v": (0, 5), "l-s": (0, 6), "l-d": (0, 7), "m-f": (0, 5),
}  # fmt: skip
_WHOLE_DAY = (
    "24h", "24 h", "24 hours", "round the clock", "rund um die uhr", "24 stunden", "24 heures", "24 horas", "24 godziny", "całodobowo",
    "цілодобово", "круглосуточно", "24 ore", "24 uur",
)  # fmt: skip
_SAYS = {
    "to": "- to till until through thru bis à au a al às até do до по tot t/m alle",
    "and": ", & and und et i і та и y e en plus",
    "nothing": "de del du des von vom od from le les los el la dal dalle das z з із с со van uhr h hrs hours godz год ч ore uur",
}
_ROLE = {word: role for role, words in _SAYS.items() for word in words.split()}
"""Words between days and times, in the languages of the days."""


class _Token(NamedTuple):
    """A piece of a text: days, the whole day, a time (minutes, and whether it said am or pm), `to` or `and`."""

    kind: Literal["days", "whole", "time", "to", "and"]
    days: tuple[int, ...] = ()
    minute: int = 0
    half: str = ""


_BUSINESS = (
    "business", "business hours", "office hours", "working hours", "geschäftszeiten", "geschäftszeit", "bürozeiten", "godziny pracy",
    "heures ouvrables", "heures d'ouverture", "horario laboral", "horario de oficina", "робочий час", "рабочее время",
)  # fmt: skip
"""What stands for the business hours of the organization."""
_OUTSIDE = (
    "out of hours", "after hours", "outside hours", "out of business hours", "outside business hours", "outside office hours",
    "außerhalb der geschäftszeiten", "poza godzinami pracy", "неробочий час", "fuera de horario",
)  # fmt: skip


def minutes_of(text: str, business: str | None = None) -> int | None:
    """The open minutes of a week as bits, or None where the text is not understood.

    ``business`` are the hours that words such as `business hours` and `out of hours` speak of; without them they are not understood.

    Days and spans of time stand in any number and either order, parts apart by semicolons: times are of the days before
    them (`mon-fri 8-12, 13-17`), or of those behind them where a part begins with times (`9-17 mon-fri`); times alone are of
    every day, days alone all day. A span that ends at or before its start goes on into the next day.
    """
    plain = " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if plain in _BUSINESS or plain in _OUTSIDE:
        firm = minutes_of(business) if business is not None else None
        return firm if firm is None or plain in _BUSINESS else (ALWAYS & ~firm) or None
    total = 0
    for part in re.sub("[‐-―−]", "-", text.casefold().replace("’", "'")).split(";"):
        tokens = _tokens(part)
        found = _open(tokens) if tokens else None
        if found is None:
            return None
        total |= found
    return total


@functools.cache
def _token_pattern() -> re.Pattern[str]:
    """One piece of a text, with the blanks around it; compiled when hours are first read."""
    phrases = "|".join(re.escape(one) for one in sorted((*_WORDS, *_WHOLE_DAY), key=lambda one: (-len(one), one)))
    return re.compile(
        rf"\s*(?:(?P<phrase>{phrases})(?!\w)|(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d{{2}})|(?P<joined>\d{{2}}))?(?!\d)"
        rf"\s*(?P<half>[ap]\.?m\b\.?)?|(?P<word>t/m|[^\W\d_]+(?:'[^\W\d_]+)?)\.?|(?P<mark>[-,&]))\s*"
    )


def _tokens(text: str) -> list[_Token] | None:
    """The pieces of a part; None where one is not known."""
    found: list[_Token] = []
    at = 0
    while at < len(text):
        piece = _token_pattern().match(text, at)
        if piece is None:
            return None
        at = piece.end()
        token = _token(piece, found[-1].kind if found else "", text[at:])
        if token is None:
            return None
        found += token
    return found


def _token(piece: re.Match[str], before: str, rest: str) -> tuple[_Token, ...] | None:
    """What a piece is, after another; empty for words that say nothing, None for those not known."""
    phrase, word = piece["phrase"], piece["word"] or piece["mark"]
    if phrase is not None:
        return (_Token("whole") if phrase in _WHOLE_DAY else _Token("days", tuple(range(*_WORDS[phrase]))),)
    if piece["hour"] is not None:
        past = int(piece["minute"] or piece["joined"] or 0)
        minute = int(piece["hour"]) * 60 + past
        if past > 59:
            return None
        return (_Token("time", minute=minute, half=(piece["half"] or "")[:1]),)
    following = _token_pattern().match(rest)
    goes_on = following is not None and (following["hour"] if before == "time" else following["word"]) is not None
    role = _ROLE.get(word)
    if role == "to" and (word not in _DAY or (before in ("time", "days") and goes_on)):
        return (_Token("to"),)
    if role == "and":
        return (_Token("and"),)
    if word in _DAY:
        return (_Token("days", (_DAY[word],)),)
    return () if role == "nothing" else None


def _open(tokens: list[_Token]) -> int | None:
    """The open minutes that a part says."""
    total = 0
    days: list[int] = []
    spans: list[tuple[int, int]] = []
    first: str | None = None
    last = ""
    for kind, value in _items(tokens):
        if kind == "bad":
            return None
        first = first or kind
        if kind == first and last not in ("", first):  # the next pair of days and times begins
            total |= _all(days, spans)
            days, spans = [], []
        if kind == "days":
            days += value
        else:
            spans.append((value[0], value[1]))
        last = kind
    return total | _all(days, spans)


def _items(tokens: list[_Token]) -> Iterator[tuple[Literal["days", "span", "bad"], list[int]]]:
    """The days and spans in order, ranges read as such; `bad` where the pieces do not make sense."""
    at = 0
    while at < len(tokens):
        token, rest = tokens[at], tokens[at + 1 : at + 3]
        to = rest[1] if len(rest) == 2 and rest[0].kind == "to" and rest[1].kind == token.kind else None
        if token.kind == "and":
            at += 1
        elif token.kind == "whole":
            yield "span", [0, MINUTES_A_DAY]
            at += 1
        elif token.kind == "days" and (to is None or len(token.days) > 1 or len(to.days) > 1):
            yield ("days", list(token.days)) if to is None else ("bad", [])
            at += 1
        elif token.kind == "days" and to is not None:
            length = (to.days[0] - token.days[0]) % 7 + 1
            yield "days", [(token.days[0] + number) % 7 for number in range(length)]
            at += 3
        else:
            span = _between(token, to) if token.kind == "time" and to is not None else None
            yield ("bad", []) if span is None else ("span", span)
            at += 3


def _between(start: _Token, end: _Token) -> list[int] | None:
    """A span of time; an hour that does not say am or pm before one that does is of the same half where that is earlier."""
    last = _on_clock(end.minute, end.half)
    first = _on_clock(start.minute, start.half or end.half)
    if not start.half and end.half and (first is None or last is None or first >= last):
        first = _on_clock(start.minute, "")
    if first is None or last is None:
        return None
    return [first, last if last > first else last + MINUTES_A_DAY]


def _on_clock(minute: int, half: str) -> int | None:
    """Minutes since midnight; None for a time that no clock shows."""
    if minute > MINUTES_A_DAY or (half and not 60 <= minute < 13 * 60):
        return None
    return minute % (12 * 60) + (12 * 60 if half == "p" else 0) if half else minute


def _all(days: list[int], spans: list[tuple[int, int]]) -> int:
    total = 0
    for start, end in spans or [(0, MINUTES_A_DAY)]:
        total |= _span(days or list(range(7)), start, end)
    return total


def _span(days: list[int], start: int, end: int) -> int:
    total = 0
    block = (1 << (end - start)) - 1
    for day in days:
        total |= block << (day * MINUTES_A_DAY + start)
    return (total | (total >> MINUTES_A_WEEK)) & ALWAYS


def longest_day(minutes: int) -> int:
    """The open minutes of the day of the week that has most of them."""
    day = (1 << MINUTES_A_DAY) - 1
    return max((minutes >> (number * MINUTES_A_DAY) & day).bit_count() for number in range(7))


def gaps(minutes: int) -> str:
    """The longest closed time of the week in words, empty where there is none."""
    if minutes == ALWAYS:
        return ""
    if minutes == 0:
        return "the whole week"
    first_open = next(at for at in range(MINUTES_A_WEEK) if minutes >> at & 1)
    best, start, length = (0, 0), 0, 0
    for step in range(1, MINUTES_A_WEEK + 1):
        at = (first_open + step) % MINUTES_A_WEEK
        if minutes >> at & 1:
            best, length = max(best, (length, start), key=lambda one: one[0]), 0
        else:
            start = at if length == 0 else start
            length += 1
    end = (best[1] + best[0]) % MINUTES_A_WEEK
    return f"{_clock(best[1])} to {_clock(end)}"


def _clock(at: int) -> str:
    return f"{_DAYS[at // MINUTES_A_DAY]} {at % MINUTES_A_DAY // 60:02}:{at % 60:02}"
