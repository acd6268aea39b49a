"""How a loop can end: by going round until no new state comes up."""

from __future__ import annotations

from collections.abc import Callable

from initlint.shell.outcome.flow import Ending, Outcome, Outcomes, State

Once = Callable[[State], tuple[Outcomes, Outcomes]]
"""One round: the ways that end the loop before the body, and those of the body."""


def rounds(once: Once, state: State, status: bool = True) -> Outcomes:
    """Any number of rounds; the loop has the status of its last body, and `status` if none runs."""
    found: set[Outcome] = set()
    todo, seen = [(state, status)], set[tuple[State, bool]]()
    while todo:
        now, status = todo.pop()
        if (now, status) in seen:
            continue
        seen.add((now, status))
        ended, ways = once(now)
        found |= {Outcome(Ending.NEXT, way.state._replace(succeeded=status)) for way in ended}
        found |= _left(ways)
        todo += [(way.state, way.state.succeeded) for way in ways if _goes_on(way)]
    return frozenset(found)


def at_least_once(
    body: Callable[[State], Outcomes], state: State, behind: Callable[[State], Outcomes] | None = None
) -> Outcomes:
    """One round, and any number of further ones, in which `behind` is what the body is."""
    further = behind or body

    def once(now: State) -> tuple[Outcomes, Outcomes]:
        return frozenset({Outcome(Ending.NEXT, now)}), further(now)

    first = body(state)
    after = (rounds(once, way.state, way.state.succeeded) for way in first if _goes_on(way))
    return _left(first).union(*after)


def _goes_on(way: Outcome) -> bool:
    return way.ending in (Ending.NEXT, Ending.CONTINUE)


def _left(ways: Outcomes) -> Outcomes:
    """What leaves the loop in its body; behind `break` it has succeeded."""
    return frozenset(
        Outcome(Ending.NEXT, way.state._replace(succeeded=True)) if way.ending is Ending.BREAK else way
        for way in ways
        if not _goes_on(way)
    )
