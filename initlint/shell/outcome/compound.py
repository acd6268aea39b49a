"""Follow lists, conditions and loops: what decides which statement comes next, whatever the statements are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from initlint.shell.language import syntax
from initlint.shell.language.syntax import AndOr, Block, Statement
from initlint.shell.outcome.fallible import can_fail
from initlint.shell.outcome.flags import has_failed, of_flags
from initlint.shell.outcome.flow import (
    Ending,
    Outcome,
    Outcomes,
    State,
    Unclear,
    asks_status,
    counts,
    looked_at,
    of_kept_status,
    of_status,
    on,
    reads_lines,
)
from initlint.shell.outcome.idling import (
    gives_up,
    leaves_if_it_works,
    only_idles,
    only_marks,
    only_pauses,
    only_reports,
)
from initlint.shell.outcome.jobs import waits
from initlint.shell.outcome.loss import Loss
from initlint.shell.outcome.rounds import at_least_once, rounds


class Compound(ABC):
    """The statements that are made of others; `suspended` is where errexit is ignored.

    `loss` is what fails, `unread` the names of marks that nothing reads.
    """

    loss: Loss | None
    unread: frozenset[str]

    @abstractmethod
    def item(self, item: syntax.Item, state: State, suspended: bool) -> Outcomes:
        """A statement of a list, perhaps in the background."""

    @abstractmethod
    def statement(self, statement: Statement, state: State, suspended: bool) -> Outcomes:
        """Any statement."""

    @abstractmethod
    def statuses(self, command: syntax.Simple) -> tuple[bool, ...]:
        """How a simple command may end."""

    @abstractmethod
    def shell(self, body: Block, state: State, suspended: bool) -> Outcomes:
        """A subshell."""

    @abstractmethod
    def leaf(self, ways: Outcomes, suspended: bool) -> Outcomes:
        """What comes of the ways of a statement that is made of no others where errexit is on."""

    @abstractmethod
    def worded(self, words: Sequence[syntax.Word], state: State) -> State:
        """The state behind words, whose commands have a status of their own."""

    def is_in_vain(self, loop: syntax.For) -> bool:
        """Whether a loop goes through files that there are not because of what has failed, or is what needs it."""
        needing = self.loss.dependents if self.loss else frozenset[int]()
        return id(loop) in needing or any(id(item.statement) in needing for item in loop.body.items)

    def block(self, block: Block, state: State, *, suspended: bool) -> Outcomes:
        """Statements one after another."""
        ways = frozenset({Outcome(Ending.NEXT, state)})
        for index, item in enumerate(block.items):
            rest = block.items[index + 1 :]
            ways = self.then(ways, lambda now, item=item, rest=rest: self.tried(item, rest, now, suspended))  # type: ignore[misc]
        return ways

    def tried(self, item: syntax.Item, rest: tuple[syntax.Item, ...], state: State, suspended: bool) -> Outcomes:
        """A statement of a list; of one that leaves if something works, what follows handles the failure, or idles."""
        statement = item.statement
        if not leaves_if_it_works(statement):
            return self.item(item, state, suspended)
        if not only_idles(rest):
            return looked_at(self.item(item, state, suspended), closely=False)
        if isinstance(statement, syntax.If):
            first = statement.branches[0]
            return self.then(
                self.block(first.condition, state, suspended=True),
                lambda now: self.block(first.body, now, suspended=suspended) if now.succeeded else on(now, True),
            )
        return self.item(item, state, suspended)

    def then(self, ways: Outcomes, follow: Callable[[State], Outcomes]) -> Outcomes:
        """Continue what went on normally; what has left stays left."""
        left = {way for way in ways if way.ending is not Ending.NEXT}
        return frozenset(left.union(*(follow(way.state) for way in ways if way.ending is Ending.NEXT)))

    def negated(self, statement: syntax.Not, state: State, _: bool) -> Outcomes:
        """`!` in front of a command suspends errexit in it."""
        return inverted(looked_at(self.statement(statement.body, state, suspended=True)))

    def and_or(self, statement: AndOr, state: State, suspended: bool) -> Outcomes:
        """Errexit looks only at the last command of a list."""
        goes_on = statement.operator == "&&"
        left, right = statement.left, statement.right
        is_told = only_reports([_inside(right)]) and (isinstance(left, AndOr) or bool(self.loss and self.loss.is_told))
        is_lost = is_told or (isinstance(left, AndOr) and only_pauses(left, right))
        is_lost = is_lost or only_marks(right, self.unread) or isinstance(left, syntax.Test)
        ways = self.unseen(left, state) if is_lost and isinstance(left, AndOr) else None
        if only_reports([right], self.unread):
            ways = self.told_of(left, state, is_status=goes_on) or ways
        ways = ways or self.statement(left, state, suspended=True)
        closely = not (isinstance(right, syntax.Simple) and self.statuses(right) == (True,))
        if not (goes_on or is_lost or closely or state.is_lost):  # `{ a; b; } || true`: nothing in there matters
            ways = frozenset(way.seen() for way in ways)
        decided = {way for way in ways if way.ending is not Ending.NEXT or way.state.succeeded is not goes_on}
        is_lost = is_lost or isinstance(left, syntax.Not)
        seen = ways - decided if goes_on or is_lost else looked_at(ways - decided, closely=closely)
        rest = [way.state for way in seen]
        return frozenset(decided.union(*(self.statement(right, now, suspended) for now in rest)))

    def unseen(self, statement: AndOr, state: State) -> Outcomes | None:
        """What comes of `[ $? = 0 ] && echo ok`, before `|| echo failed`: that is only told, nothing has seen it."""
        known = of_kept_status(statement.left, state)
        if known is None or statement.operator != "&&":
            return None
        return self.statement(statement.right, state, suspended=True) if known else on(state, False)

    def branches(
        self, branches: tuple[syntax.Branch, ...], otherwise: Block | None, state: State, suspended: bool
    ) -> Outcomes:
        """`if`, `elif`, `else`; without an `else`, it succeeds where no condition holds."""
        if not branches:
            return self.block(otherwise, state, suspended=suspended) if otherwise else on(state, True)
        first, *rest = branches
        found: set[Outcome] = set()
        ways = self.block(first.condition, state, suspended=True)
        is_said = otherwise and not rest and only_reports([item.statement for item in otherwise.items], self.unread)
        is_told = (
            not otherwise and not rest and only_reports([item.statement for item in first.body.items], self.unread)
        )
        told = self.told(first.condition, state, is_failure=is_told) if is_said or is_told else None
        for way in told or (ways if is_said or _has_looked(first.condition, state) else looked_at(ways)):
            if way.ending is not Ending.NEXT:
                found.add(way)
            elif way.state.succeeded:
                found |= self.block(first.body, way.state, suspended=suspended)
            else:
                found |= self.branches(tuple(rest), otherwise, way.state, suspended)
        return frozenset(found)

    def told(self, condition: Block, state: State, *, is_failure: bool) -> Outcomes | None:
        """The answer of `[ $? -ne 0 ]` and of `! command` where a failure is only told of: nothing has seen it."""
        last = condition.items[-1].statement if len(condition.items) == 1 else None
        if last and (ways := self.told_of(last, state)):
            return ways
        if not (is_failure and isinstance(last, syntax.Not)):
            return None
        return inverted(self.statement(last.body, state, suspended=True))

    def told_of(self, test: Statement, state: State, *, is_status: bool = True) -> Outcomes | None:
        """The answer of `[ $rc -ne 0 ]`, or of `[ ! -f /data/x ]` for what has failed, where only words follow."""
        known = of_kept_status(test, state) if is_status else None
        if known is not None:
            return on(state, known)
        return on(state, True, False) if state.is_lost and self.loss and id(test) in self.loss.lookers else None

    def loop(self, loop: syntax.While, state: State, suspended: bool) -> Outcomes:
        """Go round until no new state comes up; a loop that ran no body succeeds."""

        is_of_lines = reads_lines(loop) and len(loop.condition.items) == 1
        closely = not reads_lines(loop) and not counts(loop)
        tried = loop.condition.items[0].statement if len(loop.condition.items) == 1 and gives_up(loop) else None

        def once(now: State) -> tuple[Outcomes, Outcomes]:
            if is_of_lines:
                ways = on(now, True, False)
            elif tried:
                ways = self.given_up(tried, now)
            else:
                ways = self.block(loop.condition, now, suspended=True)
                ways = ways if _has_looked(loop.condition, now) else looked_at(ways, closely=closely)
            ended = {way for way in ways if way.ending is Ending.NEXT and way.state.succeeded is loop.is_until}
            left = {way for way in ways if way.ending is not Ending.NEXT}
            bodies = (self.block(loop.body, way.state, suspended=suspended) for way in ways - ended - left)
            return frozenset(ended), frozenset(left.union(*bodies))

        return rounds(once, state)

    def given_up(self, tried: Statement, state: State) -> Outcomes:
        """What comes of a condition whose failure nothing handles: nor do `!`, and a test that counts."""
        match tried:
            case syntax.Not():
                return inverted(self.statement(tried.body, state, suspended=True))
            case AndOr() if isinstance(tried.left, syntax.Test) or isinstance(tried.right, syntax.Test):
                ways = self.given_up(tried.left, state)
                goes_on = tried.operator == "&&"
                decided = {way for way in ways if way.ending is not Ending.NEXT or way.state.succeeded is not goes_on}
                return frozenset(decided.union(*(self.given_up(tried.right, way.state) for way in ways - decided)))
        return self.statement(tried, state, suspended=True)

    def counted(self, loop: syntax.For, state: State, suspended: bool) -> Outcomes:
        """Any number of rounds; at least one where a word is given as it is. What is lost in its words is lost."""
        state = self.worded(loop.words or (), state)

        def body(now: State) -> Outcomes:
            return self.block(loop.body, now, suspended=suspended)

        if state.is_lost and self.loss and self.loss.job and self.loss.job.is_gone_through(loop):
            return at_least_once(body, state, lambda now: self.behind(body, now))
        ways = at_least_once(body, state)
        certain = any(word.text is not None for word in loop.words or ()) or (
            state.is_lost and (waits(loop.body) or self.is_in_vain(loop))
        )
        return ways if certain else ways | on(state, True)

    def behind(self, body: Callable[[State], Outcomes], state: State) -> Outcomes:
        """A round behind the one that has waited for the job that has failed."""
        kept, self.loss = self.loss, self.loss and self.loss.behind
        ways = body(state)
        self.loss = kept
        return ways

    def redirected(
        self, redirects: tuple[syntax.Redirect, ...], ways: Outcomes, state: State, suspended: bool
    ) -> Outcomes:
        """A redirection that fails, fails what it belongs to."""
        return ways | self.leaf(on(state, False), suspended) if any(map(can_fail, redirects)) else ways

    def pipeline(self, pipeline: syntax.Pipeline, state: State, suspended: bool) -> Outcomes:
        """The status of the last stage; with pipefail, success only if all have succeeded."""
        ends = {state._replace(succeeded=True)}
        for stage in pipeline.stages:
            ways = [way.state for way in self.shell(alone(stage), state, suspended)]
            ends = {
                state._replace(
                    succeeded=way.succeeded and (end.succeeded or not state.pipefail), lost=max(way.lost, end.lost)
                )
                for end in ends
                for way in ways
            }
        return self.leaf(frozenset(Outcome(Ending.NEXT, end) for end in ends), suspended)

    def choice(self, case: syntax.Case, state: State, suspended: bool) -> Outcomes:
        """`case`: any arm, and none unless one takes whatever there is."""
        if any(arm.falls_through for arm in case.arms):
            raise Unclear("case arms that fall through")
        is_asked = has_failed([case.subject], state.flags) or asks_status([case.subject], state)
        if is_asked or (self.loss and id(case) in self.loss.lookers):
            state = state.seen()
        ways = [
            self.block(arm.body, state, suspended=suspended) if arm.body.items else on(state, True) for arm in case.arms
        ]
        return frozenset().union(*ways, frozenset() if case.has_default else on(state, True))


def _inside(statement: Statement) -> Statement:
    """The one statement in brackets: `{ echo "download failed"; }`."""
    items = statement.body.items if isinstance(statement, syntax.Group) and not statement.redirects else ()
    return items[0].statement if len(items) == 1 else statement


def _has_looked(condition: Block, state: State) -> bool:
    """Whether it is no news that a condition does not hold: behind `!`, which has looked at the failure itself, and
    where `[ $? -ne 0 ]` asks for a status that is known.
    """
    last = condition.items[-1].statement if condition.items else None
    if isinstance(last, syntax.Test) and len(condition.items) == 1:
        return of_status(last.words, state) is not None or of_flags(last.words, state.flags) is not None
    return isinstance(last, syntax.Not)


def inverted(ways: Outcomes) -> Outcomes:
    """The same with the other status."""
    return frozenset(
        Outcome(way.ending, way.state._replace(succeeded=not way.state.succeeded)) if way.ending is Ending.NEXT else way
        for way in ways
    )


def alone(statement: Statement) -> Block:
    """A list of one statement."""
    return Block(statement.start, statement.end, (syntax.Item(statement),))
