"""Whether a loop is never left without what one of its commands asks for, whatever becomes of the others."""

from __future__ import annotations

from initlint.shell import syntax
from initlint.shell.command import Command
from initlint.shell.loops import Loop
from initlint.shell.syntax import Statement


def is_needed(loop: Loop, command: Command) -> bool:
    """Whether a command that always fails shuts every way out of a loop."""
    ways = [[(_holds(guard.statement, command), guard.succeeded) for guard in way.guards] for way in loop.ways]
    return bool(ways) and all(any(holds is not None and holds is not wanted for holds, wanted in way) for way in ways)


def _holds(statement: Statement, failing: Command) -> bool | None:
    """Whether a statement succeeds if one command fails, and nothing is known of the others."""
    match statement:
        case _ if statement is failing.statement:
            return False
        case syntax.Not():
            inner = _holds(statement.body, failing)
            return None if inner is None else not inner
        case syntax.AndOr(operator=operator, left=left, right=right):
            both = (_holds(left, failing), _holds(right, failing))
            decisive = operator == "||"
            return decisive if decisive in both else None if None in both else not decisive
        case syntax.Group() | syntax.Subshell() if statement.body.items:
            return _holds(statement.body.items[-1].statement, failing)
    return None
