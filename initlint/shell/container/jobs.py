"""Which variables hold the number of a job of the background, and which those of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.outcome.jobs import Job

_NUMBER = regex(r"\$(?:!|\{!\})")
_ALONE = regex(r"""["']?\$(?:!|\{!\})["']?""")


_Jobs = tuple[int, ...]
"""A job by its beginning, behind those of the jobs that it is started in."""


def job_of(runs: Sequence[Step], steps: Sequence[Step], text: str) -> Job | None:
    """What is known of the job that a command is, or is in; None if it does not run in the background."""
    own = {job for run in runs for job in _around(run)}
    if not own:
        return None
    jobs = {job for one in steps for job in _around(one)}
    kept = [(name, is_alone, _before(command, jobs)) for command, name, is_alone in _kept(steps, text)]
    lists = frozenset(name for name, is_alone, _ in kept if not is_alone)
    names = frozenset(name for name, _, job in kept if job in own)
    return Job(
        names - lists,
        frozenset(name for name, *_ in kept) - names - lists,
        lists,
        is_one_of_many=len(jobs) > 1 or any(run.command.context.loops for run in runs),
    )


def _around(step: Step) -> Iterator[_Jobs]:
    jobs = step.command.context.jobs
    return (jobs[: depth + 1] for depth in range(len(jobs)))


def _before(command: Command, jobs: Iterable[_Jobs]) -> _Jobs | None:
    """The last job that is started before a command, where that runs itself."""
    started = (job for job in jobs if job[:-1] == command.context.jobs and job[-1] < command.start)
    return max(started, default=None)


def _kept(steps: Sequence[Step], text: str) -> Iterator[tuple[Command, str, bool]]:
    """What keeps the number of a job, in which variable, and whether that is all that is in it."""
    for command in (one.command for one in steps if not one.command.arguments):
        for one in _assignments(command):
            value = text[one.value.start : one.value.end] if one.value else ""
            if _NUMBER.search(value):
                yield command, one.name, bool(_ALONE.fullmatch(value)) and not one.appends and not one.is_item


def _assignments(command: Command) -> Sequence[syntax.Assignment]:
    return command.statement.assignments if isinstance(command.statement, syntax.Simple) else ()
