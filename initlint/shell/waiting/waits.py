"""Where a script waits for something, what for, and what ends the wait."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from initlint.kube.terms.expansion import shown
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Probe, ProbeKind
from initlint.shell.commands.places import seconds
from initlint.shell.language import syntax
from initlint.shell.language.command import Command, Context, Guard
from initlint.shell.language.syntax import Statement
from initlint.shell.language.values import UNKNOWN, Argument, Value
from initlint.shell.waiting.atoms import holds
from initlint.shell.waiting.lasting import Lasting, lasting
from initlint.shell.waiting.loops import Bound, Loop, Way
from initlint.shell.waiting.streams import Stream, streams
from initlint.shell.waiting.unanswered import is_left_unanswered

_PAUSING = frozenset({"read", "wait", "inotifywait", "flock", "sleep", "usleep"})
_KILLING = ("kill", "killall", "pkill")
"""In the background, they end what has taken too long: `(sleep 60; kill $$) &`."""

_MAX_ROUNDS = 64
"""How many rounds of the loops around a wait are told apart."""

Asking: TypeAlias = tuple[Step, Probe]
"""What is asked for, and by which command."""

_NO_WAIT = (Bound.NEVER, Bound.INPUT)


@dataclass(frozen=True, eq=False)
class Wait:
    """A wait: a loop that asks again and again, or a command that does so itself. `start` and `end` are its head's.

    `steps` are what it asks, `inside` everything that it does. `limit` is how many seconds something lets it last.
    `has_braces`: the shell that runs it knows `{1..9}`. `is_once`: it asks once, and fails without an answer.
    """

    start: int
    end: int
    steps: tuple[Step, ...]
    inside: tuple[Step, ...]
    bound: Bound
    context: Context
    limit: float | None = None
    loop: Loop | None = None
    has_braces: bool = False
    is_once: bool = False

    @cached_property
    def lasting(self) -> Lasting | None:
        """How long it lasts if what it waits for is never there; None if that is not known."""
        given = Lasting(self.limit, True) if self.limit is not None else None
        is_cut = given is None and self.loop is not None and self.bound is not self.loop.bound
        if self.loop is None or self.loop.bound is Bound.PROBE or is_cut:
            return given  # what is cut at a time that is not known lasts for a time that is not
        own = lasting(self.loop, self.inside, has_braces=self.has_braces)
        return min(given, own) if given and own and own.is_all else given or own

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        """What it asks for, as far as that is understood."""
        return tuple(probe for step in self.steps for probe in step.meaning.probes)

    @cached_property
    def target(self) -> str:
        """What it waits for, such as `db:5432`, `/data/ready` or `job/migrate`; empty if it is not known."""
        certain = (probe for step in self.steps if not step.meaning.assumes_host for probe in step.meaning.probes)
        return next(filter(None, map(said, certain)), "")

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The same for each round of the loops around it; none where one of them is not known."""
        certain = [step for step in self.steps if not step.meaning.assumes_host]
        asked = [(step, probe) for step in certain for probe in step.meaning.probes]
        found = [next(filter(None, (said(probe) for _, probe in one)), "") for one in self.rounds(asked)]
        return tuple(dict.fromkeys(found)) if all(found) else ()

    @property
    def defect(self) -> str:
        """By which rules recognise that they speak of the same wait."""
        return f"wait for {self.target or self.start}"

    def certain(self, env: Mapping[str, str | None] | None, *, of_host: bool = False) -> Iterator[Asking]:
        """What it asks for, where no variable of the environment may say otherwise; None is any variable.

        `of_host`: the port does not matter.
        """
        for step in self.steps:
            variables = {one for one in step.meaning.variables if not (of_host and one.endswith("PORT"))}
            if not variables or (env is not None and variables.isdisjoint(env)):
                yield from ((step, probe) for probe in step.meaning.probes)

    def rounds(self, asked: Sequence[Asking]) -> Iterator[Sequence[Asking]]:
        """What it asks for, in each round of a loop around it; what the rounds of its own loop ask for, together."""
        return in_rounds(asked, self.loop.start if self.loop else None)

    @cached_property
    def is_for_absence(self) -> bool:
        """Whether it ends when what it asks for is no longer there, or does not answer."""
        if any(probe.condition.lower() == "delete" for probe in self.probes):
            return True
        ways = ending(self.loop) if self.loop else ()
        if self.loop and is_left_unanswered(self.loop, ways):
            return True
        guards = (_plain(guard) for way in ways for guard in way.guards)
        starts = {step.command.start for step in self.steps}
        return any(
            not guard.succeeded and any(guard.start <= start < guard.statement.end for start in starts)
            for guard in guards
            if isinstance(guard.statement, syntax.Simple | syntax.Pipeline)
        )

    @property
    def is_unbounded(self) -> bool:
        """Whether nothing ends it but what it waits for."""
        return self.bound is Bound.PROBE

    @cached_property
    def pauses(self) -> bool | None:
        """Whether it pauses between two tries; None if something in it is not known, which may."""
        if any(_may_pause(step) for step in self.inside):
            return True
        unknown = any(not step.meaning.is_known for step in self.inside if step.command.arguments)
        return None if unknown else False


def in_rounds(asked: Sequence[Asking], own: int | None = None) -> Iterator[Sequence[Asking]]:
    """What is asked for, in each round of the loops around it; what the rounds of the `own` loop ask for, together.

    Of loops within loops, the first rounds.
    """
    return islice(_in_rounds(asked, own), _MAX_ROUNDS)


def _in_rounds(asked: Sequence[Asking], own: int | None) -> Iterator[Sequence[Asking]]:
    found = [value.each for _, probe in asked for value in probe.varying if value and value.each and value.is_of_loop]
    around = next((one for one in found if one.loop != own), None)
    each = around or (found[0] if found else None)
    if each is None:
        yield asked
        return
    indices = range(len(each.texts))
    rounds = [[(step, probe.in_round(each.loop, index)) for step, probe in asked] for index in indices]
    for one in rounds if around else ([asking for several in rounds for asking in several],):
        yield from _in_rounds(one, own)


def apart(asked: Sequence[Asking]) -> list[list[Asking]]:
    """What is asked for, each with what the same word names beside it, of which one is enough: `a:9092,b:9092`."""
    found: dict[tuple[int, int], list[Asking]] = {}
    for index, (step, probe) in enumerate(asked):
        words = (word.start for word in step.command.arguments if word.start <= probe.start < word.end)
        place = -index if step.meaning.needs_each else next(words, probe.start)
        found.setdefault((id(step.command), place), []).append((step, probe))
    return list(found.values())


def needed(wait: Wait, asked: Sequence[Asking]) -> list[list[Asking]]:
    """What a wait asks for, in groups: it does not end without one of each."""
    if wait.loop is None:
        return apart(asked)
    groups: dict[int, list[Asking]] = {}
    for one in asked:
        command = one[0].command
        groups.setdefault(id(command) if _is_needed(wait.loop, [command]) else 0, []).append(one)
    others = groups.pop(0, [])
    if groups and not _is_needed(wait.loop, [step.command for step, _ in others]):
        others = []
    return [*(group for several in groups.values() for group in apart(several)), *filter(None, [others])]


def _is_needed(loop: Loop, commands: Iterable[Command]) -> bool:
    """Whether commands that always fail shut every way out of a loop."""
    statements = {id(one.statement) for one in commands}

    def answer(one: Statement) -> bool | None:
        return False if id(one) in statements else None

    ways = [[(holds(guard.statement, answer), guard.succeeded) for guard in way.guards] for way in ending(loop)]
    return bool(ways) and all(any(one is not None and one is not wanted for one, wanted in way) for way in ways)


def ending(loop: Loop) -> Sequence[Way]:
    """The ways out of a loop by which it ends well, if there are any."""
    return [way for way in loop.ways if not way.gives_up] or loop.ways


def _is_program(word: Argument) -> bool:
    """Whether a word is a text in another language, which asks for one thing after the other."""
    return "\n" in (word.text or "")


def _plain(guard: Guard) -> Guard:
    """A guard without its negations."""
    while isinstance(guard.statement, syntax.Not):
        guard = Guard(guard.statement.body, not guard.succeeded)
    return guard


def said(probe: Probe) -> str:
    """What a probe asks for, in words."""
    host = shown(probe.host.text or "") if probe.host else None
    if probe.kind is ProbeKind.FILE:
        return probe.path.text or "" if probe.path else ""
    if probe.kind is ProbeKind.OBJECT:
        labels = probe.labels.text if probe.labels else None
        if labels is not None:
            return f"{probe.resource} -l {labels}" if labels else f"{probe.resource} --all"
        return "/".join(filter(None, (probe.resource, host)))
    port = probe.port.text if probe.port else None
    return f"{host}:{port}" if host and port else host or ""


def waits(
    loops: Sequence[Loop], steps: Sequence[Step], limit: Value | None, *, has_braces: bool = False
) -> tuple[Wait, ...]:
    """The waits of a script, in the order of its text; `limit` is that of a `timeout` around all of it."""
    by_loops = [replace(wait, has_braces=has_braces) for wait in _of_loops(loops, steps, limit)]
    asked = {id(step.command) for wait in by_loops for step in (*wait.steps, *filter(_is_pause, wait.inside))}
    by_commands = (_of_command(step, limit) for step in steps if step.meaning.waits and id(step.command) not in asked)
    by_streams = (_of_stream(one, limit) for one in streams(loops, steps) if id(one.source.command) not in asked)
    found = sorted([*by_loops, *by_commands, *by_streams], key=lambda wait: (wait.start, wait.end))
    is_watched = any(step.command.name in _KILLING and step.command.context.in_background for step in steps)
    return tuple(_limited(wait, UNKNOWN) if is_watched else wait for wait in found)


def _of_loops(loops: Sequence[Loop], steps: Sequence[Step], limit: Value | None) -> Iterator[Wait]:
    for loop in loops:
        members = {id(command) for command in loop.commands}
        inside = tuple(step for step in steps if id(step.command) in members)
        asked = _asked(loop, inside)
        if not asked or loop.bound in _NO_WAIT:
            continue
        start, end = loop.head
        wait = Wait(start, end, asked, inside, loop.bound, loop.round.context, loop=loop)
        if loop.bound is not Bound.LIST or wait.pauses or wait.probes:
            yield _limited(wait, loop.round.context.limit or limit)


def _asked(loop: Loop, inside: Sequence[Step]) -> tuple[Step, ...]:
    """What decides, without what only says something."""
    decisive: set[int] = {id(command) for command in loop.asked}
    return tuple(
        step
        for step in inside
        if id(step.command) in decisive
        and (step.meaning.can_fail or step.meaning.probes)
        and not _is_said(step.command)
    )


def _is_said(command: Command) -> bool:
    return command.name in ("echo", "printf") and not command.redirections


def _of_command(step: Step, limit: Value | None) -> Wait:
    command, meaning = step
    is_bounded = meaning.limit is not None or meaning.limit_is_unknown
    bound = Bound.CLOCK if is_bounded else Bound.PROBE
    program = command.arguments[0]
    place = program.start, max((program.end, *(probe.end for probe in meaning.probes)))
    texts = filter(_is_program, command.arguments)
    if meaning.probe and any(word.start < meaning.probe.start < word.end for word in texts):
        place = meaning.probe.start, meaning.probe.end
    wait = Wait(*place, (step,), (step,), bound, command.context, meaning.limit)
    return _limited(wait, command.context.limit or limit)


def _of_stream(stream: Stream, limit: Value | None) -> Wait:
    command, context = stream.source.command, stream.source.command.context
    wait = Wait(command.start, stream.end, stream.ending, (stream.source, *stream.ending), Bound.PROBE, context)
    return _limited(wait, context.limit or limit)


def attempt(step: Step) -> Wait:
    """A command that asks for something without which the container fails."""
    return replace(_of_command(step, None), bound=Bound.CLOCK, is_once=True)


def _limited(wait: Wait, limit: Value | None) -> Wait:
    """The wait as `timeout` ends it."""
    if limit is None:
        return wait
    return replace(wait, bound=Bound.CLOCK, limit=seconds(limit))


def _is_pause(step: Step) -> bool:
    """Whether it waits for anything to happen, so that what surrounds it looks again."""
    return step.command.name in _PAUSING


def _may_pause(step: Step) -> bool:
    meaning = step.meaning
    is_following = step.command.name == "tail" and any(
        re.match("-[a-zA-Z]*[fF]|--follow", word or "") for word in step.command.words
    )
    return is_following or step.command.name in _PAUSING or meaning.pauses is not None or meaning.waits
