"""Edits of a text: spans are replaced, everything else stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.finding import Edit


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits; one that overlaps an edit before it is left out."""
    parts, end = [], 0
    for edit in sorted(set(edits)):
        if edit.span.start >= end:
            parts += [text[end : edit.span.start], edit.text]
            end = edit.span.end
    return "".join([*parts, text[end:]])
