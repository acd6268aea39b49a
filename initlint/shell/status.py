"""What can come of a script: every way in which it can end, by following each path that its statements may take.

Commands may succeed or fail, unless it is known which; the options `errexit` and `pipefail`, and `$?`, are followed.
POSIX 2.8.1 and 2.14 (set -e), with the differences of dash, busybox ash and bash answered by both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from initlint.shell import syntax
from initlint.shell.flow import BUILT_INS, Ending, Outcome, Outcomes, State, Unclear, of_status, on
from initlint.shell.syntax import Block, Script, Statement, Word

NEVER_FAIL = frozenset({":", "true", "echo", "printf", "export", "shopt", "unset", "umask", "readonly", "sleep", "date",
                        "pwd", "env", "id", "whoami", "wait"})  # fmt: skip
"""Commands whose failure would be a surprise, whatever they are given."""

_LOOKS = frozenset({"ls"})
"""Commands that fail only for what they are given."""

_MAX_CALLS = 20


class Verdict(NamedTuple):
    """Whether a script can end with success, and with failure; neither is one that never ends."""

    can_succeed: bool
    can_fail: bool


def verdict(script: Script, *, errexit: bool = False, pipefail: bool = False) -> Verdict | None:
    """What can come of a script that a shell runs with these options; None if that is not clear."""
    if script.has_errors:
        return None
    try:
        certain = {item.statement.name for item in script.body.items if isinstance(item.statement, syntax.Function)}
        ends = _Follower(certain).block(script.body, State(True, errexit, pipefail), suspended=False)
    except (Unclear, RecursionError):
        return None
    return Verdict(any(end.state.succeeded for end in ends), any(not end.state.succeeded for end in ends))


@dataclass
class _Follower:
    """Follows statements; `suspended` is where errexit is ignored: conditions, and all but the last of a list."""

    certain: set[str]
    functions: dict[str, Statement] = field(default_factory=dict)
    calls: int = 0

    def block(self, block: Block, state: State, *, suspended: bool) -> Outcomes:
        ways = on(state, state.succeeded)
        for item in block.items:
            ways = self.then(ways, lambda now, item=item: self.item(item, now, suspended))  # type: ignore[misc]
        return ways

    def then(self, ways: Outcomes, follow: Callable[[State], Outcomes]) -> Outcomes:
        """Continue what went on normally; what has left stays left."""
        left = {way for way in ways if way.ending is not Ending.NEXT}
        return frozenset(left.union(*(follow(way.state) for way in ways if way.ending is Ending.NEXT)))

    def item(self, item: syntax.Item, state: State, suspended: bool) -> Outcomes:
        if item.in_background:
            return on(state, True)
        return self.statement(item.statement, state, suspended)

    def statement(self, statement: Statement, state: State, suspended: bool) -> Outcomes:
        if isinstance(statement, syntax.Function):
            self.functions[statement.name] = statement.body
            return on(state, True)
        follow: Callable[..., Outcomes] = self.ways[type(statement)]
        return follow(statement, state, suspended)

    @cached_property
    def ways(self) -> dict[type, Callable[..., Outcomes]]:
        """How each kind of statement is followed."""
        return {
            syntax.Simple: self.simple,
            syntax.Test: self.test,
            syntax.Pipeline: self.pipeline,
            syntax.Not: self.negated,
            syntax.AndOr: self.and_or,
            syntax.If: self.branching,
            syntax.While: self.loop,
            syntax.For: self.counted,
            syntax.Case: self.choice,
            syntax.Subshell: self.in_subshell,
            syntax.Group: self.group,
        }

    def leaf(self, ways: Outcomes, suspended: bool) -> Outcomes:
        """With errexit, a failure that nothing looks at ends the script."""
        return frozenset(
            Outcome(Ending.EXIT, way.state)
            if way.ending is Ending.NEXT and not way.state.succeeded and way.state.errexit and not suspended
            else way
            for way in ways
        )

    def simple(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        name = command.name
        if name is not None and name in self.functions:
            ways = self.call(self.functions[name], state, suspended)
            # What is defined in one branch only may not be there.
            return self.leaf(ways if name in self.certain else ways | on(state, False), suspended)
        if name in BUILT_INS:
            return self.leaf(BUILT_INS[name](command, state), suspended)
        if name in ("eval", ".", "source") or (command.words and name is None):
            return self.leaf(on(state, True, False), suspended) | {
                Outcome(Ending.EXIT, state._replace(succeeded=one)) for one in (True, False)
            }
        if not command.words:
            return self.leaf(self.assigned(command, state, suspended), suspended)
        certain = (name in NEVER_FAIL or (name in _LOOKS and _has_no_operand(command))) and not command.redirects
        return self.leaf(on(state, True) if certain else on(state, True, False), suspended)

    def assigned(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        """An assignment has the status of its last command substitution; a declaration has its own."""
        bodies = [
            part.body
            for one in command.assignments
            if one.value
            for part in one.value.parts
            if isinstance(part, syntax.Substitution)
        ]
        if command.is_declaration or (not bodies and not command.redirects):
            return on(state, True)
        if not bodies:
            return on(state, True, False)
        # bash clears errexit within, dash does not.
        ways = self.subshell(bodies[-1], state, suspended) | self.subshell(bodies[-1], state, True)
        return frozenset(Outcome(Ending.NEXT, state._replace(succeeded=way.state.succeeded)) for way in ways)

    def call(self, body: Statement, state: State, suspended: bool) -> Outcomes:
        self.calls += 1
        if self.calls > _MAX_CALLS:
            raise Unclear("functions that call one another")
        ways = self.statement(body, state, suspended)
        return frozenset(Outcome(Ending.NEXT, way.state) if way.ending is Ending.RETURN else way for way in ways)

    def subshell(self, body: Block, state: State, suspended: bool) -> Outcomes:
        """Nothing but the status comes out of it."""
        ways = self.block(body, state, suspended=suspended)
        return frozenset(Outcome(Ending.NEXT, state._replace(succeeded=way.state.succeeded)) for way in ways)

    def in_subshell(self, statement: syntax.Subshell, state: State, suspended: bool) -> Outcomes:
        return self.leaf(self.subshell(statement.body, state, suspended), suspended)

    def group(self, group: syntax.Group, state: State, suspended: bool) -> Outcomes:
        """A redirection that fails, fails the group."""
        ways = self.block(group.body, state, suspended=suspended)
        return ways | self.leaf(on(state, False), suspended) if group.redirects else ways

    def pipeline(self, pipeline: syntax.Pipeline, state: State, suspended: bool) -> Outcomes:
        stages = [self.stage(stage, state, suspended) for stage in pipeline.stages]
        if not state.pipefail:
            return self.leaf(on(state, *stages[-1]), suspended)
        fails = [False in stage for stage in stages]
        succeeds = all(True in stage for stage in stages)
        return self.leaf(on(state, *[True] * succeeds, *[False] * any(fails)), suspended)

    def stage(self, stage: Statement, state: State, suspended: bool) -> set[bool]:
        body = Block(stage.start, stage.end, (syntax.Item(stage),))
        return {way.state.succeeded for way in self.subshell(body, state, suspended)}

    def negated(self, statement: syntax.Not, state: State, _: bool) -> Outcomes:
        ways = self.statement(statement.body, state, suspended=True)
        return frozenset(
            Outcome(way.ending, way.state._replace(succeeded=not way.state.succeeded))
            if way.ending is Ending.NEXT
            else way
            for way in ways
        )

    def and_or(self, statement: syntax.AndOr, state: State, suspended: bool) -> Outcomes:
        goes_on = statement.operator == "&&"
        ways = self.statement(statement.left, state, suspended=True)
        decided = {way for way in ways if way.ending is not Ending.NEXT or way.state.succeeded is not goes_on}
        rest = (way.state for way in ways - decided)
        return frozenset(decided.union(*(self.statement(statement.right, now, suspended) for now in rest)))

    def branching(self, statement: syntax.If, state: State, suspended: bool) -> Outcomes:
        return self.branches(statement.branches, statement.otherwise, state, suspended)

    def branches(
        self, branches: tuple[syntax.Branch, ...], otherwise: Block | None, state: State, suspended: bool
    ) -> Outcomes:
        if not branches:
            return self.block(otherwise, state, suspended=suspended) if otherwise else on(state, True)
        first, *rest = branches
        found: set[Outcome] = set()
        for way in self.block(first.condition, state, suspended=True):
            if way.ending is not Ending.NEXT:
                found.add(way)
            elif way.state.succeeded:
                found |= self.block(first.body, way.state, suspended=suspended)
            else:
                found |= self.branches(tuple(rest), otherwise, way.state, suspended)
        return frozenset(found)

    def loop(self, loop: syntax.While, state: State, suspended: bool) -> Outcomes:
        """Go round until no new state comes up; a loop that ran no body succeeds."""

        def once(now: State) -> tuple[set[Outcome], Outcomes]:
            ways = self.block(loop.condition, now, suspended=True)
            ended = {way for way in ways if way.ending is Ending.NEXT and way.state.succeeded is loop.is_until}
            left = {way for way in ways if way.ending is not Ending.NEXT}
            bodies = (self.block(loop.body, way.state, suspended=suspended) for way in ways - ended - left)
            return ended, frozenset(left.union(*bodies))

        return self.rounds(once, state)

    def rounds(self, once: Callable[[State], tuple[set[Outcome], Outcomes]], state: State) -> Outcomes:
        found: set[Outcome] = set()
        todo, seen = [(state, True)], set[tuple[State, bool]]()
        while todo:
            now, status = todo.pop()
            if (now, status) in seen:
                continue
            seen.add((now, status))
            ended, ways = once(now)
            found |= {Outcome(Ending.NEXT, way.state._replace(succeeded=status)) for way in ended}
            for way in ways:
                if way.ending is Ending.BREAK:
                    found.add(Outcome(Ending.NEXT, way.state._replace(succeeded=True)))
                elif way.ending in (Ending.NEXT, Ending.CONTINUE):
                    todo.append((way.state, way.state.succeeded))
                else:
                    found.add(way)
        return frozenset(found)

    def counted(self, loop: syntax.For, state: State, suspended: bool) -> Outcomes:
        """Any number of rounds; at least one where a word is given as it is."""
        certain = any(word.text is not None for word in loop.words or ())

        def once(now: State) -> tuple[set[Outcome], Outcomes]:
            return {Outcome(Ending.NEXT, now)}, self.block(loop.body, now, suspended=suspended)

        ways = self.rounds(once, state)
        if not certain or Outcome(Ending.NEXT, state._replace(succeeded=True)) not in ways:
            return ways
        first = self.block(loop.body, state, suspended=suspended)
        after = [self.rounds(once, way.state) for way in first if way.ending in (Ending.NEXT, Ending.CONTINUE)]
        return self.at_least_once(first, after)

    def at_least_once(self, first: Outcomes, after: Iterable[Outcomes]) -> Outcomes:
        """The first round's own endings, and those of further rounds; without one the first round's status stands."""
        stands = {Outcome(Ending.NEXT, way.state) for way in first if way.ending in (Ending.NEXT, Ending.CONTINUE)}
        broken = {
            Outcome(Ending.NEXT, way.state._replace(succeeded=True)) for way in first if way.ending is Ending.BREAK
        }
        left = {way for way in first if way.ending in (Ending.EXIT, Ending.RETURN)}
        again = {
            way
            for ways in after
            for way in ways
            if way.ending is not Ending.NEXT or way in stands or not way.state.succeeded
        }
        return frozenset(stands | broken | left | again)

    def choice(self, case: syntax.Case, state: State, suspended: bool) -> Outcomes:
        if any(arm.falls_through for arm in case.arms):
            raise Unclear("case arms that fall through")
        ways = [
            self.block(arm.body, state, suspended=suspended) if arm.body.items else on(state, True) for arm in case.arms
        ]
        has_default = any(_is_star(pattern) for arm in case.arms for pattern in arm.patterns)
        return frozenset().union(*ways, frozenset() if has_default else on(state, True))

    def test(self, test: syntax.Test, state: State, suspended: bool) -> Outcomes:
        """Of `$?` it is known what it compares; of everything else it may be either."""
        known = of_status(test.words, state)
        return self.leaf(on(state, True, False) if known is None else on(state, known), suspended)


def _has_no_operand(command: syntax.Simple) -> bool:
    return all((word.text or "").startswith("-") for word in command.words[1:])


def _is_star(word: Word) -> bool:
    return word.parts == (syntax.Pattern("*"),)
