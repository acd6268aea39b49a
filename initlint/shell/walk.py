"""Every command of a script, in order, with what is known where it runs: the way of the data without running it.

Both ways of a condition are walked and joined; what a loop changes is not known in it; functions are walked where they
are called, with their arguments; so are the scripts that a script hands to another shell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from initlint.shell import syntax
from initlint.shell.changes import assigned_in
from initlint.shell.command import Command, Context, Guard, Redirection
from initlint.shell.context import LEAVING, after, is_question, silenced
from initlint.shell.inner import InnerScript, inner_script
from initlint.shell.scope import Scope
from initlint.shell.syntax import Block, Script, Statement, Word
from initlint.shell.values import UNKNOWN, Argument, Value, resolve, whole
from initlint.shell.wrappers import Unwrapped, unwrap

# More than three times what the longest of some hundred real scripts has; what rules compare are often pairs.
_MAX_COMMANDS = 400
_MAX_DEPTH = 8


class TooMuch(Exception):  # noqa: N818 - not an error: a budget that is used up
    """Raised where a script has more ways than are followed."""


class Round(NamedTuple):
    """A loop that was come to, and what was known before it."""

    statement: syntax.While | syntax.For
    context: Context
    scope: Scope


class Walk(NamedTuple):
    """The commands of a script in the order in which they are come to, its loops and its functions.

    `inner` are the scripts that it hands to other shells, by the identity of the command's syntax.
    """

    text: str
    commands: tuple[Command, ...]
    rounds: tuple[Round, ...]
    functions: Mapping[str, Statement]
    inner: Mapping[int, InnerScript]


def walk(script: Script, scope: Scope, context: Context, files: Mapping[int, InnerScript] | None = None) -> Walk | None:
    """Go through a script; None if it is too much or not understood.

    `files` are what commands run that is no text of theirs, by where the commands end.
    """
    if script.has_errors:
        return None
    walker = _Walker(script.text, scope, files or {})
    try:
        walker.block(script.body, context)
    except (TooMuch, RecursionError):
        return None
    return Walk(script.text, tuple(walker.commands), tuple(walker.rounds), walker.functions, walker.scripts)


@dataclass
class _Walker:
    """Goes through statements; each method tells whether the flow surely leaves the statements around it."""

    text: str
    scope: Scope
    files: Mapping[int, InnerScript]
    commands: list[Command] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    functions: dict[str, Statement] = field(default_factory=dict)
    scripts: dict[int, InnerScript] = field(default_factory=dict)

    def block(self, block: Block, context: Context) -> bool:
        """Statements one after another; what one of them rules out guards those behind it."""
        for item in block.items:
            around = replace(context, in_background=True, depth=context.depth + 1) if item.in_background else context
            if item.in_background:
                self.isolated(item.statement, around)
                continue
            first = len(self.commands)
            if self.statement(item.statement, around):
                return True
            context = after(item.statement, context, self.commands[first:])
        return False

    def statement(self, statement: Statement, context: Context) -> bool:
        walk: Callable[..., bool | None] = self.ways[type(statement)]
        return bool(walk(statement, context))

    @cached_property
    def ways(self) -> dict[type, Callable[..., bool | None]]:
        """How each kind of statement is walked."""
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
            syntax.Subshell: self.subshell,
            syntax.Group: self.group,
            syntax.Function: self.function,
        }

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
                    around = replace(context, depth=context.depth + 1, is_checked=True, in_substitution=True)
                    self.isolated(group, around)

    def redirected(self, redirects: Iterable[syntax.Redirect], context: Context) -> tuple[Redirection, ...]:
        self.substitutions((one.target for one in redirects if one.target), context)
        return tuple(self.redirection(one) for one in redirects)

    def redirection(self, redirect: syntax.Redirect) -> Redirection:
        """A redirection; a descriptor and the text of a here-document are no paths."""
        target = redirect.target
        word = self.scope.value(target) if target else UNKNOWN
        names_file = target is not None and not redirect.operator.startswith("<<") and redirect.operator != ">&"
        path = resolve(word, self.scope.cwd) if names_file else UNKNOWN
        start, end = (target.start, target.end) if target else (redirect.start, redirect.end)
        return Redirection(start, end, redirect.operator, redirect.descriptor, path, word)

    def simple(self, statement: syntax.Simple, context: Context) -> bool:
        values = [one.value for one in statement.assignments if one.value]
        self.substitutions([*values, *statement.words], context)
        found = unwrap([self.scope.argument(word) for word in statement.words])
        around = replace(context, limit=found.limit or context.limit, is_elsewhere=context.is_elsewhere or found.leaves)
        redirections = self.redirected(statement.redirects, context)
        names = assigned_in(statement)
        command = Command(
            statement.start, statement.end, statement, found.arguments, redirections, names, self.scope.cwd,
            replace(around, silent=around.silent | silenced(redirections)), found.wrappers,
            self.is_call(found),
        )  # fmt: skip
        self.add(command)
        self.inner(command)
        return self.run(statement, command)

    def is_call(self, found: Unwrapped) -> bool:
        """Whether a function of the script is called, whatever program has its name."""
        return bool(found.arguments) and not found.wrappers and found.arguments[0].text in self.functions

    def add(self, command: Command) -> None:
        self.commands.append(command)
        if len(self.commands) > _MAX_COMMANDS:
            raise TooMuch

    def inner(self, command: Command) -> None:
        """The script that a command hands to another shell, in a scope of its own."""
        inner = self.files.get(command.end) or inner_script(command, self.text)
        if inner is None or inner.script.has_errors:
            return
        if len(command.context.functions) >= _MAX_DEPTH:
            raise TooMuch
        self.scripts[id(command.statement)] = inner
        context = replace(command.context, depth=command.context.depth + 1, errexit=inner.errexit,
                          pipefail=inner.pipefail, functions=(*command.context.functions, "sh"))  # fmt: skip
        kept, self.scope = self.scope, self.scope.copy()
        if inner.arguments is not None:  # a file: of the variables, what is exported
            self.scope.forget(list(self.scope.variables))
            self.scope.arguments = inner.arguments
        for one in command.statement.assignments if isinstance(command.statement, syntax.Simple) else ():
            self.scope.assign(one.name, kept.value(one.value) if one.value else whole(""))
        self.block(inner.script.body, context)
        self.scope = kept

    def run(self, statement: syntax.Simple, command: Command) -> bool:
        """What a command does to the scope; a function is walked, and does what its statements do."""
        name = command.name
        if command.is_call:
            return self.call(self.functions[name], command)
        for one in statement.assignments if not statement.words or statement.is_declaration else ():
            value = self.scope.value(one.value) if one.value else whole("")
            self.scope.assign(one.name, self.scope.look_up(one.name) + value if one.appends else value)
        self.scope.forget(name for name in command.assigned if name not in {one.name for one in statement.assignments})
        self.built_in(name, command)
        return name in LEAVING or ("exec" in command.wrappers and bool(command.arguments))

    def built_in(self, name: str, command: Command) -> None:
        operands = [one for one in command.arguments[1:] if one.text != "--"]
        if name in ("cd", "pushd"):
            target = [one for one in operands if (one.text or "")[:1] != "-" or one.text == "-"]
            self.scope.cwd = resolve(target[0].value, self.scope.cwd) if target and target[0].text != "-" else UNKNOWN
        elif name == "popd":
            self.scope.cwd = UNKNOWN
        elif name in (".", "source", "eval"):
            self.scope.taint()
        elif name == "shift" or (name == "set" and any(one.text == "--" for one in command.arguments)):
            self.scope.arguments = None

    def call(self, body: Statement, command: Command) -> bool:
        """Walk a function where it is called: its arguments are the call's, its variables those of the script."""
        if len(command.context.functions) >= _MAX_DEPTH or command.name in command.context.functions:
            raise TooMuch
        kept, self.scope.arguments = self.scope.arguments, tuple(one.value for one in command.arguments[1:])
        self.statement(body, replace(command.context, functions=(*command.context.functions, command.name)))
        self.scope.arguments = kept
        return False

    def test(self, test: syntax.Test, context: Context) -> None:
        self.substitutions(test.words, context)
        bracket = Argument(
            test.start, test.start + len(test.bracket), whole(test.bracket), Word(test.start, test.start)
        )
        words = (bracket, *map(self.scope.argument, test.words))
        redirections = self.redirected(test.redirects, context)
        names = assigned_in(test)
        self.add(Command(test.start, test.end, test, words, redirections, names, self.scope.cwd, context))
        self.scope.forget(names)

    def pipeline(self, pipeline: syntax.Pipeline, context: Context) -> None:
        """Each stage runs in a subshell of its own."""
        for index, stage in enumerate(pipeline.stages):
            place = (index, len(pipeline.stages))
            self.isolated(stage, replace(context, stage=place, depth=context.depth + 1))

    def negated(self, statement: syntax.Not, context: Context) -> None:
        self.statement(statement.body, replace(context, is_checked=True))

    def and_or(self, statement: syntax.AndOr, context: Context) -> bool:
        left = self.statement(statement.left, replace(context, is_checked=True))
        before = self.scope.copy()
        guard = Guard(statement.left, statement.operator == "&&")
        certain = context.is_certain and statement.operator == "&&"
        around = replace(context, guards=(*context.guards, guard), is_certain=certain)
        if self.statement(statement.right, around):
            self.scope.replace(before)
        elif statement.operator == "||" or is_question(statement.left):
            self.scope.join([before])
        # Behind `mkdir x && cd x` both are taken to have run.
        return left

    def branching(self, statement: syntax.If, context: Context) -> bool:
        kept = context.guards
        ends: list[Scope] = []
        for branch in statement.branches:
            self.block(branch.condition, replace(context, is_checked=True, guards=kept))
            last = branch.condition.items[-1].statement if branch.condition.items else None
            start = self.scope.copy()
            holds = (*kept, Guard(last, True)) if last else kept
            if not self.block(branch.body, replace(context, guards=holds, is_certain=False)):
                ends.append(self.scope)
            self.scope = start
            kept = (*kept, Guard(last, False)) if last else kept
        left = statement.otherwise is not None and self.block(
            statement.otherwise, replace(context, guards=kept, is_certain=False)
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
        self.rounds.append(Round(loop, context, self.scope.copy()))
        self.scope.forget(assigned_in(loop, self.functions))
        before = self.scope.copy()
        loops = (*context.loops, loop.start)
        self.block(loop.condition, replace(context, loops=loops, header=loop.start, is_checked=True))
        last = loop.condition.items[-1].statement if loop.condition.items else None
        guards = (*context.guards, Guard(last, not loop.is_until)) if last else context.guards
        self.block(loop.body, replace(context, loops=loops, guards=guards, is_certain=False))
        self.scope.join([before])

    def counted(self, loop: syntax.For, context: Context) -> None:
        self.rounds.append(Round(loop, context, self.scope.copy()))
        words = loop.words or ()
        self.substitutions(words, context)
        values = [self.scope.value(word) for word in words]
        self.scope.forget(assigned_in(loop, self.functions))
        before = self.scope.copy()
        if loop.name:
            self.scope.assign(loop.name, _any_of(values))
        self.block(loop.body, replace(context, loops=(*context.loops, loop.start), is_certain=False))
        self.scope.join([before])

    def choice(self, case: syntax.Case, context: Context) -> bool:
        self.substitutions([case.subject], context)
        start, ends, left = self.scope, list[Scope](), 0
        for arm in case.arms:
            self.scope = start.copy()
            gone = self.block(arm.body, replace(context, is_certain=False))
            left += gone
            ends += [] if gone else [self.scope]
        self.scope = start
        has_default = any(_is_star(pattern) for arm in case.arms for pattern in arm.patterns)
        return self.joined(ends, has_default)

    def subshell(self, statement: syntax.Subshell, context: Context) -> None:
        around = self.around(statement, context)
        group = syntax.Group(statement.start, statement.end, statement.body)
        self.isolated(group, replace(around, depth=context.depth + 1))

    def group(self, group: syntax.Group, context: Context) -> bool:
        return self.block(group.body, self.around(group, context))

    def around(self, statement: syntax.Group | syntax.Subshell, context: Context) -> Context:
        """The context of what is in brackets, whose redirections are a command of their own."""
        redirections = self.redirected(statement.redirects, context)
        if not redirections:
            return context
        place = Command(statement.start, statement.end, statement, (), redirections, (), self.scope.cwd, context)
        self.add(place)
        return replace(context, silent=context.silent | silenced(redirections))

    def function(self, statement: syntax.Function, _: Context) -> None:
        self.functions[statement.name] = statement.body


def _is_star(pattern: Word) -> bool:
    return pattern.parts == (syntax.Pattern("*"),)


def _any_of(values: list[Value]) -> Value:
    if not values:
        return UNKNOWN
    first, *rest = values
    for value in rest:
        first = first.join(value)
    return first
