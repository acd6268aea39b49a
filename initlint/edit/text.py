"""Edits of the text of a scalar, in whatever style it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from initlint.finding import Change, Edit, Splice
from initlint.regex import regex
from initlint.text.scalarkind import ScalarKind, resolve
from initlint.text.scalars import BREAKS, Style, block_indent, offsets
from initlint.text.source import Span
from initlint.text.tree import Scalar

_BREAK = regex(rf"\r\n|[{BREAKS}]")
# What ends a plain scalar, there or in brackets, and what may begin one.
_ENDS_PLAIN = regex(r":(?:\s|\Z)|\s#|[\[\]{},]")
_BEGINS_PLAIN = regex(r"[\w/.$]")


def rewrite(scalar: Scalar, start: int, end: int, text: str) -> Change | None:
    """Replace a slice of the decoded text; None where the scalar's style cannot hold the new text."""
    written = _written(scalar, end, text)
    if written is None or not _is_printable(text) or _moves_the_ends(scalar, start, end, text):
        return None
    span = next(
        (span for span in _places(scalar, start, end) if _holds(scalar, span, written, (start, end, text))), None
    )
    return Change((Edit(span, written),), (Splice(scalar.span, start, end, text),)) if span else None


def _places(scalar: Scalar, start: int, end: int) -> Iterator[Span]:
    """Where to write: an insertion is behind the character before it; where that is folded, in front of the next."""
    if start == end and start > 0:
        place = scalar.at(start - 1, start).end
        yield Span(place, place)
    yield scalar.at(start, end)


def _holds(scalar: Scalar, span: Span, written: str, splice: tuple[int, int, str]) -> bool:
    """Whether the scalar, as it is written then, is read as it should be."""
    start, end, text = splice
    value = scalar.value[:start] + text + scalar.value[end:]
    raw = scalar.source.text[scalar.start : scalar.end]
    became = raw[: span.start - scalar.start] + written + raw[span.end - scalar.start :]
    if offsets(raw, scalar.value, scalar.style) is None or offsets(became, value, scalar.style) is None:
        return False
    return scalar.style is not Style.PLAIN or _stays_plain(became, value, text)


def _is_printable(text: str) -> bool:
    return all(line.isprintable() for line in text.replace("\t", "").split("\n"))


def _moves_the_ends(scalar: Scalar, start: int, end: int, text: str) -> bool:
    """Whether a block scalar would begin with white space or end with another break, which its header speaks of."""
    if scalar.style not in (Style.LITERAL, Style.FOLDED):
        return False
    body = scalar.value.rstrip(BREAKS)
    at_start = not scalar.value[:start].strip(BREAKS)
    became = (text + scalar.value[end:])[:1]
    return end > len(body) or (at_start and became in ("", " ", "\t", "\n")) or (end == len(body) and text[-1:] == "\n")


def _stays_plain(raw: str, value: str, text: str) -> bool:
    ends = _ENDS_PLAIN.search(text) or re.search(r":(?:\s|\Z)|\s#", raw)
    return not ends and bool(_BEGINS_PLAIN.match(raw)) and resolve(value) is ScalarKind.STRING


def _written(scalar: Scalar, end: int, text: str) -> str | None:
    """The new text as the scalar's style writes it, before what stands at `end`."""
    if scalar.style in (Style.DOUBLE, Style.JSON):
        # The escapes of JSON are YAML's, too.
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if scalar.style is Style.LITERAL:
        return _lines(scalar, text, scalar.value[end : end + 1])
    if "\n" in text:
        return None
    return text.replace("'", "''") if scalar.style is Style.SINGLE else text


def _lines(scalar: Scalar, text: str, following: str) -> str:
    """Lines as those of a literal scalar are: indented unless they are blank."""
    raw = scalar.source.text[scalar.start : scalar.end]
    match = _BREAK.search(raw)
    newline = match.group() if match else "\n"
    indent = " " * block_indent(raw, scalar.value)
    pieces = text.split("\n")
    filled = [*pieces[:-1], pieces[-1] + following.strip(BREAKS)]
    others = zip(pieces[1:], filled[1:], strict=True)
    return pieces[0] + "".join(newline + (indent if full else "") + piece for piece, full in others)
