"""Which failures of a script are meant to be possible: what stands before `||`, behind `!`, or in a condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from initlint.flow.model import Certainty, Need, Use
from initlint.shell.commands.meaning import Action
from initlint.shell.container.script import ContainerScript
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.syntax import Simple
from initlint.shell.way.context import leaves


def is_tolerated(use: Use) -> bool:
    """Whether the script goes on as it is meant to where a use fails."""
    command = use.step.command
    asked = any(" -w " in use.script.script.text_of(guard.statement) for guard in command.context.guards)
    return asked or may_fail(command, use.script)


def may_fail(command: Command, script: ContainerScript) -> bool:
    """Whether a command may fail, as the script means it."""
    return any(start <= command.start and command.end <= end for start, end in _spans(script))


def surely(need: Need, uses: Iterable[Use]) -> list[Use]:
    """What a script does with what it needs, whatever happens, and with no way on where that fails.

    Where a pattern such as `/out/*` stands for nothing, the command fails as well.
    """
    found = [use for use in uses if use.where == need.where and (use.certainty is Certainty.CERTAIN or _reads_all(use))]
    return [use for use in found if not is_tolerated(use)]


def _reads_all(use: Use) -> bool:
    is_certain = use.step.command.context.is_certain
    return use.action is Action.READ and use.of_pattern is not None and is_certain


@lru_cache(maxsize=64)
def _spans(script: ContainerScript) -> tuple[tuple[int, int], ...]:
    """The spans of what may fail."""
    inner = script.walk.inner.values() if script.walk else ()
    bodies = (script.script.body, *(one.script.body for one in inner))
    return tuple((one.start, one.end) for body in bodies for one in _tolerated(body))


def _tolerated(node: Any) -> Iterator[syntax.Statement | syntax.Block]:
    match node:
        case syntax.AndOr(operator="||") if not _gives_up(node.right):
            yield node.left
        case syntax.Not():
            yield node.body
        case syntax.If():
            yield from (branch.condition for branch in node.branches)
        case syntax.While():
            yield node.condition
        case syntax.Function():
            yield from _tolerated(node.body)
    for child in node if isinstance(node, tuple) else ():
        yield from _tolerated(child)


def _gives_up(statement: syntax.Statement) -> bool:
    """Whether a statement ends the script with a failure."""
    if not leaves(statement):
        return False
    return not (isinstance(statement, Simple) and [word.text for word in statement.words] == ["exit", "0"])
