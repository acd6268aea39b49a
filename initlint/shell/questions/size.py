"""How large a script is: its commands, its lines, its decisions, and how deep they are nested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.shell.language import syntax
from initlint.shell.language.syntax import Block, Script, Statement


class Size(NamedTuple):
    """Of a script that is not understood, only the lines are known. Lines are those with something to read."""

    commands: int = 0
    lines: int = 0
    decisions: int = 0
    nesting: int = 0


def size_of(script: Script | None, text: str) -> Size:
    """Count what is written in a script's own text, not what runs: a function once, however often it is called."""
    found = [] if script is None or script.has_errors else list(_within(script.body, 0))
    return Size(
        sum(isinstance(one, syntax.Simple) and bool(one.words) for one, _ in found),
        _lines_of(text),
        sum(_decisions(one) for one, _ in found),
        max((depth + 1 for one, depth in found if _is_nested(one)), default=0),
    )


def _lines_of(text: str) -> int:
    """Lines that are neither blank nor comments."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in text.splitlines())


def _is_nested(statement: Statement) -> bool:
    return isinstance(statement, syntax.If | syntax.While | syntax.For | syntax.Case)


def _decisions(statement: Statement) -> int:
    """`if`, `elif`, loops, and the arms of `case`."""
    if isinstance(statement, syntax.If):
        return len(statement.branches)
    if isinstance(statement, syntax.Case):
        return len(statement.arms)
    return int(isinstance(statement, syntax.While | syntax.For))


def _within(block: Block, depth: int) -> Iterator[tuple[Statement, int]]:
    """Every statement with how many conditions and loops are around it."""
    for item in block.items:
        yield from _statement(item.statement, depth)


def _statement(statement: Statement, depth: int) -> Iterator[tuple[Statement, int]]:
    yield statement, depth
    below = depth + _is_nested(statement)
    for block in _blocks(statement):
        yield from _within(block, below)
    for inner in _parts(statement):
        yield from _statement(inner, below)


def _blocks(statement: Statement) -> Iterator[Block]:
    match statement:
        case syntax.If(branches=branches, otherwise=otherwise):
            for branch in branches:
                yield from (branch.condition, branch.body)
            yield from [otherwise] if otherwise else []
        case syntax.While(condition=condition, body=body):
            yield from (condition, body)
        case syntax.For(body=body) | syntax.Subshell(body=body) | syntax.Group(body=body):
            yield body
        case syntax.Case(arms=arms):
            yield from (arm.body for arm in arms)


def _parts(statement: Statement) -> Iterator[Statement]:
    match statement:
        case syntax.Pipeline(stages=stages):
            yield from stages
        case syntax.AndOr(left=left, right=right):
            yield from (left, right)
        case syntax.Not(body=body) | syntax.Function(body=body):
            yield body
