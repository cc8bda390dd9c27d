"""What is wrong with a computed fix: its finding stays, it does not apply, or it brings something as bad.

A finding that comes with a fix is allowed only where it is about what the finding that was mended, or its fix, is about, and one
of the reasons below holds; a fix that breaks something else has no excuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from cx_map.analyses.operators import plain
from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report
from cx_map.audit.settings import Settings
from cx_map.audit.subsumption import CAUSES
from cx_map.errors import InventoryError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import response_graph, shown
from cx_map.model.inventory import Inventory
from cx_map.rulekit.severity import at_least
from cx_map.states.apply import with_changes

ALL = Settings(min_confidence="low")

UNVEILS: Mapping[str, tuple[str, ...]] = {
    **CAUSES,  # what follows from a finding is left out where that is told
    "ESC101": ("ESC103", "ESC104", "ESC105", "ESC107"),  # a graver error asks more of what is there
    "ESC103": ("ESC103", "ESC104"),  # a ladder that leads over it
    "INV106": ("RED101", "RED103", "PREF103"),  # what passes an attribute on keeps it
    "GOV101": ("LOOP102",),  # who owns what a signal is about may own the signal, and others may not
    "PREF108": ("PREF103",),  # two choices govern the same route now
    "LOOP108": ("LOOP109",),  # what a signal now covers is to be told to the owners of that, too
    "LOOP101": (*CAUSES["LOOP101"], "SILO104"), "LOOP106": ("SILO104",),  # what is kept somewhere now can be compared
    "RED102": ("RED101",),  # a second ask of the same form is known now, too
    "PREF101": (*CAUSES["PREF101"], "PREF102", "PREF103"), "PREF103": (*CAUSES["PREF103"], "PREF102", "PREF103"),
    "PREF104": ("PREF102", "PREF103"),  # what gets there can be late; what passes it on keeps it
}  # fmt: skip
"""What a mended finding hid, on the same things."""

FURTHER = ("LOOP102", "LOOP103", "LOOP104", "LOOP105", "LOOP107", "LOOP111", "RED107")
"""What is found where a signal gets further than before: who owns it, how late, by whose hands, whether it can be answered."""

OF_NEW_MESSAGES = ("BOT109", "CHAN105", "INV102", "SILO105")
"""Facts about the segments and platforms that a new reply depends on, and that nobody has counted it yet."""


@dataclass(frozen=True)
class Mending:
    """One finding and its fix, with the report before it and the inventory after it."""

    finding: Finding
    before: Report
    after: Inventory
    added: frozenset[str]
    """The ids that the fix adds."""
    touched: frozenset[str]
    """What the finding and its fix name."""

    @property
    def connects(self) -> bool:
        """Whether the fix adds a flow."""
        return self.finding.fix is not None and any("connect" in change for change in self.finding.fix.changes)

    @cached_property
    def beyond(self) -> frozenset[str]:
        """What a signal comes to from there, the places themselves included."""
        graph = response_graph(Ecosystem(self.after))
        seen = set(self.touched)
        todo = sorted(self.touched)
        nodes: dict[str, list[str]] = {}
        for node in graph.out:
            nodes.setdefault(shown(node), []).append(node)
        while todo:
            for node in nodes.get(todo.pop(), ()):
                for edge in graph.out[node]:
                    if (following := shown(edge.target)) not in seen:
                        seen.add(following)
                        todo.append(following)
        return frozenset(seen)

    def allows(self, new: Finding) -> bool:
        """Whether a finding that the fix leaves is none that it brings."""
        about = {new.subject, *new.related}
        return (
            # it could not be judged before: the fix is what makes it assessed
            any(one.code == new.code and new.subject in one.subjects for one in self.before.not_assessed)
            # the same thing was told under another of its members
            or any(_same(one, new) and new.subject in one.related for one in self.before.findings)
            # a customer who is asked again is told of once more, for another reason
            or any(_asked_again(one, new) for one in self.before.findings)
            # a message that had no stand-in at all has one that nothing sets off
            or any(one.code == new.code == "CHAN104" and one.subject == new.subject for one in self.before.findings)
            # a fact about the segment, or the platforms that are there, which a new message cannot help
            or (new.code in OF_NEW_MESSAGES and not self.added.isdisjoint(about))
            # hidden by the mended one: an error was less grave, a ladder ended earlier, a preference got nowhere
            or (new.code in UNVEILS.get(self.finding.code, ()) and self._near(new, about))
            # a share of all that flows, which every new flow changes
            or (new.code == "SILO101" and self.connects)
            # a signal gets further than before
            or (new.code in FURTHER and (new.subject in self.beyond or self._near(new, about)))
        )

    def _near(self, new: Finding, about: Set[str]) -> bool:
        """Whether it is about what the mended finding or its fix names, or its subject names that in turn."""
        if not self.touched.isdisjoint(about):
            return True
        kind = getattr(self.after.entities.get(self.finding.subject), "class_", None)  # rules are on errors of a class
        entity = self.after.entities.get(new.subject)
        raw = self.after.source_of(entity) if entity is not None else None
        return raw is not None and not {*self.touched, kind}.isdisjoint(_words(plain(raw.fields)))


def _same(one: Finding, other: Finding) -> bool:
    return one.code == other.code and one.discriminator == other.discriminator


def _asked_again(one: Finding, new: Finding) -> bool:
    """Whether both are about the same ask, known of or not for want of a flow; what policy keeps apart is told as info only."""
    asks = ("RED101", "RED102")
    same = (one.subject, one.discriminator) == (new.subject, new.discriminator)
    return same and one.code in asks and new.code in asks and one.severity != "info"


def fingerprints(report: Report) -> set[str]:
    """The fingerprints of findings and of their consequences."""
    return {one.fingerprint for one in report.findings} | {
        each.fingerprint for one in report.findings for each in one.consequences
    }


def troubles(inventory: Inventory, before: Report, finding: Finding) -> list[str]:
    """What is wrong with the fix of a finding, in words; empty where it does what it says."""
    assert finding.fix is not None
    name = f"{finding.code} {finding.subject} {finding.discriminator}"
    try:
        mended = with_changes(inventory, finding.fix.changes)
    except InventoryError as error:
        return [f"{name}: the fix does not apply: {error.problems}: {finding.fix}"]
    after = audit(mended, ALL, as_of=before.as_of)
    found = [f"{name}: still there: {finding.fix}"] if finding.fingerprint in fingerprints(after) else []
    added = frozenset(mended.entities.keys() - inventory.entities.keys())
    named = frozenset(_words(list(finding.fix.changes))) & mended.entities.keys()
    one = Mending(finding, before, mended, added, added | named | {finding.subject, *finding.related})
    old = fingerprints(before)
    return found + [
        f"{name}: brings {new.code} {new.subject} {new.related}: {new.message}: {finding.fix.summary}"
        for new in after.findings
        if new.fingerprint not in old and at_least(new.severity, finding.severity) and not one.allows(new)
    ]


def _words(value: object) -> Iterator[str]:
    """The texts in a plain value, keys included."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _words([key, item])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str):
        yield value
