"""Which command a wait goes on for, where it is ended by a counter, a list or a clock else."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from initlint.shell.commands.facts import Step
from initlint.shell.language.command import Guard
from initlint.shell.language.syntax import Statement, Test
from initlint.shell.waiting.atoms import holds
from initlint.shell.waiting.loops import Loop, Way
from initlint.shell.waiting.waits import Wait, ending


def deciding(wait: Wait) -> Step | None:
    """A command without whose success a wait ends in vain alone; None where several may do, or others look at it."""
    plain = (step for step in wait.steps if not step.command.context.in_substitution)
    last = (step for step in plain if step.command.context.stage[0] + 1 == step.command.context.stage[1])
    return next((step for step in last if wait.loop is None or _decides(step, wait, wait.loop)), None)


def _decides(step: Step, wait: Wait, loop: Loop) -> bool:
    """Whether a command that always fails shuts every way out of a loop on which something is asked for."""
    asked = {one.command.start for one in wait.steps}
    ways = [way for way in ending(loop) if any(_asks(guard.statement, asked) for guard in way.guards)]
    return bool(ways) and all(any(_is_shut(way, step, asked, is_left) for is_left in (True, False)) for way in ways)


def _is_shut(way: Way, step: Step, asked: AbstractSet[int], is_left: bool) -> bool:
    """Whether a way is shut by a command that fails; `is_left` is what tests of something else say."""

    def answer(one: Statement) -> bool | None:
        if one is step.command.statement:
            return False
        return is_left if isinstance(one, Test) and not _asks(one, asked) else None

    return any(_is_other(holds(guard.statement, answer), guard) for guard in way.guards)


def _is_other(found: bool | None, guard: Guard) -> bool:
    return found is not None and found is not guard.succeeded


def _asks(statement: Statement, asked: AbstractSet[int]) -> bool:
    return any(statement.start <= start < statement.end for start in asked)
