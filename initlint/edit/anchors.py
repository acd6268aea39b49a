"""Whether a fix changes something behind the back of those who use it through an alias."""

from __future__ import annotations

from initlint.finding import Fix
from initlint.text.source import Span
from initlint.text.tree import Document


def is_for_all(fix: Fix, wanting: int, document: Document) -> bool:
    """Whether as many want a fix as use what it changes, and no anchor is taken from its aliases."""
    changed = [effect.node for effect in fix.effects] or [edit.span for edit in fix.edits]
    uses = max((_uses(span, document) for span in changed), default=1)
    return wanting >= uses and not any(_takes_anchor(edit.span, document) for edit in fix.edits)


def _uses(span: Span, document: Document) -> int:
    return 1 + sum(alias.target.span.contains(span) for alias in document.aliases)


def _takes_anchor(span: Span, document: Document) -> bool:
    aliases = [alias for alias in document.aliases if span != alias.target.span and span.contains(alias.target.span)]
    return any(not span.contains(alias.span) for alias in aliases)
