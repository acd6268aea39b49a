"""Tests whose outcome is known before they run, as that of `[ "$HOSTNAME" = db-0 ]` is for a certain Pod."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from initlint.shell.language import syntax
from initlint.shell.language.scope import Scope
from initlint.shell.language.syntax import Statement, Word

_COMPARED: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "-eq": lambda one, other: one == other,
    "-ne": lambda one, other: one != other,
    "-gt": lambda one, other: one > other,
    "-ge": lambda one, other: one >= other,
    "-lt": lambda one, other: one < other,
    "-le": lambda one, other: one <= other,
}
_SAME = ("=", "==", "!=")


def decided(statement: Statement, scope: Scope) -> bool | None:
    """Whether a statement succeeds; None if that is not known."""
    match statement:
        case syntax.Not(body=body):
            inner = decided(body, scope)
            return None if inner is None else not inner
        case syntax.AndOr(left=left, operator=operator, right=right):
            ends = operator == "||"
            ways = [decided(left, scope), decided(right, scope)]
            return ends if ends in ways else None if None in ways else not ends
        case syntax.Test(bracket=bracket, words=words) if bracket != "((":
            return _of_test(words, scope, matches=bracket == "[[")
    return None


def _of_test(words: Sequence[Word], scope: Scope, *, matches: bool) -> bool | None:
    if len(words) != 3:
        return None
    left, operator = scope.value(words[0]).text, words[1].text or ""
    right = scope.value(words[2]).text
    if left is None:
        return None
    pattern = _pattern(words[2], scope) if matches and operator in _SAME else None
    if pattern is not None:
        return fnmatchcase(left, pattern) is (operator != "!=")
    return compared(left, operator, right) if right is not None else None


def compared(left: str, operator: str, right: str) -> bool | None:
    """Whether a test of two texts succeeds; None if it is no such test, or one of numbers that are none."""
    if operator in _SAME:
        return (left == right) is (operator != "!=")
    is_known = operator in _COMPARED and left.isdecimal() and right.isdecimal()
    return _COMPARED[operator](int(left), int(right)) if is_known else None


def _pattern(word: Word, scope: Scope) -> str | None:
    """What a word of `[[` matches; of what is quoted or replaced, the text itself."""
    found = ""
    for part in word.parts:
        text = part.text if isinstance(part, syntax.Pattern) else scope.part(part).text
        if text is None:
            return None
        found += text if isinstance(part, syntax.Pattern) else re.sub(r"([*?[])", r"[\1]", text)
    return found
