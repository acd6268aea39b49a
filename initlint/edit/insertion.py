"""New keys of mappings and new items of lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Entries

from initlint.edit import values
from initlint.edit.layout import LayoutPart, is_flow, manner, parts
from initlint.edit.places import Edits, ahead_of, behind, first_in, in_place_of_nothing
from initlint.edit.values import Value
from initlint.finding import Change, Edit, Effect, ItemChange, KeyChange
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Mapping, Node, Scalar
from initlint.text.tree import Sequence as List


def insert(
    mapping: Node, entries: Entries[str, Value], *, after: Sequence[str] = (), before: Sequence[str] = ()
) -> Change | None:
    """Add what a mapping does not have: keys, also in the mappings that it holds, and items of the lists.

    New keys stand behind the last of those named by `after`, or else in front of the first of those named by `before`,
    or else at the end. None where a key has another value already.
    """
    if not isinstance(mapping, Mapping):
        return None
    own = written(mapping)
    new = {key: value for key, value in entries.items() if not mapping.key(key)}
    changes = [_into(mapping, own.get(key), key, value) for key, value in entries.items() if key not in new]
    if new:
        found = place(own, after, before)
        changes.append(_new_entries(mapping, new, *found))
    return together(changes)


def append(sequence: Node, *items: Value, after: Node | None = None) -> Change | None:
    """Add items to a list, behind one of its items or at the end."""
    if not isinstance(sequence, List):
        return None
    inside = parts(sequence)
    index = next((at for at, part in enumerate(inside, 1) if part.value is after), len(inside))
    pieces = _pieces(sequence, items)
    edits = behind(sequence, inside[index - 1], pieces) if inside else first_in(sequence, pieces)
    return _added(sequence, items, index, edits)


def put_first(sequence: Node, *items: Value) -> Change | None:
    """Add items to a list that has some, in front of all of them."""
    inside = parts(sequence) if isinstance(sequence, List) else []
    edits = ahead_of(sequence, inside[0], _pieces(sequence, items)) if inside else None
    return _added(sequence, items, 0, edits)


def _pieces(sequence: Node, items: Sequence[Value]) -> list[list[str]]:
    how = manner(sequence)
    if is_flow(sequence):
        return [[values.flow(one, how)] for one in items]
    return [list(values.item(one, how)) for one in items]


def _added(sequence: Node, items: Sequence[Value], index: int, edits: Edits) -> Change | None:
    return Change(edits, tuple(ItemChange(sequence.span, index, json.dumps(one)) for one in items)) if edits else None


def written(mapping: Mapping) -> dict[str, LayoutPart]:
    """The parts of a mapping by their keys, without those of merge keys."""
    return {key.value: part for (key, _), part in zip(mapping.entries, parts(mapping), strict=True)}


def place(
    own: Entries[str, LayoutPart], after: Sequence[str], before: Sequence[str]
) -> tuple[LayoutPart | None, LayoutPart | None]:
    """What new keys are to stand behind, or in front of."""
    upper = [own[key] for key in after if key in own]
    lower = [own[key] for key in before if key in own]
    if upper or not lower:
        return max(upper or own.values(), key=lambda part: part.start, default=None), None
    return None, min(lower, key=lambda part: part.start)


def together(changes: Iterable[Change | None]) -> Change | None:
    """All of the changes, if each can be made."""
    edits, effects = list[Edit](), list[Effect]()
    for change in changes:
        if change is None:
            return None
        edits += change.edits
        effects += change.effects
    return Change(tuple(edits), tuple(effects))


def _new_entries(
    mapping: Mapping, new: Entries[str, Value], upper: LayoutPart | None, lower: LayoutPart | None
) -> Change | None:
    how = manner(mapping)
    if is_flow(mapping):
        pieces = [[values.pair(key, value, how)] for key, value in new.items()]
    else:
        pieces = [list(values.entries({key: value}, how)) for key, value in new.items()]
    if upper:
        edits = behind(mapping, upper, pieces)
    else:
        edits = ahead_of(mapping, lower, pieces) if lower else first_in(mapping, pieces)
    return (
        Change(edits, tuple(KeyChange(mapping.span, key, json.dumps(value)) for key, value in new.items()))
        if edits
        else None
    )


def _into(mapping: Mapping, own: LayoutPart | None, key: str, value: Value) -> Change | None:
    """Add to what a key has."""
    present = mapping[key]
    if own and is_empty(present):
        edits = _in_place_of_nothing(mapping, own, value)
        return Change(edits, (KeyChange(mapping.span, key, json.dumps(value)),)) if edits else None
    if isinstance(present, Mapping) and isinstance(value, Entries):
        return insert(present, value)
    if isinstance(present, List) and not isinstance(value, str | int | Entries):
        return append(present, *value)
    return None


def _in_place_of_nothing(mapping: Mapping, own: LayoutPart, value: Value) -> Edits:
    how = manner(mapping)
    block = [] if isinstance(value, str | int) else list(values.lines(value, how))
    return in_place_of_nothing(mapping, own, block, values.flow(value, how), is_list=not isinstance(value, Entries))


def is_empty(node: Node) -> bool:
    """Whether a value is null or a collection without anything in it."""
    if isinstance(node, Scalar):
        return node.kind is ScalarKind.NULL
    return isinstance(node, Mapping | List) and not parts(node)
