"""The states along a roadmap: the inventory after each of its phases.

States are computed when they are first asked for, and kept as long as the inventory they start from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from cx_map.errors import InventoryError, Location, Problem, UsageError
from cx_map.load.assemble import ID
from cx_map.load.hints import did_you_mean
from cx_map.load.quantities import describe
from cx_map.model.chapter_governance import Phase
from cx_map.model.inventory import Inventory
from cx_map.model.source import Map
from cx_map.states.apply import built
from cx_map.states.defaults import file_defaults
from cx_map.states.editor import Editor
from cx_map.states.lineage import State
from cx_map.states.operators import Operator
from cx_map.states.parsing import Parser
from cx_map.states.shape import items_of

CURRENT = "current"
TARGET = "target"


@dataclass(frozen=True, slots=True)
class Planned:
    """A phase with its operators; ``problems`` are those of the writing, ``spoilt`` the ids they named."""

    id: str
    phase: Phase
    operators: tuple[Operator, ...]
    location: Location
    problems: tuple[Problem, ...] = ()
    spoilt: frozenset[str] = frozenset()

    @property
    def parallel(self) -> bool:
        """Whether old and new both run for a while (``cutover``); else the worst order is assumed."""
        cutover = self.phase.cutover
        return cutover is not None and cutover.parallel is not None and cutover.parallel.seconds > 0


@dataclass(eq=False)
class _Road:
    """What has been computed of a roadmap so far; holds no reference to the inventory it starts from."""

    phases: tuple[Planned, ...]
    states: list[State] = field(default_factory=list)
    failed: InventoryError | None = None


_ROADS: WeakKeyDictionary[Inventory, _Road] = WeakKeyDictionary()


def phases_of(inventory: Inventory) -> tuple[Planned, ...]:
    """The phases of the roadmap in order, with their operators; empty where there is no roadmap."""
    return _road(inventory).phases


def states(inventory: Inventory) -> tuple[Inventory, ...]:
    """The current state, then the state after each phase; computed once.

    Raises InventoryError with every problem of the roadmap.
    """
    problems = validate_roadmap(inventory)
    if problems:
        raise InventoryError(problems)
    return (inventory, *_road(inventory).states)


def state_at(inventory: Inventory, phase: str) -> Inventory:
    """The state after a phase: its id, ``target`` for the last one, ``current`` for the inventory itself.

    Computes no further than that phase. Raises UsageError for a phase that does not exist, InventoryError
    where the roadmap up to it is wrong.
    """
    if phase == CURRENT:
        return inventory
    road = _road(inventory)
    ids = [planned.id for planned in road.phases]
    if phase == TARGET and ids:
        position = len(ids) - 1
    elif phase in ids:
        position = ids.index(phase)
    elif not ids:
        raise UsageError(f"there is no phase {describe(phase)}: the inventory has no roadmap with phases",
                         hint="add one under `roadmap:`, or leave `@...` out")  # fmt: skip
    else:
        hint = did_you_mean(phase, [*ids, TARGET, CURRENT]) or f"its phases: {', '.join([*ids, TARGET])}"
        raise UsageError(f"the roadmap has no phase {describe(phase)}", hint=hint)
    while len(road.states) <= position:
        if road.failed is not None:
            raise road.failed
        _advance(inventory, road)
    return road.states[position]


def validate_roadmap(inventory: Inventory) -> list[Problem]:
    """Everything wrong with the roadmap, sorted by place; empty where it is sound or absent.

    Every malformed operator and every one that names something absent or adds something present, in all
    phases; broken references and values up to the first phase that has any problem.
    """
    road = _road(inventory)
    problems = _ids(inventory, road.phases)
    while len(road.states) < len(road.phases) and road.failed is None:
        try:
            _advance(inventory, road)
        except InventoryError:
            break
    if road.failed is not None:
        problems += road.failed.problems
        problems += _beyond(inventory, road)
    return sorted(set(problems), key=Problem.sort_key)


def _road(inventory: Inventory) -> _Road:
    road = _ROADS.get(inventory)
    if road is None:
        road = _ROADS[inventory] = _Road(tuple(_planned(inventory)))
    return road


def _planned(inventory: Inventory) -> Iterator[Planned]:
    roadmap = inventory.roadmap
    if roadmap is None or inventory.raw.roadmap is None or isinstance(inventory, State):
        return  # a computed state has no way of its own: its roadmap is that of the current state
    raw = inventory.raw
    defaults = file_defaults(raw.files, inventory.raw.roadmap.mark)
    written = items_of(inventory.raw.roadmap.fields.get("phases"))
    for number, (phase, fields) in enumerate(zip(roadmap.phases or (), written, strict=True), start=1):
        place = inventory.place(roadmap, "phases", number - 1)
        parser = Parser(raw.files, defaults)
        operators: tuple[Operator, ...] = ()
        if isinstance(fields, Map):
            _, start, end = fields.place("changes") or (0, 0, 0)
            operators = parser.changes(fields.get("changes"), start, end)
        yield Planned(
            phase.id or f"phase-{number}", phase, operators, place, tuple(parser.problems), frozenset(parser.spoilt)
        )


def _ids(inventory: Inventory, phases: tuple[Planned, ...]) -> list[Problem]:
    """Phases whose id is missing, reserved, repeated or impossible to name on the command line."""
    problems: list[Problem] = []
    first: dict[str, Location] = {}
    for number, planned in enumerate(phases):
        place = planned.location
        if planned.phase.id is None:
            problems.append(
                Problem("CX005", "a phase needs an `id`", place, f"write `id: {planned.id}`; states are named by it")
            )
            continue
        if inventory.roadmap is not None:
            place = inventory.place(inventory.roadmap, "phases", number, "id")
        if planned.id in (TARGET, CURRENT, "unknown"):
            problems.append(
                Problem(
                    "CX005",
                    f"'{planned.id}' cannot be the id of a phase",
                    place,
                    f"`@{planned.id}` has a meaning of its own; write another id",
                )
            )
        elif not ID.match(planned.id):
            problems.append(Problem("CX005", f"{describe(planned.id)} cannot be the id of a phase: an id is lower case: letters, digits, `.`, `_`, `-`",
                                    place, "write another id and keep the text in `name`"))  # fmt: skip
        elif planned.id in first:
            before = first[planned.id]
            problems.append(
                Problem(
                    "CX004",
                    f"a second phase '{planned.id}'; the first is at {before}",
                    place,
                    "give it another id",
                    (before,),
                )
            )
        first.setdefault(planned.id, place)
    return problems


def _advance(inventory: Inventory, road: _Road) -> None:
    """Compute the next state, or raise and remember why it cannot be."""
    number = len(road.states)
    before: Inventory = road.states[-1] if road.states else inventory
    planned = road.phases[number]
    editor = Editor(before.raw, set(planned.spoilt))
    for operator in planned.operators:
        editor.run(operator)
    problems = [*planned.problems, *editor.problems]
    try:
        if problems:
            raise InventoryError(problems)
        road.states.append(_after(before, editor, planned))
    except InventoryError as error:
        road.failed = error
        raise


def _after(before: Inventory, editor: Editor, planned: Planned) -> State:
    try:
        return built(before, editor.raw, editor.moves, planned.id)
    except InventoryError as error:
        raise InventoryError([_explained(problem, planned) for problem in error.problems]) from None


def _explained(problem: Problem, planned: Planned) -> Problem:
    """A problem of a computed state: what is wrong is true only after the phase, and may stand in another file."""
    inside = _inside(problem.location, planned.location)
    hint = problem.hint
    if problem.code == "CX003" and not inside:
        hint = "the phase takes it away: change what refers to it in the same phase"
    related = (*problem.related, planned.location) if not inside else problem.related
    return replace(problem, message=f"after phase '{planned.id}': {problem.message}", hint=hint, related=related)


def _inside(inner: Location, outer: Location) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return inner.path == outer.path and start <= (inner.line, inner.column) <= end


def _beyond(inventory: Inventory, road: _Road) -> list[Problem]:
    """Problems of the operators from the first phase that failed on, without what follows from it."""
    before: Inventory = road.states[-1] if road.states else inventory
    raw, spoilt = before.raw, set[str]()
    problems: list[Problem] = []
    for planned in road.phases[len(road.states) :]:
        spoilt |= planned.spoilt
        editor = Editor(raw, spoilt)
        for operator in planned.operators:
            editor.run(operator)
        problems += [*planned.problems, *editor.problems]
        raw = editor.raw
    return problems
