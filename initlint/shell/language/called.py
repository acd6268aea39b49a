"""A function as one call of it runs: the words of the call stand where the function says `"$@"`.

So do those of a command that it is given as one word: `retry "nc -z db 5432"`, which it runs as `$1`, or from an array.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Function, Literal, Quote, Statement, Variable, Word

_BRANCHING = (syntax.If, syntax.While, syntax.For, syntax.Case, syntax.Pipeline)


_ARRAY = regex(r"\$\{(\w+)\[@\]\}")

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
    """Goes through a function in the order of its text; `words` are what `shift` has left.

    `commands` are the words of the first of them, by the variables and arrays that they are kept in.
    """

    words: tuple[Word, ...]
    depth: int = 0
    given: int = 0
    commands: dict[str, tuple[Word, ...]] = field(default_factory=dict)

    def of(self, node: Any) -> Any:
        """A part of the syntax, with the words in it; the very same where there are none."""
        if not isinstance(node, tuple):
            return node
        if type(node) is tuple:
            return _changed(node, tuple(one for part in node for one in self.several(part)))
        if isinstance(node, syntax.Simple) and node.name in ("shift", "set"):
            self.drop(node)
        if isinstance(node, syntax.Simple):
            self.keep(node)
            node = _changed(node, node._replace(words=(*self.run(node.words[:1]), *node.words[1:])))
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

    def keep(self, command: syntax.Simple) -> None:
        """`cmd="$1"`, `read -ra cmd <<< "$1"`."""
        for one in command.assignments:
            self.commands.pop(one.name, None)
            if one.value and not one.appends and not one.is_item and not self.depth:
                self.commands |= {one.name: tuple(self.kept(one.value))}
        if command.name == "read":
            array, texts = command.words[-1].text or "", [one.text for one in command.words[1:-1]]
            fed = [one.target for one in command.redirects if one.operator == "<<<" and one.target]
            is_array = texts in (["-ra"], ["-r", "-a"], ["-a"]) and len(fed) == 1 and not command.assignments
            self.commands[f"{array}[@]"] = tuple(self.kept(fed[0])) if is_array else ()

    def kept(self, word: Word) -> Iterator[Word]:
        """The words of the command that a word holds as a text; none if it is not the one that the call gives."""
        part = word.parts[0] if len(word.parts) == 1 else None
        if isinstance(part, Variable) and (not part.operation or part.operation.startswith((":?", "?"))):
            yield from _split(self.words[0]) if part.name == "1" and self.words else self.commands.get(part.name, ())

    def run(self, words: Sequence[Word]) -> Sequence[Word]:
        """The words of a command in place of the one that stands for them: `$1`, `$cmd`, `"${cmd[@]}"`."""
        part = words[0].parts[0] if words and len(words[0].parts) == 1 else None
        if isinstance(part, syntax.Pattern) and (match := _ARRAY.fullmatch(part.text)):
            return self.commands.get(f"{match[1]}[@]") or words
        if isinstance(part, Variable) and part.quote is Quote.NONE and not part.operation:
            return tuple(self.kept(words[0])) or words
        return words

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


def _split(word: Word) -> Sequence[Word]:
    """The words that a text becomes where it is not quoted; none if something in it is not known before it runs."""
    found: list[list[syntax.Part]] = [[]]
    for part in word.parts:
        if isinstance(part, Literal):
            first, *others = re.split(r"\s+", part.text)
            found[-1] += [Literal(first)] if first else []
            found += [[Literal(text)] if text else [] for text in others]
        elif isinstance(part, Variable) and not part.operation:
            found[-1].append(part._replace(quote=Quote.NONE))
        else:
            return ()
    return tuple(Word(word.start, word.end, tuple(parts)) for parts in found if parts)


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
