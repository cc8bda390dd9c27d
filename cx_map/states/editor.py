"""Operators carried out on a raw inventory, one after the other.

An operator that names something absent or adds something present is a problem at its place and changes
nothing; ids that such operators named are *spoilt*, so that what follows from the first error is not
reported again. Where references lead is judged later, when the state is built. One class, a little above 300
lines, because the operators share its state and are best read side by side.
"""

from __future__ import annotations

from cx_map.errors import Location, Problem
from cx_map.load.hints import article, did_you_mean
from cx_map.load.quantities import describe
from cx_map.model.inventory import RawEntity, RawInventory
from cx_map.model.kinds import singular
from cx_map.model.shipped import SHIPPED_CHANNELS
from cx_map.model.source import Map
from cx_map.states import flow_edits
from cx_map.states.field_edits import changed_entity, former_ids, without_initiative
from cx_map.states.lineage import Move, Step
from cx_map.states.operators import (
    Add,
    Change,
    Connect,
    Disconnect,
    Merge,
    Named,
    Operator,
    Remove,
    Rename,
    Replace,
)
from cx_map.states.references import Renames, rewrite

_PREFERENCE = "preference."


class Editor:
    """A raw inventory under change: ``raw`` is its own copy, ``moves`` what became of ids, ``problems`` what failed."""

    def __init__(self, raw: RawInventory, spoilt: set[str] | None = None) -> None:
        self.raw = raw.copy()
        self.problems: list[Problem] = []
        self.moves: list[Step] = []
        self.spoilt: set[str] = spoilt if spoilt is not None else set()

    def run(self, operator: Operator) -> None:
        """Carry out one operator."""
        self._initiative(operator)
        match operator:
            case Add():
                for item in operator.items:
                    self._add(item)
            case Change():
                for name, fields in operator.edits:
                    self._change(name, fields)
            case Remove():
                for name in operator.ids:
                    self._remove(name)
            case Replace():
                for old, new in operator.pairs:
                    self._absorb((old,), new, "replaced")
            case Merge():
                self._absorb(operator.sources, operator.into, "merged")
            case Rename():
                self._rename(operator.pairs)
            case Connect():
                self._connect(operator.flow)
            case Disconnect():
                self._disconnect(operator)

    def problem(self, code: str, message: str, start: int, end: int, hint: str = "", *related: Location) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(code, message, self.raw.location(start, end), hint, related))

    def find(self, identifier: str) -> RawEntity | None:
        """What is written under an id: an entity, else a declared attribute, a reference or the organization."""
        raw = self.raw
        found = raw.entities.get(identifier) or raw.attributes.get(identifier) or raw.references.get(identifier)
        return found or (raw.organization if identifier == "organization" else None)

    def _table(self, kind: str) -> dict[str, RawEntity]:
        return {"attributes": self.raw.attributes, "references": self.raw.references}.get(kind, self.raw.entities)

    def _initiative(self, operator: Operator) -> None:
        name = operator.initiative
        if name is None or name.id in self.spoilt:
            return
        found = self.raw.entities.get(name.id)
        if found is None or found.kind != "initiatives":
            known = sorted(one.id for one in self.raw.entities.values() if one.kind == "initiatives")
            hint = did_you_mean(name.id, known) or "define it under `initiatives:`"
            is_a = (
                f"'{name.id}' is {article(singular(found.kind))} {singular(found.kind)}; `for` names"
                if found is not None
                else ""
            )
            message = f"{is_a} an initiative" if found is not None else f"no initiative has the id {describe(name.id)}"
            self.problem("CX003", message, name.mark, name.end, hint)
            self.spoilt.add(name.id)

    def _present(self, name: Named, *, shipped: bool = False) -> RawEntity | None:
        """The entity that an operator names, or None with the problem noted."""
        found = self.find(name.id)
        if found is not None:
            return found
        if shipped and name.id in SHIPPED_CHANNELS:
            return RawEntity("channels", name.id, Map(), name.mark, name.end)
        if name.id not in self.spoilt:
            known = sorted({*self.raw.entities, *SHIPPED_CHANNELS, *self.raw.attributes, *self.raw.references})
            hint = did_you_mean(name.id, known)
            if name.id in SHIPPED_CHANNELS:
                hint = "it is shipped with cxmap: `change` its fields here, or `add` it first"
            elif any(flow.id == name.id for flow in self.raw.flows):
                hint = "it is a flow: use `disconnect` and `connect`"
            self.problem(
                "CX003", f"nothing has the id {describe(name.id)} here", name.mark, name.end, hint or "`add` it first"
            )
            self.spoilt.add(name.id)
        return None

    def _add(self, item: RawEntity) -> None:
        if item.kind == "flows":
            self._connect(item)
        elif item.kind == "overlaps":
            before = flow_edits.same_overlap(self.raw.overlaps, item)
            if before is not None:
                self._taken("an overlap of these two", item, before)
            else:
                self.raw.overlaps.append(item)
        elif item.kind == "organization":
            if self.raw.organization is not None:
                self._taken("an organization", item, self.raw.organization)
            else:
                self.raw.organization = item
        else:
            table = self._table(item.kind)
            if item.id in table:
                self._taken(f"the id '{item.id}'", item, table[item.id])
            else:
                table[item.id] = item

    def _taken(self, what: str, item: RawEntity, before: RawEntity) -> None:
        first = self.raw.location(before.mark, before.end)
        kinds = "" if before.kind == item.kind else f", as one of {before.kind}"
        hint = "use `change` for its fields, or give the new one another id"
        self.problem("CX004", f"{what} is already there{kinds}; first at {first}", item.mark, item.end, hint, first)
        self.spoilt.add(item.id)

    def _change(self, name: Named, fields: Map) -> None:
        found = self._present(name, shipped=True)
        if found is None:
            return
        changed = changed_entity(found, fields, self.problem)
        if changed.kind == "organization":
            self.raw.organization = changed
        else:
            self._table(changed.kind)[changed.id] = changed

    def _leaving(self, name: Named) -> RawEntity | None:
        """An entity that an operator takes away, or None with the problem noted."""
        found = self._present(name, shipped=True)
        if found is None or found.kind == "organization":
            if found is not None:
                self.problem("CX005", "the organization stays", name.mark, name.end, "`change` its fields")
            return None
        return found

    def _remove(self, name: Named) -> None:
        found = self._leaving(name)
        if found is None:
            return
        if found.kind == "channels" and name.id in SHIPPED_CHANNELS:
            self.problem("CX005", f"'{name.id}' is shipped with cxmap and cannot be removed", name.mark, name.end,
                         f"write `change: {{{name.id}: {{status: retired}}}}`")  # fmt: skip
            return
        del self._table(found.kind)[name.id]
        if found.kind not in ("attributes", "references"):
            self.raw.flows = [flow for flow in self.raw.flows if name.id not in flow_edits.ends(flow)]
            self.raw.overlaps = [one for one in self.raw.overlaps if name.id not in flow_edits.ends(one)]
        if found.kind == "initiatives" and self.raw.roadmap is not None:
            self.raw.roadmap = without_initiative(self.raw.roadmap, name.id)

    def _absorb(self, olds: tuple[Named, ...], new: Named, how: str) -> None:
        """Let one entity take the place of others: their references and flows become its own, they go."""
        target = self._present(new, shipped=True)
        going = [(old, found) for old in olds if (found := self._leaving(old)) is not None]
        if target is None or not going:
            return
        entities: dict[str, str] = {}
        kinds: dict[str, str] = {}
        attributes: dict[str, str] = {}
        references: dict[str, str] = {}
        moves: list[Move] = []
        for old, found in going:
            namespace = found.kind if found.kind in ("attributes", "references") else ""
            if namespace != (target.kind if target.kind in ("attributes", "references") else ""):
                self.problem("CX005", f"'{old.id}' is one of {found.kind} and '{new.id}' of {target.kind}: one cannot stand for the other",
                             old.mark, old.end, "name two of one kind")  # fmt: skip
                continue
            self._table(found.kind).pop(old.id, None)
            {"attributes": attributes, "references": references}.get(namespace, entities)[old.id] = new.id
            kinds[old.id] = found.kind
            if found.kind == target.kind == "preferences":
                attributes[_PREFERENCE + old.id] = _PREFERENCE + new.id
                declared = self.raw.attributes.pop(_PREFERENCE + old.id, None)
                if declared is not None and _PREFERENCE + new.id not in self.raw.attributes:
                    self._place(declared, _PREFERENCE + new.id)
            moves.append(Move("replaced" if how == "replaced" else "merged", old.id, new.id, namespace))
        if moves:
            self.moves.append(tuple(moves))
            flows, overlaps = self.raw.flows, self.raw.overlaps
            self._rewrite(Renames(entities, kinds, attributes, references), new.id)
            self.raw.flows = flow_edits.joined(flows, self.raw.flows, {new.id})
            self.raw.overlaps = flow_edits.joined_overlaps(overlaps, self.raw.overlaps)

    def _place(self, raw: RawEntity, identifier: str) -> None:
        self._table(raw.kind)[identifier] = RawEntity(raw.kind, identifier, raw.fields, raw.mark, raw.end)

    def _rename(self, pairs: tuple[tuple[Named, Named], ...]) -> None:
        going: list[tuple[Named, Named, RawEntity]] = []
        leaving = {old.id for old, _ in pairs}
        arriving: set[str] = set()
        for old, new in pairs:
            found = self._leaving(old)
            if found is None:
                self.spoilt.add(new.id)
                continue
            before = self._table(found.kind).get(new.id)
            shipped = new.id in SHIPPED_CHANNELS and found.kind not in ("attributes", "references")
            if found.kind == "channels" and old.id in SHIPPED_CHANNELS:
                self.problem("CX005", f"'{old.id}' is shipped with cxmap and keeps its id", old.mark, old.end,
                             f"change its `name`, or add a channel and `replace: {{{old.id}: {new.id}}}`")  # fmt: skip
                self.spoilt.add(new.id)
            elif new.id in arriving or shipped or (before is not None and new.id not in leaving):
                first = (self.raw.location(before.mark, before.end),) if before is not None else ()
                where = f"; first at {first[0]}" if first else ""
                self.problem("CX004", f"the id '{new.id}' is already there{where}", new.mark, new.end,
                             f"choose another id, or `replace: {{{old.id}: {new.id}}}`", *first)  # fmt: skip
            else:
                arriving.add(new.id)
                going.append((old, new, found))
        if going:
            self._move(going)

    def _move(self, going: list[tuple[Named, Named, RawEntity]]) -> None:
        """Give entities their new ids, all at once, in the place where they stood."""
        entities: dict[str, str] = {}
        attributes: dict[str, str] = {}
        references: dict[str, str] = {}
        for old, new, found in going:
            if found.kind == "attributes":
                attributes[old.id] = new.id
            elif found.kind == "references":
                references[old.id] = new.id
            else:
                entities[old.id] = new.id
                if found.kind == "preferences":
                    attributes[_PREFERENCE + old.id] = _PREFERENCE + new.id
        self.moves.append(tuple(
            Move("renamed", old.id, new.id, found.kind if found.kind in ("attributes", "references") else "") for old, new, found in going
        ))  # fmt: skip
        renames = Renames(
            entities, {old.id: found.kind for old, _, found in going}, attributes, references, subtree=True
        )
        places = {new.id: new for _, new, _ in going}
        for name, ids in (("entities", entities), ("references", references)):
            table: dict[str, RawEntity] = getattr(self.raw, name)
            if ids:
                moved = [(ids.get(key, key), one) for key, one in table.items()]
                setattr(
                    self.raw,
                    name,
                    {key: former_ids(one, key, places[key]) if key != one.id else one for key, one in moved},
                )
        if attributes:
            kept = [(renames.attribute(key) or key, one) for key, one in self.raw.attributes.items()]
            self.raw.attributes = {
                key: one if key == one.id else former_ids(one, key, places.get(key, Named(key, one.mark, one.end)))
                for key, one in kept
            }
        self._rewrite(renames, None)

    def _rewrite(self, renames: Renames, own: str | None) -> None:
        """Rewrite references everywhere; entities that do not change stay the same objects."""
        raw = self.raw
        for table in (raw.entities, raw.attributes, raw.references):
            for key, one in table.items():
                new = rewrite(one, renames, own if key == own else None)
                if new is not one:
                    table[key] = new
        raw.flows = [rewrite(flow, renames) for flow in raw.flows]
        raw.overlaps = [rewrite(one, renames) for one in raw.overlaps]
        if raw.organization is not None:
            raw.organization = rewrite(raw.organization, renames)
        if raw.roadmap is not None:
            raw.roadmap = rewrite(raw.roadmap, renames)

    def _connect(self, flow: RawEntity) -> None:
        source, target = flow_edits.ends(flow)
        pair = flow_edits.of_pair(self.raw.flows, source, target)
        denied = sorted(
            (one for one in pair if one.fields.get("via") == "none"), key=lambda one: (one.id != flow.id, one.id)
        )
        chosen = denied[0] if denied else None
        if chosen is not None:
            self.raw.flows = [flow if one is chosen else one for one in self.raw.flows]
            return
        same = next((one for one in pair if one.id == flow.id), None)
        if same is not None:
            first = self.raw.location(same.mark, same.end)
            self.problem("CX004", f"a flow from '{source}' to '{target}' is already there; first at {first}", flow.mark, flow.end,
                         "give the new one an `id` of its own, or `disconnect` the other first", first)  # fmt: skip
            return
        self.raw.flows = [*self.raw.flows, flow]

    def _disconnect(self, operator: Disconnect) -> None:
        for end in (operator.source, operator.target):
            if end.id not in SHIPPED_CHANNELS and self._present(end) is None:
                return
        source, target = operator.source.id, operator.target.id
        pair = [one for one in flow_edits.of_pair(self.raw.flows, source, target) if one.fields.get("via") != "none"]
        wanted = operator.flow.id if operator.flow is not None else ""
        gone = [one for one in pair if one.id == wanted]
        if not gone and operator.flow is None and len(pair) == 1:
            gone = pair
        if gone:
            self.raw.flows = [one for one in self.raw.flows if not any(one is other for other in gone)]
            return
        names = sorted(one.id for one in pair if one.id)
        place = operator.flow or operator.source
        if operator.flow is not None and pair:
            hint = did_you_mean(wanted, names) or (
                f"the ids of its flows: {', '.join(names)}" if names else "leave `id` out"
            )
            self.problem(
                "CX003",
                f"no flow from '{source}' to '{target}' has the id {describe(wanted)}",
                place.mark,
                place.end,
                hint,
            )
        elif pair:
            self.problem("CX003", f"{len(pair)} flows lead from '{source}' to '{target}'", operator.mark, operator.end,
                         f"say which by `id`: {', '.join(names)}")  # fmt: skip
        elif not {source, target} & self.spoilt:
            back = flow_edits.of_pair(self.raw.flows, target, source)
            hint = f"there is one from '{target}' to '{source}'" if back else "leave the operator out"
            self.problem("CX003", f"no flow leads from '{source}' to '{target}'", operator.mark, operator.end, hint)
