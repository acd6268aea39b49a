"""Edits of a text: spans are replaced, everything else stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.finding import Diagnostic, Edit, Fix


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits; one that overlaps an edit before it is left out."""
    parts, end = [], 0
    for edit in sorted(set(edits)):
        if edit.span.start >= end:
            parts += [text[end : edit.span.start], edit.text]
            end = edit.span.end
    return "".join([*parts, text[end:]])


def compatible(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those whose fixes can be applied together, the first before others; each fix is applied as a whole, or waits."""
    chosen: list[Diagnostic] = []
    edits = set[Edit]()
    for one in found:
        if one.fix and not any(_collide(mine, other) for mine in one.fix.edits for other in edits):
            chosen.append(one)
            edits |= set(one.fix.edits)
    return chosen


def _collide(one: Edit, other: Edit) -> bool:
    """Whether two edits touch the same characters; two insertions at one place would stand in no certain order."""
    if one == other:
        return False
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def edits_of(found: Iterable[Diagnostic]) -> list[Edit]:
    """All edits of the fixes, each once."""
    return sorted({edit for one in found for edit in (one.fix.edits if one.fix else ())})


def fixes_of(found: Iterable[Diagnostic]) -> list[Fix]:
    """The fixes, each once."""
    return list(dict.fromkeys(one.fix for one in found if one.fix))
