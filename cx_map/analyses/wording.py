"""Amounts, rates and times in the words that findings use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cx_map.model.values import MONTH_SECONDS, SECONDS_PER


def enumerated(words: Sequence[str]) -> str:
    """Words in one phrase: ``file``, ``file and report``, ``file, hand and report``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def per_period(amount: float, seconds: float) -> str:
    """An amount in a period: *930,000 a month*; small amounts keep a decimal."""
    unit = unit_of(seconds)
    words = {"h": "an hour", "min": "a minute", "s": "a second"}
    number = f"{amount:,.0f}" if amount >= 10 or amount == round(amount) else f"{amount:,.1f}"
    return f"{number} {words.get(unit or '', f'a {unit}' if unit else f'in {length(seconds)}')}"


def apart(least: float, most: float) -> tuple[str, str]:
    """Two different amounts with as few decimals as tell them apart, at most three: *30,437.5* and *30,438*."""
    for digits in range(4):
        texts = (f"{least:,.{digits}f}", f"{most:,.{digits}f}")
        if texts[0] != texts[1] or digits == 3:
            break
    low, high = (text.rstrip("0").rstrip(".") if "." in text else text for text in texts)
    return low, high


def percent(share: float) -> str:
    """A share in per cent, with as many decimals as keep it from 0 and 100 %, at most three: *12%*, *0.3%*, *99.8%*."""
    for digits in range(4):
        text = f"{share:.{digits}%}"
        if share in (0.0, 1.0) or (float(text[:-1]) != 0 and float(text[:-1]) != 100):
            return text
    return "less than 0.001%" if share < 0.5 else "more than 99.999%"


def written(share: float) -> str:
    """A share that somebody has set, in per cent and not rounded: *80%*, *99.5%*."""
    return f"{100 * share:.6g}%"


def unlike(share: float, limit: float) -> str:
    """A share in per cent, with as many decimals (one to three) as tell it from a limit: *79.96%* beside *80%*."""
    digits = next((digits for digits in (1, 2, 3) if f"{share:.{digits}%}" != f"{limit:.{digits}%}"), 4)
    return f"{share:.{digits}%}"


def unit_of(seconds: float) -> str | None:
    """The unit of a rate with this period (``h`` for 3600), if it has a name."""
    return next((unit for unit, length in SECONDS_PER.items() if length == seconds), None)


def rate_at_least(amount: float, per: float, period: float) -> str:
    """A rate as written in an inventory, items a ``per`` seconds, at least ``amount`` a ``period`` seconds.

    Whole items, or three digits where that would be a good deal more than is asked for.
    """
    unit = unit_of(per)
    if unit is None and per == int(per):
        return f"{_at_least(amount * per / period)}/{int(per)}s"
    if unit is None:
        return f"{_at_least(amount * MONTH_SECONDS / period)}/month"
    return f"{_at_least(amount * per / period)}/{unit}"


def _at_least(number: float) -> str:
    exact = number * (1 - 1e-12)
    if number >= 10 or number <= 0:
        return str(math.ceil(exact))
    step = 10.0 ** (math.floor(math.log10(number)) - 2)
    return f"{math.ceil(exact / step) * step:.12f}".rstrip("0").rstrip(".")


def clock(seconds: float) -> str:
    """A time of day: *04:30*."""
    minutes = int(seconds // 60) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def length(seconds: float) -> str:
    """A length of time in its largest fitting unit: *90 s*, *15 min*, *2.5 h*, *3 days*."""
    for unit, size in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= size * (2 if unit == "days" else 1):
            number = seconds / size
            return f"{number:,.0f} {unit}" if number >= 1000 else f"{number:.3g} {unit}"
    return f"{seconds:.3g} s"
