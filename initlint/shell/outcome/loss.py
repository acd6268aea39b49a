"""A failure that is followed through a script: the command that fails, what fails with it, what looks at its status."""

from __future__ import annotations

from typing import NamedTuple

from initlint.shell.language import syntax
from initlint.shell.outcome.flow import KEPT, OWN, Ending, Outcome, Outcomes, State, on


class Loss(NamedTuple):
    """A command that fails whenever it runs. By the identity of their syntax: what fails with it, and what looks
    whether it did. `is_kept`: it matters whoever looks. `varies`: it has another argument each time that it runs, and
    only fails the first time.
    """

    command: int
    dependents: frozenset[int] = frozenset()
    lookers: frozenset[int] = frozenset()
    is_kept: bool = False
    varies: bool = False

    def failed(self, state: State) -> Outcomes:
        """What comes of the command that fails."""
        lost = KEPT if self.is_kept else OWN
        return frozenset({Outcome(Ending.NEXT, state._replace(succeeded=False, lost=lost))})

    def watched(self, command: syntax.Simple, state: State, ways: Outcomes) -> Outcomes:
        """What comes of a command if another one, or it, is the one that fails; `ways` where it is neither."""
        if id(command) == self.command:
            again = on(state, True) if self.varies and state.is_lost else frozenset[Outcome]()
            return self.failed(state) | again
        if state.is_lost and id(command) in self.dependents:
            return on(state, False)
        if command.name == "wait" and len(command.words) > 1:
            if not state.is_lost:
                return on(state, True, False)
            return frozenset({Outcome(Ending.NEXT, state._replace(succeeded=False).passed_on())})
        if id(command) in self.lookers:
            return on(state.seen(), *(way.state.succeeded for way in ways))
        return ways
