"""A failure that is followed through a script: the command that fails, what fails with it, what looks at its status."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from initlint.shell.language import syntax
from initlint.shell.outcome.flow import KEPT, OWN, Ending, Outcome, Outcomes, State, on
from initlint.shell.outcome.jobs import Job


class Loss(NamedTuple):
    """A command that fails whenever it runs. By the identity of their syntax: what fails with it, and what looks
    whether it did. `is_kept`: it matters whoever looks. `varies`: it has another argument each time that it runs, and
    only fails the first time. `is_told`: that it is told is no look at it: `wget a || echo "failed"`. `job` is what is
    known of it where it runs in the background.
    """

    command: int
    dependents: frozenset[int] = frozenset()
    lookers: frozenset[int] = frozenset()
    is_kept: bool = False
    varies: bool = False
    is_told: bool = False
    job: Job | None = None

    def failed(self, state: State) -> Outcomes:
        """What comes of the command that fails."""
        lost = KEPT if self.is_kept else OWN
        return frozenset({Outcome(Ending.NEXT, state._replace(succeeded=False, lost=lost))})

    def is_no_program(self, command: syntax.Simple, functions: Container[str]) -> bool:
        """Whether it is the command that fails, and a function, an assignment, or `exit` at the end of a subshell."""
        is_own = command.runs_nothing or command.name == "exit" or command.name in functions
        return id(command) == self.command and is_own

    def concerns(self, command: syntax.Simple, state: State) -> bool:
        """Whether it is the command that fails, or one that fails with it."""
        return id(command) == self.command or (state.is_lost and id(command) in self.dependents)

    def watched(self, command: syntax.Simple, state: State, ways: Outcomes) -> Outcomes:
        """What comes of a command if another one, or it, is the one that fails; `ways` where it is neither."""
        if id(command) == self.command:
            again = on(state, True) if self.varies and state.is_lost else frozenset[Outcome]()
            return self.failed(state) | again
        if self.concerns(command, state):
            return on(state, False)
        if command.name == "wait" and len(command.words) > 1:
            return self._awaited(command, state)
        if id(command) in self.lookers:
            return on(state.seen(), *(way.state.succeeded for way in ways))
        return ways

    def _awaited(self, command: syntax.Simple, state: State) -> Outcomes:
        """What comes of `wait` for a job: if that is the one that has failed, its status."""
        if not state.is_lost or not self.job:
            return on(state, True, False)
        if state.hides:
            return on(state, True)
        statuses = self.job.statuses(command.words[1:])
        failed = {Outcome(Ending.NEXT, state._replace(succeeded=False).passed_on())} if False in statuses else set()
        return frozenset(failed) | (on(state, True) if True in statuses else frozenset())

    @property
    def behind(self) -> Loss:
        """The same once a loop has waited for the job that has failed."""
        return self._replace(job=self.job and self.job._replace(is_awaited=True))
