"""What tests behind a wait come to if its counter or its list has run out: `[ "$i" -lt 30 ] || exit 1`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from initlint.shell.language.syntax import For, Statement
from initlint.shell.waiting.atoms import holds
from initlint.shell.waiting.counters import compared
from initlint.shell.waiting.counting import Count, counts, has_counter
from initlint.shell.waiting.loops import Loop, Way
from initlint.shell.waiting.waits import Wait


def tests_behind(wait: Wait) -> Mapping[int, bool]:
    """The tests of the counter, by the identity of their syntax, where all that the wait asks for fails."""
    loop = wait.loop
    found = _runs_out(wait, loop) if loop else None
    return dict(_compared(loop, found)) if loop and found else {}


def _runs_out(wait: Wait, loop: Loop) -> Count | None:
    """What surely ends a wait in vain: no other way out of its loop is open then."""
    open_ways = [
        way
        for way in loop.ways
        if not way.gives_up and not _is_shut(way, [one.command.statement for one in wait.steps])
    ]
    found = list(counts(loop, has_braces=wait.has_braces))
    is_listed = isinstance(loop.statement, For)
    is_only = len(found) == 1 and len(open_ways) + is_listed == 1 and all(has_counter(loop, way) for way in open_ways)
    return found[0] if is_only and found[0].counter and not _is_set_within(loop, found[0]) else None


def _is_shut(way: Way, asking: Sequence[Statement]) -> bool:
    """Whether a way out of a loop is shut where nothing of what is asked for answers."""
    statements = {id(one) for one in asking}

    def answer(one: Statement) -> bool | None:
        return False if id(one) in statements else None

    found = [(holds(guard.statement, answer), guard.succeeded) for guard in way.guards]
    return any(one is not None and one is not wanted for one, wanted in found)


def _compared(loop: Loop, count: Count) -> Iterator[tuple[int, bool]]:
    """The tests of a counter: behind the loop up to where something else sets it, and of a list in the last round."""
    commands, last = loop.walk.commands, loop.round.last
    sets = (one.first for one in loop.walk.rounds if one.first >= last and _goes_through(one.statement, count))
    again = min(sets, default=len(commands))
    is_listed = isinstance(loop.statement, For) and not loop.statement.header
    for command in commands[loop.round.first if is_listed else last : again]:
        if count.counter in command.assigned:
            return
        answer = compared(loop, command.statement, count.counter, count.value)
        if answer is not None:
            yield id(command.statement), answer


def _is_set_within(loop: Loop, count: Count) -> bool:
    """Whether something in a loop over a list, or another loop in it, sets its counter."""
    is_listed = isinstance(loop.statement, For) and not loop.statement.header
    within = (
        one for one in loop.walk.rounds if loop.round.first <= one.first < loop.round.last and one is not loop.round
    )
    return any(_goes_through(one.statement, count) for one in within) or (
        is_listed and any(one.name == count.counter and (one.value or one.arithmetic) for one in loop.changes)
    )


def _goes_through(statement: Statement, count: Count) -> bool:
    return isinstance(statement, For) and statement.name == count.counter
