"""An item that moves from one list into another, with everything that is attached to it."""

from __future__ import annotations

from collections.abc import Mapping as Entries
from collections.abc import Sequence

from initlint.edit.insertion import insert, place, together, written
from initlint.edit.layout import LayoutPart, column, depth, has_own_line, is_flow, line, manner, parts
from initlint.edit.places import ahead_of, behind
from initlint.edit.removal import removal
from initlint.edit.values import Value, indented, scalar
from initlint.finding import Change, Edit, ItemChange, KeyChange
from initlint.text.source import Span
from initlint.text.tree import Mapping, Node
from initlint.text.tree import Sequence as List


def move(
    source: Node,
    item: Node,
    parent: Node,
    key: str,
    *,
    adding: Entries[str, Value] | None = None,
    after: Sequence[str] = (),
    before: Sequence[str] = (),
) -> Change | None:
    """Move an item of a list to the end of another, which is that of a key of `parent`, with its comments.

    `adding` are keys that the item gets, behind those that `after` names. A list that is not there yet is made,
    in front of the keys that `before` names. None for the only item of its list.
    """
    inside = parts(source)
    index = next((at for at, part in enumerate(inside) if part.value is item), None)
    region = removal(source, inside, index) if index is not None else None
    grown = insert(item, adding, after=after) if adding else Change((), ())
    if index is None or region is None or grown is None or not isinstance(parent, Mapping):
        return None
    part = inside[index]
    carried = Span(part.start, part.end) if is_flow(source) else region
    lines = _carried(source, part, carried, grown)
    put = _into(source, part, parent, key, lines, before)
    taken = Change((Edit(region, ""),), (ItemChange(source.span, index), *grown.effects))
    return together([put, taken])


def _carried(sequence: Node, part: LayoutPart, span: Span, grown: Change) -> list[str]:
    """The lines of an item as they will be, without their indentation."""
    source = sequence.source
    text = source.text[span.start : span.end]
    for edit in sorted(grown.edits, reverse=True):
        start, end = edit.span.start - span.start, edit.span.end - span.start
        text = text[:start] + edit.text + text[end:]
    lines = text.strip("\r\n").replace("\r\n", "\n").split("\n")
    if is_flow(sequence):
        here = line(source, part.start)
        indent = len(source.text[here.start : part.start]) if not source.text[here.start : part.start].strip() else 0
        return [lines[0], *indented(lines[1:], -indent)]
    return list(indented(lines, -column(source, part.start)))


def _into(
    sequence: Node, part: LayoutPart, parent: Mapping, key: str, lines: list[str], before: Sequence[str]
) -> Change | None:
    target = parent[key]
    if isinstance(target, List) and (others := parts(target)):
        same = is_flow(target) == is_flow(sequence)
        edits = behind(target, others[-1], [lines]) if same else None
        return Change(edits, (ItemChange(target.span, len(others), moved=part.value.span),)) if edits else None
    upper, lower = place(written(parent), (), before)
    if parent.key(key) or is_flow(sequence) != is_flow(parent):
        return None
    piece = _bracketed(sequence, part, parent, key, lines) if is_flow(parent) else _listed(parent, key, lines)
    edits = behind(parent, upper, [piece]) if upper else None
    edits = ahead_of(parent, lower, [piece]) if lower else edits
    return Change(edits, (KeyChange(parent.span, key, moved=part.value.span),)) if edits else None


def _listed(parent: Mapping, key: str, lines: list[str]) -> list[str]:
    how = manner(parent)
    return [f"{scalar(key, how)}:", *indented(lines, how.sequence)]


def _bracketed(sequence: Node, part: LayoutPart, parent: Mapping, key: str, lines: list[str]) -> list[str]:
    how = manner(parent)
    opening = f"{scalar(key, how)}:{how.gap}["
    if has_own_line(sequence.source, part) or len(lines) > 1:
        return [opening, *indented(lines, depth(sequence)), "]"]
    return [f"{opening}{lines[0]}]"]
