"""What `wait` makes of a failure in the background: it has the status of one job, and forgets those of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import AndOr, Block, Pattern, Statement, Variable, Word

_ARRAY = regex(r"\$\{(\w+)\[[@*]\]\}")


class Job(NamedTuple):
    """A job that fails: the variables that hold its number alone, only those of `others`, and those of several.

    `is_one_of_many`: there are others. `is_awaited`: a loop has waited for it, and goes on with the others.
    """

    names: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    is_one_of_many: bool = False
    is_awaited: bool = False

    def statuses(self, operands: Sequence[Word]) -> tuple[bool, ...]:
        """How `wait` may end: it has the status of the last job that it is given."""
        last = _variable(operands[-1])
        if self.is_awaited or last in self.others:
            return (True,)
        may_be_another = len(operands) > 1 or last in self.lists
        return (True, False) if may_be_another and last not in self.names and self.is_one_of_many else (False,)

    def is_gone_through(self, loop: syntax.For) -> bool:
        """Whether a loop waits for one job after another, this one among them."""
        words = (word for command in _waits(loop.body) for word in command.words[1:])
        return self.is_one_of_many and any(_variable(word) == loop.name for word in words)


def waits(body: Block) -> bool:
    """Whether it waits for what was started before, one after another: of what has failed there is one at least."""
    return bool(_waits(body))


def _waits(body: Block) -> list[syntax.Simple]:
    found = (one for item in body.items for one in _first(item.statement))
    return [one for one in found if isinstance(one, syntax.Simple) and one.name == "wait"]


def _first(statement: Statement) -> Iterable[Statement]:
    """A statement, and those that a list, or a condition, begins with."""
    match statement:
        case AndOr():
            return _first(statement.left)
        case syntax.Not():
            return _first(statement.body)
        case syntax.If():
            return [one for item in statement.branches[0].condition.items for one in _first(item.statement)]
    return [statement]


def _variable(word: Word) -> str:
    """The variable, or the array, that a word is."""
    match word.parts:
        case (Variable(name=name, operation=""),):
            return name
        case (Pattern(text=text),) if found := _ARRAY.fullmatch(text):
            return found[1]
    return ""
