"""Where each character of a decoded scalar stands in its source: the five YAML styles, and JSON strings.

The algorithms are libyaml's (scanner.c: yaml_parser_scan_block_scalar, _flow_scalar, _plain_scalar). What they decode
is compared with what the parser decoded, so that a map is either exact or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_HEADER = re.compile(r"[|>](?:[+-]|([1-9]))*[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?")
_FLOW = re.compile(
    r"(?P<fold>[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
    r"|(?P<text>[^ \t\r\n\x85\u2028\u2029\\']+|[ \t]+)"
    r"|(?P<quote>'')"
    r"|(?P<joined>\\(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
    r"|(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU\r\n]))"
    r"|(?P<other>.)"
)
_JSON = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]")
_ESCAPES = {
    "0": "\0", "a": "\x07", "b": "\x08", "t": "\t", "\t": "\t", "n": "\n", "v": "\x0b", "f": "\x0c", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip

Piece = tuple[str, int]
"""Decoded text and the offset of its first character; a text of one character may stand for several in the source."""


class Style(Enum):
    """How a scalar is written."""

    PLAIN = ""
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"
    JSON = "json"


def offsets(raw: str, value: str, style: Style) -> list[int] | None:
    """Offset in `raw`, the scalar as written, of each character of `value`, and of the end; None if they disagree."""
    if style in (Style.LITERAL, Style.FOLDED):
        text = value.rstrip("\n")
        places = _first_match(_block_candidates(raw, style), text)
        return places and places[: len(text)] + [len(raw)] * (len(value) - len(text) + 1)
    quote = 0 if style is Style.PLAIN else 1
    if raw[quote : len(raw) - quote] == value and "\n" not in value:
        return list(range(quote, quote + len(value) + 1))
    pieces = _json(raw) if style is Style.JSON else _flow(raw, quote, style)
    return _first_match([[*pieces, ("", len(raw) - quote)]], value)


def _first_match(candidates: Iterable[list[Piece]], value: str) -> list[int] | None:
    for pieces in candidates:
        if "".join(text for text, _ in pieces).rstrip("\n") == value.rstrip("\n"):
            return _spread(pieces)
    return None


def _spread(pieces: list[Piece]) -> list[int]:
    places = [start + index for text, start in pieces for index in range(len(text))]
    return [*places, pieces[-1][1] + len(pieces[-1][0])]


def _json(raw: str) -> Iterator[Piece]:
    for match in _JSON.finditer(raw, 1, len(raw) - 1):
        text = match.group()
        if text.startswith("\\u"):
            units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in text[2:].split("\\u"))
            yield units.decode("utf-16-be", "surrogatepass"), match.start()
        else:
            yield (_ESCAPES[text[1]] if text[0] == "\\" else text), match.start()


def _flow(raw: str, quote: int, style: Style) -> Iterator[Piece]:
    """Plain and quoted scalars: lines are trimmed and folded, escapes and doubled quotes decoded."""
    position, end = quote, len(raw) - quote
    while position < end:
        match = _FLOW.match(raw, position, end)
        assert match
        text, start, kind = match.group(), match.start(), match.lastgroup
        if kind == "fold" or (kind == "joined" and style is Style.DOUBLE):
            yield from _fold(text, start, joined=kind == "joined")
        elif kind == "quote" and style is Style.SINGLE:
            yield "'", start
        elif kind == "escape" and style is Style.DOUBLE:
            yield _unescape(text), start
        else:
            text = text if kind == "text" else text[0]
            yield text, start
            position = start + len(text)
            continue
        position = match.end()


def _fold(text: str, start: int, *, joined: bool) -> Iterator[Piece]:
    """One break is a space, each further one a newline; after an escaped break each is a newline."""
    breaks = list(_BREAK.finditer(text))
    first, rest = breaks[0], breaks[1:]
    if not joined and first.group() in "\u2028\u2029":
        yield first.group(), start
    elif not joined and not rest:
        yield " ", start
    for one in rest:
        yield _newline(one.group()), start + one.start()


def _newline(text: str) -> str:
    return text if text in "\u2028\u2029" else "\n"


def _unescape(text: str) -> str:
    return chr(int(text[2:], 16)) if text[1] in "xuU" else _ESCAPES.get(text[1], text[1])


def _block_candidates(raw: str, style: Style) -> Iterator[list[Piece]]:
    """The scalar's pieces for its indentation; an explicit one counts from the parent, which is tried out."""
    header = _HEADER.match(raw)
    first = _BREAK.match(raw, header.end()) if header else None
    if not header or not first:
        yield [("", len(raw))]
        return
    lines = _lines(raw, first.end())
    for indent in range(1, 200) if header.group(1) else (_indent(raw, lines),):
        yield list(_block(raw, lines, indent, folded=style is Style.FOLDED)) or [("", len(raw))]


def _lines(raw: str, position: int) -> list[tuple[int, int, int]]:
    """Start, end of text and end with break of each line."""
    lines = []
    for match in _BREAK.finditer(raw, position):
        lines.append((position, match.start(), match.end()))
        position = match.end()
    return [*lines, (position, len(raw), len(raw))] if position < len(raw) else lines


def _indent(raw: str, lines: list[tuple[int, int, int]]) -> int:
    for start, end, _ in lines:
        text = raw[start:end].lstrip(" ")
        if text:
            return end - start - len(text)
    return 0


def _block(raw: str, lines: list[tuple[int, int, int]], indent: int, *, folded: bool) -> Iterator[Piece]:
    """Text lines joined by their breaks; a folded scalar makes spaces of single breaks between unindented lines."""
    pending: list[Piece] = []
    was_blank = True
    for start, end, after in lines:
        text = raw[start:end]
        skip = min(indent, len(text) - len(text.lstrip(" ")))
        newline = (_newline(raw[end:after]), end) if after > end else ("", end)
        if len(text) == skip:
            pending.append(newline)
            continue
        is_blank = text[skip] in " \t"
        if pending and folded and not was_blank and not is_blank and pending[0][0] == "\n":
            pending = pending[1:] or [(" ", pending[0][1])]
        yield from pending
        yield text[skip:], start + skip
        pending, was_blank = [newline], is_blank
    yield from pending
