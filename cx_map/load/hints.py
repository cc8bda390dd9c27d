"""The next step that an error message offers: the nearest known word, and kinds in plain words."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from cx_map.model.kinds import singular

_MAX_WORD = 60
_MAX_CANDIDATES = 400


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """``did you mean `x`?``, or an empty text where nothing is close. O(candidates), at most 400 compared."""
    known = tuple(candidates)
    if len(known) > _MAX_CANDIDATES:
        start, end = word[:2], word[-3:]
        known = tuple(name for name in known if name[:2] == start or name[-3:] == end)[:_MAX_CANDIDATES]
    found = _nearest(word[:_MAX_WORD], known)
    return f"did you mean `{found}`?" if found else ""


@functools.lru_cache(maxsize=2048)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    import difflib  # only errors need it

    plain = word.casefold().replace(" ", "_")
    for name in known:
        if _bare(name) == _bare(plain):
            return name
    close = difflib.get_close_matches(plain, known, n=1, cutoff=0.65)
    return close[0] if close else ""


def _bare(word: str) -> str:
    """A word without what people mix up: separators and the plural."""
    return word.replace("-", "").replace("_", "").replace(".", "").rstrip("s")


_SYNONYMS = {
    "systems": "platforms", "applications": "platforms", "apps": "platforms", "tools": "platforms", "software": "platforms",
    "databases": "data_sources", "stores": "data_sources", "data_stores": "data_sources", "sources": "data_sources",
    "lines": "lines_of_business", "business_lines": "lines_of_business", "business_units": "lines_of_business", "lobs": "lines_of_business",
    "departments": "teams", "owners": "teams", "org": "organization", "company": "organization", "firm": "organization",
    "messages": "communications", "letters": "communications", "notifications": "communications", "templates": "communications",
    "forms": "collection_points", "surveys": "collection_points", "integrations": "flows", "interfaces": "flows", "data_flows": "flows",
    "customers": "segments", "personas": "segments", "customer_segments": "segments", "complaints": "signals", "feedback": "signals",
    "dashboards": "insights", "reports": "insights", "consents": "preferences", "kpis": "metrics", "errors": "error_types",
    "queues": "agent_pools", "contact_centres": "agent_pools", "call_centers": "agent_pools", "projects": "initiatives",
    "loops": "feedback_loops", "fields": "attributes", "data_elements": "attributes",
}  # fmt: skip
"""What else people call the kinds."""


def kind_meant(word: str) -> str:
    """``did you mean `platforms`?`` for another name of a kind; empty for a word that is none."""
    plain = word.casefold().replace(" ", "_").replace("-", "_")
    found = _SYNONYMS.get(plain) or _SYNONYMS.get(plain + "s")
    return f"did you mean `{found}`?" if found else ""


def in_words(kinds: tuple[str, ...]) -> str:
    """Kinds in words for one entity, with its article: ``a team or an agent pool``."""
    words = [f"{article(one)} {one}" for one in map(singular, kinds)] or ["an entity"]
    return " or ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} or {words[-1]}"


def article(word: str) -> str:
    """``a`` or ``an``."""
    return "an" if word[:1] in "aeio" else "a"
