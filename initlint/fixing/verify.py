"""The independent check of a mended text: another reader agrees that exactly what the fixes declare has changed, and
every comment is still there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from initlint.finding import Fix, ItemChange, KeyChange
from initlint.fixing.expected import expected
from initlint.fixing.trees import canonical, is_json, read
from initlint.regex import regex
from initlint.text.documents import documents
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Scalar, walk

_COMMENT = regex(r"(?:(?<=\s)|^)#[^\r\n]*", re.MULTILINE)


def objection(before: Source, after: Source, fixes: Sequence[Fix]) -> str | None:
    """Why the text after the fixes must not be written; None if all is well."""
    old, new = list(documents(before)), list(documents(after))
    if [type(one) for one in old] != [type(one) for one in new]:
        return "the text would not be read as it was"
    pairs = ((was, became) for was, became in zip(old, new, strict=True) if isinstance(was, Document))
    problems = (_in_document(was, became, fixes) for was, became in pairs if isinstance(became, Document))
    return next(filter(None, problems), None)


def _in_document(was: Document, became: Document, fixes: Sequence[Fix]) -> str | None:
    old, new = _span(was), _span(became)
    own = [fix for fix in fixes if any(old.contains(edit.span) for edit in fix.edits)]
    if not own:
        same = _text(was, old) == _text(became, new)
        return None if same else "another document would change"
    if is_json(was.root) != is_json(became.root):
        return "the text would not be read as it was"
    try:
        wanted = expected(was.root, read(was.root, old), own)
        seen = canonical(read(became.root, new))
    except Exception as error:  # whatever a reader does not like: then there is no second opinion
        return f"it cannot be verified, {type(error).__name__}"
    if wanted != seen:
        return "something else would change"
    return None if _keeps_comments(was, became, own) else "a comment would be lost"


def _text(document: Document, span: Span) -> str:
    return document.root.source.text[span.start : span.end]


def _span(document: Document) -> Span:
    """What a document takes of its source; of JSON, its value."""
    return document.span if document.span.end else document.root.span


def _keeps_comments(was: Document, became: Document, fixes: Sequence[Fix]) -> bool:
    """Whether no comment is lost but those that are themselves deleted or changed."""
    removed = [edit.span for fix in fixes if not _moves(fix) for edit in fix.edits if not edit.text]
    kept = [text for start, text in _comments(was) if not any(_overlap(one, start, text) for one in removed)]
    return not Counter(kept) - Counter(text for _, text in _comments(became))


def _overlap(removed: Span, start: int, comment: str) -> bool:
    return removed.start < start + len(comment) and start < removed.end


def _moves(fix: Fix) -> bool:
    return any(isinstance(effect, KeyChange | ItemChange) and effect.moved for effect in fix.effects)


def _comments(document: Document) -> Iterator[tuple[int, str]]:
    """The comments of a document, without those in scripts; each with its place."""
    scalars = sorted({node.span for node in walk(document.root) if isinstance(node, Scalar)})
    starts = [span.start for span in scalars]
    for match in _COMMENT.finditer(document.root.source.text, *_span(document)):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or scalars[index].end <= match.start():
            yield match.start(), match.group().strip()
