"""Where each character of a decoded scalar stands in its source: the five YAML styles, and JSON strings.

The algorithms are libyaml's (scanner.c: yaml_parser_scan_block_scalar, _flow_scalar, _plain_scalar). What they decode
is compared with what the parser decoded, so that a map is either exact or refused.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import islice

from initlint.regex import regex

BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = regex(rf"\r\n|[{BREAKS}]")
_HEADER = regex(rf"[^{BREAKS}]*(?:\r\n|[{BREAKS}])")
_SURROGATE = regex("[\ud800-\udfff]")
_FLOW = regex(
    r"(?P<fold>[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
    r"|(?P<text>[^ \t\r\n\x85\u2028\u2029\\']+|[ \t]+)"
    r"|(?P<quote>'')"
    r"|(?P<joined>\\(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
    r"|(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU\r\n]))"
    r"|(?P<other>.)"
)
_JSON = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]+")
_SPACES = regex(" *")
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


@lru_cache(maxsize=64)  # a script is pointed into again and again
def offsets(raw: str, value: str, style: Style) -> Sequence[int] | None:
    """Offset in `raw`, the scalar as written, of each character of `value`, and of the end; None if they disagree."""
    if style in (Style.LITERAL, Style.FOLDED):
        text = value.rstrip(BREAKS)
        return _spread(_block(raw, text, folded=style is Style.FOLDED), text, len(raw), len(value) - len(text) + 1)
    quote = 0 if style is Style.PLAIN else 1
    end = len(raw) - quote
    if raw[quote:end] == value and "\n" not in value:
        return range(quote, end + 1)
    return _spread(_json(raw) if style is Style.JSON else _flow(raw, quote, style), value, end, 1)


def decode_json(raw: str) -> str:
    """Decode a JSON string; half a surrogate pair becomes U+FFFD, as in Go."""
    return _SURROGATE.sub("\ufffd", json.loads(raw)) if "\\" in raw else raw[1:-1]


def block_end(raw: str, value: str) -> int:
    """Where the last line with text of a block scalar ends in `raw`, which runs on over the blank lines behind it."""
    last = _BREAK.split(value.rstrip(BREAKS))[-1] if value.rstrip(BREAKS).endswith(" ") else ""
    end = len(raw.rstrip(" " + BREAKS))
    if last.strip(" ") or not last:
        return end + len(last) - len(last.rstrip(" "))
    indent = block_indent(raw, value)
    return max(stop for start, stop, _ in _lines(raw) if stop - start > indent)


def _spread(pieces: Iterator[Piece], value: str, end: int, ends: int) -> Sequence[int] | None:
    """The offset of each character of the pieces, then that of the end; None if they do not make up the value."""
    texts, places = [], array("I")
    for text, start in pieces:
        texts.append(text)
        places.extend(range(start, start + len(text)))
    places.extend([end] * ends)
    return places if "".join(texts) == value else None


def _json(raw: str) -> Iterator[Piece]:
    for match in _JSON.finditer(raw, 1, len(raw) - 1):
        text = match.group()
        if text[0] == "\\":
            text = decode_json(f'"{text}"') if text[1] == "u" else _ESCAPES[text[1]]
        yield text, match.start()


def _flow(raw: str, quote: int, style: Style) -> Iterator[Piece]:
    """Plain and quoted scalars: lines are trimmed and folded, escapes and doubled quotes decoded."""
    position, end = quote, len(raw) - quote
    while match := _FLOW.match(raw, position, end):
        text, start, kind, position = match.group(), match.start(), match.lastgroup, match.end()
        if kind == "fold" or (kind == "joined" and style is Style.DOUBLE):
            yield from _fold(text, start, joined=kind == "joined")
        elif kind == "quote" and style is Style.SINGLE:
            yield "'", start
        elif kind == "escape" and style is Style.DOUBLE:
            yield _unescape(text), start
        elif kind == "text":
            yield text, start
        else:
            yield text[0], start
            position = start + 1


def _fold(text: str, start: int, *, joined: bool) -> Iterator[Piece]:
    """One break is a space, each further one a newline; after an escaped break each is a newline."""
    breaks = _BREAK.finditer(text)
    first = next(breaks).group()
    is_space = not joined
    if not joined and first in "\u2028\u2029":
        is_space = False
        yield first, start
    for one in breaks:
        is_space = False
        yield _newline(one.group()), start + one.start()
    if is_space:
        yield " ", start


def _newline(text: str) -> str:
    return text if text in "\u2028\u2029" else "\n"


def _unescape(text: str) -> str:
    return chr(int(text[2:], 16)) if text[1] in "xuU" else _ESCAPES.get(text[1], text[1])


def _lines(raw: str) -> Iterator[tuple[int, int, int]]:
    """Start, end of text and end with break of each line behind the header of a block scalar."""
    header = _HEADER.match(raw)
    position = header.end() if header else len(raw)
    for match in _BREAK.finditer(raw, position):
        yield position, match.start(), match.end()
        position = match.end()
    if position < len(raw):
        yield position, len(raw), len(raw)


def block_indent(raw: str, value: str) -> int:
    """By how much the lines of a block scalar are indented: what the first line with text has lost of its spaces."""
    blank = len(value) - len(value.lstrip(BREAKS))
    first = next(islice(_lines(raw), blank, None), None)
    return _spaces(raw, first[0]) - _spaces(value, blank) if first else 0


def _spaces(text: str, start: int) -> int:
    match = _SPACES.match(text, start)
    return match.end() - start if match else 0


def _block(raw: str, value: str, *, folded: bool) -> Iterator[Piece]:
    """Text lines joined by their breaks; a folded scalar makes spaces of single breaks between unindented lines."""
    indent = block_indent(raw, value)
    pending: list[Piece] = []
    was_blank = True
    for start, end, after in _lines(raw):
        newline = _newline(raw[end:after]), end
        text = start + indent
        if end <= text:
            pending.append(newline)
            continue
        is_blank = raw[text] in " \t"
        if pending and folded and not was_blank and not is_blank and pending[0][0] == "\n":
            pending = pending[1:] or [(" ", pending[0][1])]
        yield from pending
        yield raw[text:end], text
        pending, was_blank = [newline], is_blank
