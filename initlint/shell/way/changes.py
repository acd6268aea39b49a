"""Which variables a statement sets, and what they are set to: in a loop these are not what they were before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Block, Statement, Word

_ARITHMETIC = regex(
    r"(?P<name>[A-Za-z_]\w*)\s*(?P<step>\+\+|--|[-+*/%]=|=(?!=))(?P<value>[^;,]*)|(?:\+\+|--)\s*(?P<after>[A-Za-z_]\w*)"
)
_READING = ("read", "mapfile", "readarray", "getopts")
_DECLARING_WORD = regex(r"([A-Za-z_]\w*)(?:=.*)?", re.DOTALL)


class VariableChange(NamedTuple):
    """A variable that is set, by the word of an assignment or by an arithmetic text; neither is any other way."""

    name: str
    value: Word | None = None
    arithmetic: str = ""
    in_subshell: bool = False


def assigned_in(statement: Statement, functions: Mapping[str, syntax.Function] | None = None) -> tuple[str, ...]:
    """The names of the variables that a statement, or a function that it calls, sets."""
    return tuple(dict.fromkeys(change.name for change in changes(statement, functions or {})))


def changes(
    statement: Statement, functions: Mapping[str, syntax.Function], seen: tuple[str, ...] = ()
) -> Iterator[VariableChange]:
    """Every way in which a statement sets variables; what happens in a subshell does not come out of it."""
    for inner, isolated in inside(statement):
        found = changes(inner, functions, seen)
        yield from (change._replace(in_subshell=True) for change in found) if isolated else found
    match statement:
        case syntax.Simple():
            yield from _of_command(statement)
            name = statement.name or ""
            if name in functions and name not in seen:
                yield from changes(functions[name].body, functions, (*seen, name))
        case syntax.Test():
            yield from _of_words(statement.words, is_arithmetic=statement.bracket == "((")
        case syntax.For():
            yield from [VariableChange(statement.name)] if statement.name else of_arithmetic(statement.header)


def of_arithmetic(text: str) -> Iterator[VariableChange]:
    """The assignments of an arithmetic expression."""
    for match in _ARITHMETIC.finditer(text):
        yield VariableChange(match["name"] or match["after"], None, match.group())


def _of_command(command: syntax.Simple) -> Iterator[VariableChange]:
    if not command.words or command.is_declaration:
        yield from (
            VariableChange(one.name, *((None, "+=") if one.appends else (one.value,))) for one in command.assignments
        )
        yield from _of_words([one.value for one in command.assignments if one.value])
    texts = [word.text or "" for word in command.words[1:]]
    match command.name:
        case "let":
            yield from (change for text in _texts(command.words[1:]) for change in of_arithmetic(text))
        case name if name in _READING:
            yield from (VariableChange(text) for text in texts if _DECLARING_WORD.fullmatch(text))
        case "unset":
            yield from (VariableChange(text) for text in texts)
        case "printf" if texts[:1] == ["-v"]:
            yield from (VariableChange(text) for text in texts[1:2])
    yield from _of_words(command.words)


def _of_words(words: tuple[Word, ...] | list[Word], *, is_arithmetic: bool = False) -> Iterator[VariableChange]:
    """`$((i++))` in a word, and the text of `((…))`."""
    for text in _texts(words):
        if is_arithmetic or text.startswith("$(("):
            yield from of_arithmetic(text)


def _texts(words: tuple[Word, ...] | list[Word]) -> Iterator[str]:
    for word in words:
        for part in word.parts:
            if isinstance(part, (syntax.Literal, syntax.Pattern)):
                yield part.text


def inside(statement: Statement) -> Iterator[tuple[Statement, bool]]:
    """The statements directly in a statement, and whether they run in a subshell."""
    match statement:
        case syntax.Pipeline():
            yield from ((stage, True) for stage in statement.stages)
        case syntax.Not() | syntax.Function():
            yield statement.body, False
        case syntax.AndOr():
            yield statement.left, False
            yield statement.right, False
        case syntax.Subshell():
            yield from _items(statement.body, isolated=True)
        case syntax.Group() | syntax.For():
            yield from _items(statement.body)
        case syntax.While():
            yield from _items(statement.condition)
            yield from _items(statement.body)
        case syntax.Case():
            yield from (one for arm in statement.arms for one in _items(arm.body))
        case syntax.If():
            for branch in statement.branches:
                yield from _items(branch.condition)
                yield from _items(branch.body)
            yield from _items(statement.otherwise) if statement.otherwise else ()


def _items(block: Block, *, isolated: bool = False) -> Iterator[tuple[Statement, bool]]:
    return ((item.statement, isolated or item.in_background) for item in block.items)
