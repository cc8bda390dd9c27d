"""Whether causes are removed: what each signal is about, which action changes that, and what shows that it helped."""

from __future__ import annotations

from collections.abc import Sequence

from cx_map.analyses.outer_loops import OuterLoop
from cx_map.audit.findings import Finding
from cx_map.draw.scenes.named import Names, badges_of, worst
from cx_map.draw.sheet import Entry, Head, Link, Place, State, Table

MOST = 40
_CODES = ("LOOP106", "LOOP107")
_CHECKED: dict[str, State] = {"verified": "good", "not_known": "unknown", "unverified": "bad"}


def causes_table(found: Sequence[OuterLoop], findings: Sequence[Finding], names: Names) -> Table | None:
    """One row a signal that says what it is about, the worst first; None where none does."""
    if not found:
        return None
    words = names.words
    by_signal: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code in _CODES:
            by_signal.setdefault(finding.subject, []).append(finding)
    heads = {
        one.signal.id: Head(
            one.signal.id, names.of(one.signal.id), names.a_month(one.signal.volume), one.signal.kind,
            badges=badges_of(by_signal.get(one.signal.id, ())),
        )
        for one in found
    }  # fmt: skip
    ordered = sorted(
        found,
        key=lambda one: (
            worst(heads[one.signal.id].badges), -(one.signal.volume.value if one.signal.volume is not None else 0.0), one.signal.id
        ),
    )  # fmt: skip
    shown = ordered[:MOST]
    entries: dict[Place, Entry] = {}
    links: list[Link] = []
    for one in shown:
        _fill(one, entries, links, names)
    more = (
        words("{n} of {m} signals shown.", n=words.number(len(shown)), m=words.number(len(ordered)))
        if len(shown) < len(ordered)
        else ""
    )
    note = words("Whether an action that the signal leads to changes what customers tell of, or what stands behind it.")
    return Table(
        "causes",
        words("Are the causes removed?"),
        tuple(heads[one.signal.id] for one in shown),
        (
            Head("about", words("is about")),
            Head("act", words("leads to"), words("actions it reaches today")),
            Head("change", words("which change"), words("the thing itself, or what supplies it")),
            Head("verify", words("and it is checked by"), words("a metric of what was changed")),
        ),
        entries,
        tuple(links),
        " ".join(filter(None, (note, more))),
        words("signal"),
        wide=True,
    )


def _fill(one: OuterLoop, entries: dict[Place, Entry], links: list[Link], names: Names) -> None:
    words = names.words
    ident = one.signal.id
    about = one.signal.about or ()
    entries[ident, "about"] = _several(about, "plain", names)
    if not one.actions:
        entries[ident, "act"] = Entry(words("no action"), "bad")
        links.append(Link((ident, "about"), (ident, "act"), "missing", tooltip=words("no action is reached")))
        return
    links.append(Link((ident, "about"), (ident, "act")))
    entries[ident, "act"] = _several(tuple(one.fixes) or one.actions, "good", names)
    if one.fixes:
        changed = tuple(dict.fromkeys(name for names_ in one.fixes.values() for name in names_))
        entries[ident, "change"] = _several(changed, "good", names)
        links.append(Link((ident, "act"), (ident, "change")))
    elif one.unsaid or one.silent:
        entries[ident, "change"] = Entry(words("nobody says what they change"), "unknown")
        links.append(Link((ident, "act"), (ident, "change"), emphasis="faint"))
        return
    else:
        entries[ident, "change"] = Entry(words("nothing of this"), "bad")
        links.append(Link((ident, "act"), (ident, "change"), "missing", tooltip=words("no action changes the cause")))
        return
    state = _CHECKED[one.check]
    if one.metrics:
        entries[ident, "verify"] = _several(one.metrics, state, names)
    else:
        entries[ident, "verify"] = Entry(words("nothing measures it"), state)
    links.append(Link((ident, "change"), (ident, "verify"), "missing" if state == "bad" else "solid"))


def _several(identifiers: Sequence[str], state: State, names: Names) -> Entry:
    """The first of some things with its kind, how many more, and all of them in the tooltip."""
    words = names.words
    more = words.many("and {n} more", "and {n} more", len(identifiers) - 1) if len(identifiers) > 1 else ""
    first = identifiers[0]
    return Entry(
        names.of(first), state, more, names.kind(first),
        tooltip="\n".join(names.of(one) for one in identifiers) if more else "",
        about=tuple(one for one in identifiers if one in names.inventory.entities),
    )  # fmt: skip
