"""Where new parts of a collection go: lines of their own, or within brackets with their commas."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from initlint.edit.layout import (
    LayoutPart,
    above,
    below,
    column,
    has_own_line,
    is_first_on_line,
    is_flow,
    keeps_breaks,
    line,
    manner,
    newline,
    parts,
)
from initlint.edit.values import indented
from initlint.finding import Edit
from initlint.text.source import Span
from initlint.text.tree import Node

Pieces = Sequence[list[str]]
"""New parts, each of one or several lines that are not indented."""
Edits = tuple[Edit, ...] | None


def behind(collection: Node, part: LayoutPart, pieces: Pieces) -> Edits:
    """Put new parts behind one."""
    if is_flow(collection):
        return _within_brackets(collection, part, pieces)
    source = collection.source
    if keeps_breaks(part.value) or not _is_regular(collection):
        return None
    place = below(source, part)
    lines = indented(list(chain.from_iterable(pieces)), column(source, part.start))
    return (Edit(Span(place, place), "".join(newline(source) + one for one in lines)),)


def ahead_of(collection: Node, part: LayoutPart, pieces: Pieces) -> Edits:
    """Put new parts in front of one."""
    source = collection.source
    if is_flow(collection):
        separator, _ = _separator(collection, part)
        text = "".join(_joined(piece, collection, part) + separator for piece in pieces)
        return (Edit(Span(part.start, part.start), text),)
    if not is_first_on_line(source, part.start) or not _is_regular(collection):
        return None
    place = above(source, part)
    lines = indented(list(chain.from_iterable(pieces)), column(source, part.start))
    return (Edit(Span(place, place), "".join(one + newline(source) for one in lines)),)


def first_in(collection: Node, pieces: Pieces) -> Edits:
    """Put parts into an empty pair of brackets."""
    place = collection.start + 1
    return (Edit(Span(place, place), ", ".join(" ".join(piece) for piece in pieces)),)


def in_place_of_nothing(mapping: Node, part: LayoutPart, block: list[str], flow: str, *, is_list: bool) -> Edits:
    """Put a value where a key has none: lines below the key; without lines, or in brackets, `flow` behind it."""
    source = mapping.source
    colon = source.text.find(":", part.head) + 1
    if not colon or colon > part.end or source.text[colon : part.value.start].strip(" "):
        return None
    if is_flow(mapping) or not block:
        is_there = colon <= part.value.start < part.end  # as an empty list or mapping, with its gap or without one
        start, gap = (part.value.start, "") if is_there else (colon, " ")
        return (Edit(Span(start, part.end), gap + _joined([flow], mapping, part)),)
    how = manner(mapping)
    by = column(source, part.start) + (how.sequence if is_list else how.mapping)
    end = line(source, part.end).end
    text = "".join(newline(source) + one for one in indented(block, by))
    below_it = Edit(Span(end, end), text)
    return (Edit(Span(colon, part.end), ""), below_it) if colon < part.end else (below_it,)


def _is_regular(collection: Node) -> bool:
    """Whether all parts begin in the same column, which is where a new one can begin, too."""
    return len({column(collection.source, part.start) for part in parts(collection)}) == 1


def _within_brackets(collection: Node, part: LayoutPart, pieces: Pieces) -> Edits:
    source = collection.source
    texts = [_joined(piece, collection, part) for piece in pieces]
    separator, has_lines = _separator(collection, part)
    if not has_lines:
        return (Edit(Span(part.end, part.end), "".join(separator + text for text in texts)),)
    end = line(source, part.end).end
    start = separator.removeprefix(",")
    if source.text[part.end : end].lstrip(" \t").startswith(","):
        return (Edit(Span(end, end), "".join(f"{start}{text}," for text in texts)),)
    following = Edit(Span(end, end), ",".join(start + text for text in texts))
    if end == part.end:
        return (following._replace(text="," + following.text),)
    return Edit(Span(part.end, part.end), ","), following


def _separator(collection: Node, part: LayoutPart) -> tuple[str, bool]:
    """What stands between parts in brackets, and whether each has a line of its own."""
    source = collection.source
    if has_own_line(source, part):
        return "," + newline(source) + source.text[line(source, part.start).start : part.start], True
    return "," + manner(collection).gap, False


def _joined(piece: list[str], collection: Node, part: LayoutPart) -> str:
    """The lines of a piece in brackets, the further ones indented as the part beside it."""
    source = collection.source
    lines = [one for text in piece for one in text.split("\n")]
    first, *others = lines
    before = source.text[line(source, part.start).start : part.start]
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    return first + "".join(newline(source) + indent + (_with_tabs(one) if "\t" in indent else one) for one in others)


def _with_tabs(line: str) -> str:
    """A line whose indentation is counted in tabs."""
    text = line.lstrip(" ")
    return "\t" * (len(line) - len(text)) + text
