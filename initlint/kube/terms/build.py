"""An object that is made of parts of several files: one text for the rules, and where each part of it was written."""

from __future__ import annotations

from typing import NamedTuple

from initlint.finding import Place
from initlint.text.source import Source, Span
from initlint.text.tree import Node


class Piece(NamedTuple):
    """A part of the text of what is built: where it is there, and where it was written.

    `is_whole`: what stands in it stands nowhere by itself.
    """

    at: int
    text: str
    source: Source
    span: Span
    is_whole: bool = False

    def place(self, span: Span) -> Place:
        """Where something was written."""
        first, last = (min(max(one - self.at, 0), len(self.text)) for one in span)
        return Place(self.source, self.span if self.is_whole else Span(self.span.start + first, self.span.start + last))


class Build(NamedTuple):
    """A workload as some kustomizations build it, by their folders; `listed` is where the patches of it are named.

    `ways` is how many kustomizations it goes through last.
    """

    node: Node
    pieces: tuple[Piece, ...]
    roots: frozenset[str]
    listed: tuple[Place, ...]
    ways: int

    def written(self, place: Place) -> Place:
        """Where something was written that rules point at."""
        return place if place.source is not self.node.source else self._piece(place.span).place(place.span)

    def is_patched_at(self, place: Place) -> bool:
        """Whether something stands in a patch."""
        return place.source is self.node.source and self._piece(place.span) is not self.pieces[0]

    def _piece(self, span: Span) -> Piece:
        return next(one for one in reversed(self.pieces) if one.at <= span.start)


class Layer(NamedTuple):
    """What is said of the data of an object, for what was said before: each key with its value, None if it is removed.

    `is_all`: what was said before is no longer there.
    """

    values: tuple[tuple[str, Node | None], ...]
    is_all: bool = False
