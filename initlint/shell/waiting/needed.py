"""Whether a loop is never left without what one of its commands asks for, whatever becomes of the others."""

from __future__ import annotations

from initlint.shell.language.command import Command
from initlint.shell.language.syntax import Statement
from initlint.shell.waiting.atoms import holds
from initlint.shell.waiting.loops import Loop


def is_needed(loop: Loop, command: Command) -> bool:
    """Whether a command that always fails shuts every way out of a loop."""

    def answer(one: Statement) -> bool | None:
        return False if one is command.statement else None

    ways = [[(holds(guard.statement, answer), guard.succeeded) for guard in way.guards] for way in loop.ways]
    return bool(ways) and all(any(one is not None and one is not wanted for one, wanted in way) for way in ways)
