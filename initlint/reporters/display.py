"""What the reader of a report wants and can show: colours, columns, an encoding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TextIO

from initlint.finding import Severity
from initlint.reporters.width import encodable, escape
from initlint.viewpoint import Viewpoint

BOLD = "1"
DIM = "2"
RELATED = "1;36"
SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}

WIDTH = 120
"""Columns of what is read anywhere; a narrower terminal gets lines that it does not break, under which marks fit."""

_LONGEST = 2_000
_AS_GIVEN = Viewpoint()


@dataclass(frozen=True, slots=True)
class Display:
    """How to show a report: `verbosity` is -1 for findings only, 1 and more for all that was left alone, too.

    `width` is what a line of a frame may take; `encoding` what characters there are; `viewpoint` is for the formats
    that name files to those who look at the whole repository.
    """

    color: bool = False
    verbosity: int = 0
    width: int = WIDTH
    encoding: str = "utf-8"
    viewpoint: Viewpoint = _AS_GIVEN

    def on(self, stream: TextIO) -> Display:
        """This display, with the characters that a stream can take."""
        # Streams in memory have no encoding, and take everything.
        return replace(self, encoding=stream.encoding or "utf-8")

    def for_programs(self, stream: TextIO) -> Display:
        """This display as a format needs it that programs read: without colours."""
        return replace(self.on(stream), color=False)

    def for_json(self) -> Display:
        """This display as JSON needs it, which can spell every character."""
        return replace(self, color=False, encoding="utf-8")

    def paint(self, text: str, style: str) -> str:
        """The text in a style, if colours are wanted."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text

    def name(self, text: str) -> str:
        """A path or a name, harmless and on one line."""
        return escape(text, self.encoding)

    def prose(self, text: str) -> str:
        """A message, harmless, on one line, and of a length that can be read: it may quote a manifest."""
        begun = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        return escape(begun.replace("…", self.ellipsis), self.encoding)

    @property
    def ellipsis(self) -> str:
        """The mark of what is left out."""
        return self.either("…", "...")

    @property
    def dot(self) -> str:
        """The separator of things that stand side by side."""
        return self.either(" · ", " - ")

    def either(self, glyph: str, plain: str) -> str:
        """A glyph, or plain characters where the encoding does not have it."""
        return glyph if encodable(glyph, self.encoding) else plain


PLAIN = Display()
