"""Where the parts of a collection stand in the text: items with their dashes, comments that belong to them, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint.edit.values import Manner
from initlint.regex import regex
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Mapping, Node, Scalar, Sequence

_ALIAS = regex(r"\*[^\s,\[\]{}]+")
_COMMENT = regex(r"[ \t]*#")
_TIGHT = regex(r'"[:,]\S')
_ALONE = regex(r"[ \t]*,?[ \t]*(?:#.*)?")
_SPACE = regex(r"[ \t]*")
# How far into a file is looked for how it is indented.
_FAR = 100_000
_NEWLINE = regex(r"\r\n|\n|\r")
_KEEP = regex(r"[|>]\d?\+")
_MAPPING_BELOW = regex(r"^( *)[\w./-]+:[ \t]*\r?\n\1( +)[\w./-]+:", re.MULTILINE)
_SEQUENCE_BELOW = regex(r"^( *)[\w./-]+:[ \t]*\r?\n\1( *)-[ \t]", re.MULTILINE)


class LayoutPart(NamedTuple):
    """An entry of a mapping or an item of a list; it begins with its key or dash, and ends with its value.

    `head` is the end of the key or dash.
    """

    start: int
    head: int
    end: int
    value: Node


def is_flow(node: Node) -> bool:
    """Whether a collection is written in brackets."""
    return node.source.text[node.start : node.start + 1] in ("{", "[")


def parts(node: Node) -> list[LayoutPart]:
    """Everything in a collection, as it is written."""
    if isinstance(node, Mapping):
        return [LayoutPart(key.start, key.end, _end(node.source, key, value), value) for key, value in node.entries]
    return list(_flow_items(node) if is_flow(node) else _block_items(node))


def _end(source: Source, key: Node, value: Node) -> int:
    """Where the value of a key ends; that of an alias stands elsewhere."""
    return max(key.end, value.end) if value.start >= key.end else _alias_end(source, key.end)


def _alias_end(source: Source, start: int) -> int:
    match = _ALIAS.search(source.text, start)
    return match.end() if match else start


def _flow_items(node: Node) -> Iterator[LayoutPart]:
    end = node.start + 1
    for item in node:
        is_alias = not end <= item.start <= node.end
        start = item.start
        if is_alias and (match := _ALIAS.search(node.source.text, end)):
            start, end = match.span()
        else:
            end = item.end
        yield LayoutPart(start, start, end, item)


def _block_items(node: Node) -> Iterator[LayoutPart]:
    dash, indent = node.start, column(node.source, node.start)
    next_dash = re.compile(rf"^ {{{indent}}}-(?=\s|\Z)", re.MULTILINE)
    for item in node:
        is_alias = not dash < item.start <= node.end
        end = _alias_end(node.source, dash) if is_alias else max(item.end, dash + 1)
        yield LayoutPart(dash, dash + 1, end, item)
        following = next_dash.search(node.source.text, end, node.end)
        dash = following.end() - 1 if following else node.end


def column(source: Source, offset: int) -> int:
    """How many characters stand before it on its line."""
    return source.position(offset).column - 1


def line(source: Source, offset: int) -> Span:
    """The line of a character, without its break."""
    number = source.position(offset).line
    start = source.line_starts[number - 1]
    return Span(start, start + len(source.line(number)))


def is_first_on_line(source: Source, offset: int) -> bool:
    """Whether nothing but space stands before it."""
    return not source.text[line(source, offset).start : offset].strip(" \t")


def newline(source: Source) -> str:
    """How its lines end."""
    match = _NEWLINE.search(source.text)
    return match.group() if match else "\n"


def keeps_breaks(node: Node) -> bool:
    """Whether the blank lines behind it are part of it: a block scalar with `+` stands last in it."""
    while isinstance(node, Mapping | Sequence) and (inside := parts(node)):
        node = inside[-1].value
    is_block = isinstance(node, Scalar) and node.style in (Style.LITERAL, Style.FOLDED)
    return is_block and bool(_KEEP.match(node.source.text, node.start))


def below(source: Source, part: LayoutPart) -> int:
    """The end of the last line of a part, with the comments below that are indented further than the part."""
    indent, here = column(source, part.start), line(source, part.end)
    while (following := _next_line(source, here)) and _is_comment(source, following):
        if _indent(source, following) <= indent:
            break
        here = following
    return here.end


def above(source: Source, part: LayoutPart) -> int:
    """The beginning of the line of a part, or of the comments right above that are indented as the part."""
    indent, here = column(source, part.start), line(source, part.start)
    while here.start and _is_comment(source, upper := line(source, here.start - 1)):
        if _indent(source, upper) != indent:
            break
        here = upper
    return here.start


def _next_line(source: Source, here: Span) -> Span | None:
    number = source.position(here.start).line
    return line(source, source.line_starts[number]) if number < len(source.line_starts) else None


def _is_comment(source: Source, here: Span) -> bool:
    return bool(_COMMENT.match(source.text, here.start, here.end))


def _indent(source: Source, here: Span) -> int:
    match = _SPACE.match(source.text, here.start, here.end)
    return match.end() - here.start if match else 0


def has_own_line(source: Source, part: LayoutPart) -> bool:
    """Whether a part in brackets has its lines for itself, but for a comma and a comment."""
    rest = source.text[part.end : line(source, part.end).end]
    return is_first_on_line(source, part.start) and bool(_ALONE.fullmatch(rest))


def depth(node: Node) -> int:
    """By how much the lines within brackets are indented below the line of the opening one."""
    inside = parts(node)
    return column(node.source, inside[0].start) - _indent(node.source, line(node.source, node.start)) if inside else 0


def manner(node: Node) -> Manner:
    """How what is inserted into a collection is to be written, by what is in it, or else in the file."""
    if is_flow(node):
        has_lines = any(has_own_line(node.source, part) for part in parts(node))
        # Of one item alone, only the colon in front of the bracket tells.
        gap = "" if _TIGHT.search(node.source.text, max(node.start - 2, 0), node.end) else " "
        return Manner(is_json=is_json(node), gap=gap, step=max(depth(node), 0) if has_lines else 0)
    return Manner(
        _depth(node, Mapping) or _depth_in(node.source, _MAPPING_BELOW) or 2,
        _first(_depth(node, Sequence), _depth_in(node.source, _SEQUENCE_BELOW)),
        _dash(node),
    )


def is_json(node: Node) -> bool:
    """Whether it is JSON, or written as if it were: with keys in double quotes."""
    if isinstance(node, Mapping):
        styles = [key.style for key, _ in node.entries if isinstance(key, Scalar)]
        return bool(styles) and is_flow(node) and all(style in (Style.JSON, Style.DOUBLE) for style in styles)
    inside = [item for item in node if isinstance(item, Mapping | Sequence)]
    strings = [item for item in node if isinstance(item, Scalar)]
    quoted = bool(strings) and all(one.style in (Style.JSON, Style.DOUBLE) for one in strings)
    return is_flow(node) and (quoted or any(is_json(one) for one in inside))


def _first(own: int | None, others: int | None) -> int:
    """Lists may stand at the column of their key."""
    return next((one for one in (own, others) if one is not None), 2)


def _depth(node: Node, kind: type[Mapping | Sequence]) -> int | None:
    """How far the first such collection within a mapping is indented below its key."""
    for part in parts(node) if isinstance(node, Mapping) and not is_flow(node) else ():
        value = part.value
        if isinstance(value, kind) and not is_flow(value) and part.start < value.start < part.end:
            return column(node.source, value.start) - column(node.source, part.start)
    return None


def _depth_in(source: Source, pattern: re.Pattern[str]) -> int | None:
    match = pattern.search(source.text, 0, _FAR)
    return len(match[2]) if match else None


def _dash(node: Node) -> int:
    """How far items of a list stand behind the column of their dash."""
    for part in parts(node) if isinstance(node, Sequence) and not is_flow(node) else ():
        if part.start < part.value.start <= part.end and line(node.source, part.start).end > part.value.start:
            return part.value.start - part.start
    return 2
