"""Follow the flow of a script: each way that its statements may take, with the status and the options on it.

POSIX 2.8.1 and 2.14 (set -e), with the differences of dash, busybox ash and bash answered by both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from initlint.shell.language import syntax
from initlint.shell.language.called import called
from initlint.shell.language.inner import InnerScript
from initlint.shell.language.parse import parse
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.language.syntax import Block, Statement
from initlint.shell.outcome.compound import Compound, alone
from initlint.shell.outcome.fallible import statuses
from initlint.shell.outcome.flags import flags_of, has_failed, of_flags, raised, reads_elsewhere, unread_of, value_of
from initlint.shell.outcome.flow import (
    BUILT_INS,
    PASSED,
    Ending,
    Outcome,
    Outcomes,
    State,
    Unclear,
    asks_status,
    at_last,
    exits,
    may_set_options,
    of_status,
    on,
    only_says,
    started,
    state_behind,
)
from initlint.shell.outcome.jobs import Job
from initlint.shell.outcome.loss import Loss

# Budgets: beyond them it is not clear how a script ends.
_MAX_STEPS = 20_000
_MAX_CALLS = 20


@dataclass
class Follower(Compound):
    """Follows statements; `suspended` is where errexit is ignored: conditions, and all but the last of a list.

    `inner` are scripts for other shells, by the commands that run them. `functions` are those defined by now, `certain`
    those that surely are; `version` counts how they change, `calls` are those around. `flags` are the names of
    variables that are known, `memory` what came of each statement. `is_in_trap`: a trap is followed behind `ended`.
    """

    inner: Mapping[int, InnerScript] = field(default_factory=dict)
    loss: Loss | None = None
    fallible: dict[int, tuple[bool, ...]] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)
    functions: dict[str, syntax.Function] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    flags: frozenset[str] = frozenset()
    text: str = ""
    unread: frozenset[str] = frozenset()
    steps: int = 0
    version: int = 0
    is_in_trap: bool = False
    ended: bool = True
    traps: dict[str, syntax.Script] = field(default_factory=dict)
    memory: dict[tuple[int, State, bool, int, bool | None, Job | None, frozenset[str]], Outcomes] = field(
        default_factory=dict
    )

    def script(self, body: Block, state: State) -> frozenset[State]:
        """How a shell that runs it can end."""
        self.certain = set(self.defined(body))
        return frozenset(end for way in self.block(body, state, suspended=False) for end in self.end(way))

    def defined(self, body: Block) -> Iterator[str]:
        """The functions that are surely there once it has run."""
        for statement in (item.statement for item in body.items):
            if isinstance(statement, syntax.Function):
                yield statement.name
            inner = self.inner.get(id(statement))
            if inner and inner.is_read_in:
                yield from self.defined(inner.script.body)

    def end(self, way: Outcome) -> Iterable[State]:
        """The end of a shell: its trap on EXIT runs, and decides the status if it exits."""
        if way.ending in (Ending.BREAK, Ending.CONTINUE, Ending.RETURN):
            raise Unclear("what leaves a loop or a function that is not there")
        if not way.state.at_exit:
            return [way.state]
        script = self.traps.setdefault(way.state.at_exit, parse(way.state.at_exit))
        if script.has_errors or self.is_in_trap:
            raise Unclear("a trap that is not understood")
        self.is_in_trap, self.ended = True, way.state.succeeded
        state = way.state._replace(at_exit="")
        ends = self.block(script.body, state, suspended=False) | self.block(script.body, state, suspended=True)
        self.is_in_trap = False
        return [
            one.state if one.ending is Ending.EXIT else one.state._replace(succeeded=state.succeeded) for one in ends
        ]

    def item(self, item: syntax.Item, state: State, suspended: bool) -> Outcomes:
        """In the background only what is lost comes out, by `wait`."""
        if not item.in_background:
            return self.statement(item.statement, state, suspended)
        if self.loss is None:
            return on(state, True)
        return started(self.shell(alone(item.statement), state, suspended=False), state)

    def statement(self, statement: Statement, state: State, suspended: bool) -> Outcomes:
        """What can come of a statement; the same is not followed twice."""
        if isinstance(statement, syntax.Function):
            self.version += self.functions.get(statement.name) is not statement
            self.functions[statement.name] = statement
            return on(state, True)
        job = self.loss.job if self.loss else None
        ended = self.ended if self.is_in_trap else None
        key = (id(statement), state, suspended, self.version, ended, job, self.unread)
        if key not in self.memory:
            self.steps += 1
            if self.steps > _MAX_STEPS:
                raise Unclear("too many ways")
            follow: Callable[..., Outcomes] = self.ways[type(statement)]
            ways = follow(statement, state, suspended)
            if self.version != key[3]:
                return ways
            self.memory[key] = ways
        return self.memory[key]

    @cached_property
    def ways(self) -> dict[type, Callable[..., Outcomes]]:
        """How each kind of statement is followed."""
        return {
            syntax.Simple: self.simple,
            syntax.Test: self.test,
            syntax.Pipeline: self.pipeline,
            syntax.Not: self.negated,
            syntax.AndOr: self.and_or,
            syntax.If: lambda one, *rest: self.branches(one.branches, one.otherwise, *rest),
            syntax.While: self.loop,
            syntax.For: self.counted,
            syntax.Case: self.choice,
            syntax.Subshell: self.subshell,
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
        """A simple command: a function, a built-in, a script for another shell, or a program."""
        state = state if only_says(command) else state_behind(command, state, self.flags)
        if command.words:
            values = (*(one.value for one in command.assignments), *(one.target for one in command.redirects))
            state = self.worded([*command.words, *filter(None, values)], state)
        return self.run(command, state, suspended)

    def run(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        """What it runs, by the order in which a shell looks for it."""
        name = command.name
        if self.loss and self.loss.is_no_program(command, self.functions):
            return self.leaf(self.loss.failed(state), suspended)
        if name is not None and name in self.functions:
            ways = self.call(name, command.words[1:], state, suspended)
            # What is defined in one branch only may not be there.
            return self.leaf(ways if name in self.certain else ways | on(state, False), suspended)
        if name == "exit" and self.is_in_trap and len(command.words) == 1:
            # The status before the trap, or that of its last command: shells differ.
            return exits(state, self.ended, state.succeeded)
        if id(command) in self.inner:
            return self.inner_script(command, state, suspended)
        if name == "exec" and len(command.words) > 1:
            return at_last(self.program(command, state))
        if name in BUILT_INS:
            return self.leaf(BUILT_INS[name](command, state), suspended)
        if len(command.words) == 1 and value_of(command.words[0], state.flags) in ("true", "false"):
            return self.leaf(on(state, value_of(command.words[0], state.flags) == "true"), suspended)
        if name in RUNNING_TEXT or (command.words and name is None):
            return self.anything(command, state, suspended)
        return self.plain(command, state, suspended)

    def plain(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        """An assignment, or a program."""
        if self.flags and (not command.words or command.is_declaration):
            new = raised(state.flags, command.assignments, self.flags, succeeded=state.succeeded)
            state = state._replace(flags=new)
        if not command.words:
            return self.leaf(self.assigned(command, state, suspended), suspended)
        return self.leaf(self.program(command, state), suspended)

    def program(self, command: syntax.Simple, state: State) -> Outcomes:
        """What comes of any other command."""
        ways = on(state, *self.statuses(command))
        return self.loss.watched(command, state, ways) if self.loss else ways

    def anything(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        """A text, or what a variable names: it may end the script, which is no success of what has failed before."""
        if command.name is None and self.loss and self.loss.concerns(command, state):
            return self.leaf(self.loss.watched(command, state, on(state, False)), suspended)
        state = state._replace(errexit=state.errexit or may_set_options(command))
        return self.leaf(on(state, True, False), suspended) | exits(state.seen(), True, False)

    def inner_script(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        """A script that it hands to another shell, or a file that it reads in."""
        inner = self.inner[id(command)]
        if self.loss and state.is_lost and id(command) in self.loss.dependents:
            return self.leaf(on(state, False), suspended)
        if inner.is_read_in:
            return self.read_in(inner, state, suspended)
        ways = self.other_shell(inner, state)
        return at_last(ways) if command.name == "exec" else self.leaf(ways, suspended)

    def statuses(self, command: syntax.Simple) -> tuple[bool, ...]:
        """How a simple command may end, as far as its words say; this is asked many times."""
        if id(command) not in self.fallible:
            self.fallible[id(command)] = statuses(command)
        return self.fallible[id(command)]

    def read_in(self, inner: InnerScript, state: State, suspended: bool) -> Outcomes:
        """A file that is read in: `return` leaves it, not the script."""
        ways = self.block(inner.script.body, state._replace(succeeded=True), suspended=suspended)
        return frozenset(Outcome(Ending.NEXT, way.state) if way.ending is Ending.RETURN else way for way in ways)

    def other_shell(self, inner: InnerScript, state: State) -> Outcomes:
        """A script that another shell runs; nothing but its status comes out of it."""
        body, start = inner.script.body, State(True, inner.errexit, inner.pipefail, state.lost)
        text, calls = inner.script.text, [*self.calls, "sh"]
        other = Follower(
            self.inner, self.loss, self.fallible, calls=calls, flags=flags_of(text), unread=unread_of(text), text=text,
            steps=self.steps,
        )  # fmt: skip
        if len(other.calls) > _MAX_CALLS:
            raise Unclear("shells in shells")
        ends = other.script(body, start)
        self.steps = other.steps
        ways = frozenset(Outcome(Ending.NEXT, state._replace(succeeded=end.succeeded, lost=end.lost)) for end in ends)
        if not inner.is_wrapped:
            return ways
        # What has no end of its own because of the loss is ended by `timeout`, because of the loss.
        return ways | on(state, False) if ways or not self.loss else self.loss.failed(state)

    def assigned(self, command: syntax.Simple, state: State, suspended: bool) -> Outcomes:
        """An assignment has the status of its last command substitution; a declaration has its own."""
        parts = [part for one in command.assignments if one.value for part in one.value.parts]
        bodies = [part.body for part in parts if isinstance(part, syntax.Substitution)]
        if bodies and not command.is_declaration:
            # bash clears errexit within, dash does not.
            return self.shell(bodies[-1], state, suspended) | self.shell(bodies[-1], state, True)
        return on(state, *self.statuses(command))

    def worded(self, words: Sequence[syntax.Word], state: State) -> State:
        """What is lost in the words of a command: it has a status of its own."""
        parts = (part for word in words for part in word.parts) if self.loss else ()
        bodies = [part.body for part in parts if isinstance(part, syntax.Substitution)]
        ways = (way for body in bodies for way in self.shell(body, state, suspended=True))
        return state._replace(lost=max([state.lost, *(PASSED for way in ways if way.state.is_lost)]))

    def call(self, name: str, words: Sequence[syntax.Word], state: State, suspended: bool) -> Outcomes:
        """A function; that it is called in turn by what it calls is not followed."""
        if name in self.calls or len(self.calls) > _MAX_CALLS:
            raise Unclear("functions that call one another")
        self.calls.append(name)
        ways = self.statement(called(self.functions[name], words), state, suspended)
        self.calls.pop()
        if any(way.ending in (Ending.BREAK, Ending.CONTINUE) for way in ways):
            raise Unclear("a function that leaves a loop of its caller")
        return frozenset(Outcome(Ending.NEXT, way.state) if way.ending is Ending.RETURN else way for way in ways)

    def shell(self, body: Block, state: State, suspended: bool) -> Outcomes:
        """A subshell: nothing comes out of it but the status, and what is lost."""
        functions, version, unread = dict(self.functions), self.version, self.unread
        self.unread |= self.marks_within(body)
        ways = self.block(body, state._replace(at_exit=""), suspended=suspended)
        self.unread = unread
        if self.version != version:
            self.functions, self.version = functions, self.version + 1
        ends = [end for way in ways for end in self.left(way)]
        return frozenset(Outcome(Ending.NEXT, state._replace(succeeded=end.succeeded, lost=end.lost)) for end in ends)

    def marks_within(self, body: Block) -> frozenset[str]:
        """The marks that are set in a subshell, and read outside only: they do not come out of it."""
        text = self.text[body.start : body.end]
        is_read = reads_elsewhere(self.text) or any(name in text for name in self.functions)
        return frozenset() if is_read else unread_of(text)

    def left(self, way: Outcome) -> Iterable[State]:
        """A subshell is also left by `break`, and by `return` in a function."""
        return self.end(Outcome(Ending.EXIT, way.state))

    def subshell(self, statement: syntax.Subshell, state: State, suspended: bool) -> Outcomes:
        """`( … )`."""
        self.certain.update(self.defined(statement.body))
        ways = self.leaf(self.shell(statement.body, state, suspended), suspended)
        return self.redirected(statement.redirects, ways, state, suspended)

    def group(self, group: syntax.Group, state: State, suspended: bool) -> Outcomes:
        """`{ …; }`: options and traps that are set in it come out of it."""
        self.certain.update(self.defined(group.body))
        return self.redirected(group.redirects, self.block(group.body, state, suspended=suspended), state, suspended)

    def test(self, test: syntax.Test, state: State, suspended: bool) -> Outcomes:
        """Of `$?` it is known what it compares; of everything else it may be either."""
        if self.loss and id(test) == self.loss.command:
            return self.leaf(self.loss.failed(state), suspended)
        known = of_status(test.words, state)
        known = of_flags(test.words, state.flags) if known is None else known
        is_asked = asks_status(test.words, state) or has_failed(test.words, state.flags)
        if is_asked or (self.loss and id(test) in self.loss.lookers):
            state = state.seen()
        ways = self.fallible.get(id(test), (True, False) if known is None else (known,))
        return self.leaf(on(state, *ways), suspended)
