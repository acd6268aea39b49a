"""A function as one call of it runs: the words of the call stand where the function says `"$@"`."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from initlint.shell.language import syntax
from initlint.shell.language.syntax import Function, Statement, Variable, Word

_BRANCHING = (syntax.If, syntax.While, syntax.For, syntax.Case, syntax.Pipeline)


# A budget: each call gets words of its own.
_MAX_WORDS = 400


class _Unclear(Exception):  # noqa: N818 - not an error: which words are left is not known
    """Raised where a function may drop or set its arguments."""


def called(function: Function, words: Sequence[Word]) -> Statement:
    """The body of a function that is called with these words; the same for the same ones.

    As it is written where it does not take them as they are, or where it is not clear which are left.
    """
    given = tuple(words)
    if not given or not function.hands_on:
        return function.body
    if given not in function.calls:
        try:
            function.calls[given] = _Splicer(given).of(function.body)
        except _Unclear:
            function.calls[given] = function.body
    return function.calls[given]


@dataclass
class _Splicer:
    """Goes through a function in the order of its text; `words` are what `shift` has left."""

    words: tuple[Word, ...]
    depth: int = 0
    given: int = 0

    def of(self, node: Any) -> Any:
        """A part of the syntax, with the words in it; the very same where there are none."""
        if not isinstance(node, tuple):
            return node
        if type(node) is tuple:
            return _changed(node, tuple(one for part in node for one in self.several(part)))
        if isinstance(node, syntax.Simple) and node.name in ("shift", "set"):
            self.drop(node)
        branches = _branches(node)
        self.depth += branches
        found = tuple(map(self.of, node))
        self.depth -= branches
        return _changed(node, type(node)(*found))

    def several(self, part: Any) -> Sequence[Any]:
        """What comes of one part of a list."""
        if not isinstance(part, Word):
            return (self.of(part),)
        first = first_handed_on(part)
        if first:
            self.given += len(self.words)
            if self.given > _MAX_WORDS:
                raise _Unclear
            return self.words[first - 1 :] or (part,)
        return (self.of(part),) if any(isinstance(one, syntax.Substitution) for one in part.parts) else (part,)

    def drop(self, command: syntax.Simple) -> None:
        """`shift` takes words away; in a branch or a loop it may not, and `set --` gives others."""
        texts = [word.text or "" for word in command.words[1:]]
        if command.name == "set":
            if "--" in texts or not all(text[:1] in ("-", "+") for text in texts[:1]):
                raise _Unclear
            return
        if self.depth or not all(map(str.isdecimal, texts)):
            raise _Unclear
        self.words = self.words[int(texts[0]) if texts else 1 :]


def first_handed_on(word: Word) -> int:
    """Of a word that stands for all arguments from one on, which that is: 2 of `"${@:2}"`; 0 of any other."""
    part = word.parts[0] if len(word.parts) == 1 else None
    if not isinstance(part, Variable) or (
        part.name != "@" and (part.name != "*" or part.quote is not syntax.Quote.NONE)
    ):
        return 0
    start = part.operation.removeprefix(":").strip() if part.operation else "1"
    return int(start) if start.isdecimal() else 0


def _branches(node: object) -> bool:
    """Whether what is in it may not run, or may run again: `[ -n "$1" ] && shift`."""
    return isinstance(node, _BRANCHING) or (isinstance(node, syntax.AndOr) and isinstance(node.left, syntax.Test))


def _changed(node: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    """The other, if anything in it is another one."""
    return node if len(node) == len(other) and all(map(operator.is_, node, other)) else other
