"""Walk what is made of other statements: both ways of a condition are joined, and what a loop changes is not known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import NamedTuple

from initlint.shell.language import syntax
from initlint.shell.language.command import Command, Context, Guard
from initlint.shell.language.scope import Scope
from initlint.shell.language.syntax import Block, Statement, Word
from initlint.shell.language.values import UNKNOWN, Value, in_rounds
from initlint.shell.way.changes import assigned_in
from initlint.shell.way.context import after, is_question
from initlint.shell.way.decided import decided
from initlint.shell.way.enumerated import counter_of, of_counter, of_list
from initlint.shell.way.reading import of_lines


class Round(NamedTuple):
    """A loop that was come to, what was known before it, and what its variable is in each round, if that is.

    Its commands are those from `first` up to `last`: a function has the same loop for each of its calls.
    """

    statement: syntax.While | syntax.For
    context: Context
    scope: Scope
    texts: tuple[str, ...] = ()
    first: int = 0
    last: int = 0

    @property
    def condition(self) -> Statement | None:
        """What decides whether there is another round."""
        items = self.statement.condition.items if isinstance(self.statement, syntax.While) else ()
        return items[-1].statement if items else None


@dataclass
class CompoundWalker(ABC):
    """Goes through statements; each method tells whether the flow surely leaves the statements around it.

    `text` is the whole script; `commands` are those that were come to, `rounds` the loops, `functions` those that are
    defined by then.
    """

    scope: Scope
    text: str
    commands: list[Command] = field(default_factory=list, init=False)
    rounds: list[Round] = field(default_factory=list, init=False)
    functions: dict[str, syntax.Function] = field(default_factory=dict, init=False)

    @abstractmethod
    def statement(self, statement: Statement, context: Context) -> bool:
        """Any statement."""

    def block(self, block: Block, context: Context) -> bool:
        """Statements one after another; what one of them rules out guards those behind it."""
        for item in block.items:
            around = context
            if item.in_background:
                start = item.statement.start
                around = context.within(start)._replace(jobs=(*context.jobs, start))
            if item.in_background:
                self.isolated(item.statement, around)
                continue
            first = len(self.commands)
            if self.statement(item.statement, around):
                return True
            context = self.undecided(after(item.statement, context, self.commands[first:]), len(context.guards))
        return False

    def decides(self, statement: Statement | None) -> bool | None:
        """Whether a condition holds in a certain Pod; None if that is not known, or all Pods are meant."""
        return decided(statement, self.scope) if statement and self.scope.hostname else None

    def undecided(self, context: Context, known: int) -> Context:
        """The context without what is ruled out in a certain Pod in any case; the first guards have been seen."""
        new = (one for one in context.guards[known:] if self.decides(one.statement) is not one.succeeded)
        return context._replace(guards=(*context.guards[:known], *new)) if self.scope.hostname else context

    def isolated(self, statement: Statement, context: Context) -> None:
        """Walk what changes nothing outside: a subshell, a stage of a pipeline, the background."""
        kept = self.scope
        self.scope = kept.copy()
        self.statement(statement, context)
        self.scope = kept

    def substitutions(self, words: Iterable[Word], context: Context) -> None:
        """Commands whose output becomes part of a word."""
        for word in words:
            for part in word.parts:
                if isinstance(part, syntax.Substitution):
                    group = syntax.Group(part.body.start, part.body.end, part.body)
                    around = context.within(group.start)._replace(is_checked=True, in_substitution=True)
                    self.isolated(group, around)

    def pipeline(self, pipeline: syntax.Pipeline, context: Context) -> None:
        """Each stage runs in a subshell of its own, and reads what the one before it says."""
        kept = self.scope.input
        for index, stage in enumerate(pipeline.stages):
            place = (index, len(pipeline.stages))
            self.isolated(stage, context.within(stage.start)._replace(stage=place))
            self.scope.input = self.scope.said_by(pipeline.stages[: index + 1])
        self.scope.input = kept

    def negated(self, statement: syntax.Not, context: Context) -> None:
        """`!` looks at the status of what is behind it."""
        self.statement(statement.body, context._replace(is_checked=True))

    def and_or(self, statement: syntax.AndOr, context: Context) -> bool:
        """The right side runs, or does not; behind `mkdir x && cd x` both are taken to have run."""
        left = self.statement(statement.left, context._replace(is_checked=True))
        if (known := self.decides(statement.left)) is not None:
            return self.statement(statement.right, context) if known is (statement.operator == "&&") else left
        before = self.scope.copy()
        guard = Guard(statement.left, statement.operator == "&&")
        certain = context.is_certain and statement.operator == "&&"
        around = context._replace(guards=(*context.guards, guard), is_certain=certain)
        if self.statement(statement.right, around):
            self.scope.replace(before)
        elif statement.operator == "||" or is_question(statement.left):
            self.scope.join([before])
        return left

    def branching(self, statement: syntax.If, context: Context) -> bool:
        """`if`: in each branch its condition holds, and those before it do not."""
        kept = context.guards
        ends: list[Scope] = []
        for branch in statement.branches:
            self.block(branch.condition, context._replace(is_checked=True, guards=kept))
            last = branch.condition.items[-1].statement if branch.condition.items else None
            known = self.decides(last)
            if known:
                is_sure = context.is_certain and kept == context.guards
                return self.joined(ends, self.block(branch.body, context._replace(guards=kept, is_certain=is_sure)))
            start = self.scope.copy()
            if known is False:
                continue
            holds = (*kept, Guard(last, True)) if last else kept
            # In a certain Pod, what guards it may be known in each round of a loop, as behind `&&`.
            is_only = len(statement.branches) == 1 and not context.shells and _fails(statement.otherwise)
            is_guarded = context.is_certain and (is_only or bool(last and self.scope.hostname))
            if not self.block(branch.body, context._replace(guards=holds, is_certain=is_guarded)):
                ends.append(self.scope)
            self.scope = start
            kept = (*kept, Guard(last, False)) if last else kept
        is_sure = context.is_certain and kept == context.guards
        left = statement.otherwise is not None and self.block(
            statement.otherwise, context._replace(guards=kept, is_certain=is_sure)
        )
        return self.joined(ends, left)

    def joined(self, ends: list[Scope], left: bool) -> bool:
        """Go on with what the ways that go on have in common; none may."""
        if left and not ends:
            return True
        if left:
            self.scope = ends.pop()
        self.scope.join(ends)
        return False

    def loop(self, loop: syntax.While, context: Context) -> None:
        """`while` and `until`: the body is walked once, for all rounds."""
        known = of_lines(loop, self.scope) or dict(filter(None, [of_counter(loop, self.scope, self.text)]))
        texts = next(iter(known.values()), ())
        ended = self.begin(Round(loop, context, self.scope.copy(), texts))
        self.scope.forget(assigned_in(loop, self.functions))
        before = self.scope.copy()
        values = {name: in_rounds(loop.start, each) for name, each in known.items()}
        self.scope.variables |= values
        loops = (*context.loops, loop.start)
        self.block(loop.condition, context._replace(loops=loops, header=loop.start, is_checked=True))
        self.scope.variables |= values  # what `read` has set
        last = loop.condition.items[-1].statement if loop.condition.items else None
        guards = (*context.guards, Guard(last, not loop.is_until)) if last else context.guards
        certain = context.is_certain and bool(texts)
        self.block(loop.body, context._replace(loops=loops, guards=guards, is_certain=certain))
        self.scope.join([before])
        ended()

    def counted(self, loop: syntax.For, context: Context) -> None:
        """`for`: the variable is what all the words have in common."""
        texts = of_list(loop, self.scope)
        ended = self.begin(Round(loop, context, self.scope.copy(), texts))
        words = loop.words or ()
        self.substitutions(words, context)
        values = [self.scope.value(word) for word in words]
        self.scope.forget(assigned_in(loop, self.functions))
        before = self.scope.copy()
        if name := counter_of(loop):
            self.scope.assign(name, in_rounds(loop.start, texts) if texts else _any_of(values))
        certain = context.is_certain and bool(texts)
        self.block(loop.body, context._replace(loops=(*context.loops, loop.start), is_certain=certain))
        self.scope.join([before])
        ended()

    def begin(self, found: Round) -> Callable[[], None]:
        """Come to a loop; what is returned says that its last command was come to."""
        index, first = len(self.rounds), len(self.commands)
        self.rounds.append(found)

        def ended() -> None:
            self.rounds[index] = found._replace(first=first, last=len(self.commands))

        return ended

    def choice(self, case: syntax.Case, context: Context) -> bool:
        """`case`: any arm, and none unless one takes whatever there is."""
        self.substitutions([case.subject], context)
        start, ends = self.scope, list[Scope]()
        for arm in case.arms:
            self.scope = start.copy()
            known = self.decides(_matching(case, arm))
            if known and not ends:
                return self.block(arm.body, context)
            if known is False:
                continue
            guards = (*context.guards, *_of_arm(case, arm))
            if not self.block(arm.body, context._replace(is_certain=False, guards=guards)):
                ends.append(self.scope)
        self.scope = start
        return self.joined(ends, case.has_default)


def _of_arm(case: syntax.Case, arm: syntax.Arm) -> Iterator[Guard]:
    """What must hold for an arm: `[[ $x == a ]] || [[ $x == b ]]`; where it takes whatever there is, none before it."""
    if any(one.falls_through for one in case.arms):
        return
    if not _takes_all(arm):
        yield Guard(_matching(case, arm), True)
    elif not any(map(_takes_all, before := case.arms[: case.arms.index(arm)])):
        yield from (Guard(_matching(case, one), False) for one in before)


def _takes_all(arm: syntax.Arm) -> bool:
    return any(pattern.parts == (syntax.Pattern("*"),) for pattern in arm.patterns)


def _matching(case: syntax.Case, arm: syntax.Arm) -> Statement:
    """The test by which an arm is chosen."""
    subject = case.subject
    equals = Word(subject.end, subject.end, (syntax.Literal("=="),))
    tests: list[Statement] = [
        syntax.Test(subject.start, subject.end, "[[", (subject, equals, pattern)) for pattern in arm.patterns
    ]
    return reduce(lambda left, right: syntax.AndOr(subject.start, subject.end, left, "||", right), tests)


def _any_of(values: list[Value]) -> Value:
    """What several words have in common; what holds blanks becomes more words than are told apart."""
    if not values or any(len(value.known.split()) > 1 for value in values):
        return UNKNOWN
    first, *rest = values
    for value in rest:
        first = first.join(value)
    return first


def _fails(block: Block | None) -> bool:
    """Whether a branch ends the script without success: then the other one runs if it succeeds."""
    last = block.items[-1].statement if block and block.items else None
    return (
        isinstance(last, syntax.Simple)
        and last.name == "exit"
        and [one.text for one in last.words[1:]] not in ([], ["0"])
    )
