"""Parts that go: keys of mappings and items of lists, with their lines, commas and comments; scalars that change."""

from __future__ import annotations

import json

from initlint.edit import values
from initlint.edit.layout import LayoutPart, above, below, is_first_on_line, is_flow, line, parts
from initlint.edit.values import Manner
from initlint.finding import Change, Edit, ItemChange, KeyChange, Replaced
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Mapping, Node, Scalar
from initlint.text.tree import Sequence as List

_BLOCK = (Style.LITERAL, Style.FOLDED)


def delete(collection: Node, what: str | Node) -> Change | None:
    """Take a key out of a mapping, or an item out of a list, with its comments; None if it is the only one."""
    inside = parts(collection)
    index = _index(collection, what)
    span = removal(collection, inside, index) if index is not None else None
    if span is None or index is None:
        return None
    effect = KeyChange(collection.span, str(what)) if isinstance(what, str) else ItemChange(collection.span, index)
    return Change((Edit(span, ""),), (effect,))


def replace(scalar: Node, value: str | int) -> Change | None:
    """Write another value in place of a scalar, in its own quotes."""
    if not isinstance(scalar, Scalar) or scalar.start == scalar.end or scalar.tag or scalar.style in _BLOCK:
        return None
    text = values.scalar(value, Manner(is_json=isinstance(value, str) and _wants_quotes(scalar)))
    if isinstance(value, str) and scalar.style is Style.SINGLE:
        text = "'" + value.replace("'", "''") + "'"
    return Change((Edit(scalar.span, text),), (Replaced(scalar.span, json.dumps(value)),))


def _wants_quotes(scalar: Scalar) -> bool:
    """Whether a text has to stand in double quotes there: it does so, or its key does, or it may be JSON."""
    before = scalar.source.text[max(scalar.start - 200, 0) : scalar.start].rstrip()
    return scalar.style in (Style.DOUBLE, Style.JSON) or before.endswith(('":', '" :', "[", ","))


def _index(collection: Node, what: str | Node) -> int | None:
    if isinstance(collection, Mapping):
        names = [key.value for key, _ in collection.entries]
        return names.index(what) if isinstance(what, str) and names.count(what) == 1 else None
    found = [index for index, item in enumerate(collection) if item is what] if isinstance(collection, List) else []
    return found[0] if len(found) == 1 else None


def removal(collection: Node, inside: list[LayoutPart], index: int) -> Span | None:
    """What has to go with a part of a collection; None if nothing would be left, or comments of others would go."""
    if len(inside) == 1:
        return None
    part = inside[index]
    if is_flow(collection):
        return _with_comma(collection, inside, index)
    if is_first_on_line(collection.source, part.start):
        return whole_lines(collection.source, part, with_comments=index > 0 or isinstance(collection, List))
    if index > 0:
        return None
    # The next key moves up to the dash.
    between = Span(part.start, inside[1].start)
    text = collection.source.text[line(collection.source, part.end).end : between.end]
    return None if text.strip() else between


def whole_lines(source: Source, part: LayoutPart, *, with_comments: bool) -> Span:
    """The lines of a part with their breaks; of the last line of a file, the break before."""
    start = above(source, part) if with_comments else line(source, part.start).start
    end = below(source, part)
    number = source.position(end).line
    if number < len(source.line_starts):
        return Span(start, source.line_starts[number])
    before = line(source, start - 1).end if start else 0
    return Span(before, end)


def _with_comma(collection: Node, inside: list[LayoutPart], index: int) -> Span | None:
    source, part = collection.source, inside[index]
    is_last = index == len(inside) - 1
    span = Span(inside[index - 1].end, part.end) if is_last else Span(part.start, inside[index + 1].start)
    opened = inside[index - 1].end if index else collection.start + 1
    ends = inside[index + 1].start if not is_last else part.end
    around = source.text[opened : part.start] + source.text[part.end : ends]
    return None if around.replace(",", "").strip() else span
