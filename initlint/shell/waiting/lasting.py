"""How long a loop lasts if what it asks for is never there: its rounds, with the pauses and the tries of each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.places import seconds
from initlint.shell.language.syntax import Simple, Statement, Test
from initlint.shell.language.values import Value
from initlint.shell.waiting.atoms import atoms
from initlint.shell.waiting.counters import number
from initlint.shell.waiting.counting import assumed, counts, earlier, has_clock, is_counted
from initlint.shell.waiting.loops import Bound, Loop

_LATER = regex(r"(?:\bSECONDS\b|date[^)`]*[)`]|\b[A-Za-z_]\w*\b)[^+]*\+\s*(\$?\{?\w+\}?)")


class Lasting(NamedTuple):
    """A time in seconds. `is_all`: nothing else in it is known to take time; `is_exact`: nor does a try take any that
    nothing limits.
    """

    seconds: float
    is_all: bool
    is_exact: bool = True


def lasting(loop: Loop, inside: Sequence[Step], *, has_braces: bool) -> Lasting | None:
    """How long a loop goes on in vain; None if that is not known."""
    if loop.bound is Bound.CLOCK:
        return next((Lasting(found, True) for found in _by_clock(loop)), None)
    clock = [Lasting(found, True) for found in _by_clock(loop)] if has_clock(loop) else []
    if not is_counted(loop, has_braces=has_braces) or (has_clock(loop) and not clock):
        return None  # it may be left before its counter has run out
    steps = [step for step in inside if step.command.context.loops[-1:] == (loop.start,)]
    happening = [step for step in steps if _happens(loop, step)]
    limited = [step for step in happening if _has_own_limit(loop, step)]
    # Of what a limited shell runs, the limit is the time.
    outer = [step for step in happening if not any(_is_run_by(step, one) for one in limited)]
    taken = [(step.command.start, _time_of(loop, step, inside, happening)) for step in outer]
    is_all = len(steps) == len(inside) and all(time is not None for _, time in taken)
    known = [(at, time) for at, time in taken if time is not None]
    whole = sum(time for _, time in known)
    found = [
        one.rounds * whole + sum(time for at, time in known if loop.start <= at < one.at)
        for one in (*counts(loop, has_braces=has_braces), *earlier(loop, has_braces=has_braces))
    ]
    is_exact = not any(time == 0 and step.meaning.probes for step, (_, time) in zip(outer, taken, strict=True))
    return min([Lasting(min(found), is_all, is_exact), *clock], key=lambda one: one.seconds) if found else None


def _happens(loop: Loop, step: Step) -> bool:
    """Whether a command may run in a round in which nothing is there."""
    context = step.command.context
    own = [guard for guard in context.guards if loop.start <= guard.start < loop.end]
    return not context.in_background and all(
        assumed(loop, guard.statement) in (None, guard.succeeded) for guard in own if not _is_head(loop, guard.start)
    )


def _is_head(loop: Loop, at: int) -> bool:
    return at < loop.head[1]


def _has_own_limit(loop: Loop, step: Step) -> bool:
    """Whether `timeout` ends it within the loop."""
    limit = step.command.context.limit
    return limit is not None and limit is not loop.round.context.limit


def _is_run_by(step: Step, shell: Step) -> bool:
    """Whether a command is of the script that another one hands to a shell."""
    return shell.command.start in step.command.context.shells


def _time_of(loop: Loop, step: Step, inside: Sequence[Step], happening: Sequence[Step]) -> float | None:
    """How long a command may take; a shell with a limit no longer than what it runs, if all of that is known."""
    time = _time(loop, step)
    own = [one for one in inside if _is_run_by(one, step)] if _has_own_limit(loop, step) else []
    known = [found for one in own if one in happening and (found := _of_itself(loop, one, step)) is not None]
    is_all = all(one.command.context.loops == step.command.context.loops for one in own)
    is_all = is_all and len(known) == sum(one in happening for one in own)
    return min(time, sum(known)) if time is not None and own and is_all else time


def _of_itself(loop: Loop, step: Step, shell: Step) -> float | None:
    """The time of a command in a shell that has a limit, but for that limit; None if nothing else limits it."""
    is_of_shell = step.command.context.limit is shell.command.context.limit
    time = _by_meaning(step) if is_of_shell else _time(loop, step)
    return None if time == 0 and step.meaning.probes else time


def _time(loop: Loop, step: Step) -> float | None:
    """How long a command may take: as long as it sleeps, or as long as it or `timeout` lets one try take."""
    limit = step.command.context.limit
    if limit is not None and _has_own_limit(loop, step):
        return _finite(seconds(limit))
    return _by_meaning(step)


def _by_meaning(step: Step) -> float | None:
    meaning = step.meaning
    if meaning.pauses is not None:
        return _finite(_of_pause(meaning.pauses))
    if meaning.waits:
        return _finite(meaning.limit)
    if meaning.attempt is not None:
        return _finite(meaning.attempt)
    return 0 if meaning.is_known or not step.command.arguments else None


def _of_pause(pauses: Value) -> float | None:
    return float(pauses.known) if pauses.is_whole else None


def _finite(time: float | None) -> float | None:
    return time if time is not None and time < math.inf else None


def _by_clock(loop: Loop) -> Iterator[float]:
    """The time that a test of the clock allows: a number of SECONDS, a difference, or a time that was added to."""
    for way in loop.ways:
        for atom in (atom for guard in way.guards for atom in atoms(guard.statement)):
            if loop.kind(atom) is Bound.CLOCK and isinstance(atom, Test | Simple):
                yield from _allowed(loop, atom)


def _allowed(loop: Loop, test: Statement) -> Iterator[float]:
    text = loop.text_of(test)
    compared = re.split(r"\s-(?:lt|le|gt|ge)\s|[<>]=?", text.strip("[]() "))
    if len(compared) != 2:
        return
    for clock, other in (compared, compared[::-1]):
        plain = number(loop, other.strip("() "))
        if plain is not None and ("SECONDS" in clock or "-" in clock.replace("date -", "")):
            yield plain
        elif plain is None and (added := _added(loop, other)) is not None:
            yield added


def _added(loop: Loop, text: str) -> float | None:
    """Of a variable that was set to a time in the future, how far that was."""
    name = text.strip("\"'${}() ")
    for command in reversed(loop.walk.commands):
        statement = command.statement
        if command.start < loop.start and name in command.assigned and isinstance(statement, Simple):
            words = [one.value for one in statement.assignments if one.name == name and one.value]
            match = _LATER.search(loop.round_text(words[-1].start, words[-1].end)) if words else None
            return number(loop, match[1]) if match else None
    return None
