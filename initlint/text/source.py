"""Text and places in it: characters are the truth, lines and columns are computed at the edge."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from initlint.regex import regex

_NEWLINE = regex(r"\r\n|\n|\r")
# The mark of UTF-16 LE begins that of UTF-32 LE, which is therefore looked for first.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Span(NamedTuple):
    """A half-open range of characters of a source's text."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


class Position(NamedTuple):
    """A place for people and SARIF: 1-based line, 1-based column in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """One input: its path as shown to people, its text without a byte order mark, and how it was encoded.

    `undecodable` is the place of the first character that is not of the encoding (shown as U+FFFD), if there is one.
    `is_manifest`: it is YAML or JSON; else others speak of it, such as a script that a kustomization makes a file of.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bool = False
    undecodable: int | None = None
    is_manifest: bool = True

    @classmethod
    def decode(cls, path: str, data: bytes) -> Source:
        """Read bytes as YAML and JSON readers do: by byte order mark, else by the pattern of NULs, else as UTF-8."""
        bom, encoding = _encoding(data)
        body = data[len(bom) :]
        try:
            return cls(path, body.decode(encoding), encoding, bool(bom))
        except UnicodeDecodeError as problem:
            offset = len(body[: problem.start].decode(encoding))
            return cls(path, body.decode(encoding, "replace"), encoding, bool(bom), offset)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if "\r" in self.text:
            return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]
        # The same for nearly every text, in a tenth of the time.
        lengths = map(len, self.text.split("\n"))
        return [before + breaks for breaks, before in enumerate(accumulate(lengths, initial=0))][:-1]

    def position(self, offset: int) -> Position:
        """Line and column of a character; the end of the text is a valid place."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Text of a 1-based line, without its newline."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the text alone, not the lines computed from it."""
        return Source, (self.path, self.text, self.encoding, self.bom, self.undecodable, self.is_manifest)


class ComposedSource(Source):
    """A text that is made of parts of several sources, with the path of the first, which it is not."""


def _encoding(data: bytes) -> tuple[bytes, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding
    match [byte == 0 for byte in data[:2]]:
        case [False, True]:
            return b"", "utf-16-le"
        case [True, False]:
            return b"", "utf-16-be"
    return b"", "utf-8"
