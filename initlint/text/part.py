"""Texts that are a part of another one, or of a whole source, as if a manifest held them in a scalar."""

from __future__ import annotations

from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Scalar


class WholeText(Scalar):
    """All of a source that is no manifest: a script, say."""

    __slots__ = ()

    def __init__(self, source: Source) -> None:
        super().__init__(source, 0, len(source.text), source.text, Style.LITERAL, "")

    def at(self, start: int, end: int) -> Span:
        """The same characters of the source."""
        return Span(start, end)


class PartialText(Scalar):
    """A slice of the text of a scalar."""

    __slots__ = ("first", "whole")

    def __init__(self, whole: Scalar, first: int, last: int) -> None:
        place = whole.at(first, last)
        super().__init__(whole.source, place.start, place.end, whole.value[first:last], Style.LITERAL, "")
        self.whole = whole
        self.first = first

    def at(self, start: int, end: int) -> Span:
        """Where they stand in the source of the whole."""
        return self.whole.at(self.first + start, self.first + end)


class DecodedText(Scalar):
    """What a scalar says in another writing; each part of it stands where all of it does."""

    __slots__ = ()

    def __init__(self, whole: Scalar, text: str) -> None:
        super().__init__(whole.source, whole.start, whole.end, text, Style.LITERAL, "")

    def at(self, start: int, end: int) -> Span:  # noqa: ARG002
        """All of the scalar."""
        return Span(self.start, self.end)
