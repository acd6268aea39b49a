"""Every command of a script, in order, with what is known where it runs: the way of the data without running it.

Both ways of a condition are walked and joined; what a loop changes is not known in it; functions are walked where they
are called, with their arguments; so are the scripts that a script hands to another shell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from initlint.shell.commands.wrappers import Unwrapped, unwrap
from initlint.shell.language import syntax
from initlint.shell.language.called import called, first_handed_on
from initlint.shell.language.command import Command, Context, Redirection
from initlint.shell.language.expand import captured, listed
from initlint.shell.language.inner import InnerScript, behind_text, inner_script
from initlint.shell.language.scope import SOURCE, Scope
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.language.syntax import Script, Statement, Word, defaults
from initlint.shell.language.values import UNKNOWN, Argument, Value, resolve, whole
from initlint.shell.way.branching import CompoundWalker, Round
from initlint.shell.way.changes import assigned_in
from initlint.shell.way.context import LEAVING, silenced
from initlint.shell.way.enumerated import items_of
from initlint.shell.way.reading import into_array, of_text

# More than three times what the longest of some hundred real scripts has; what rules compare are often pairs.
_MAX_COMMANDS = 400
_MAX_DEPTH = 8
# Functions that hand on what they are given twice, to one another, would double it each time.
_MAX_GIVEN = 40
_MATCHING = 4
"""Words of `[[ text =~ pattern`."""


class TooMuch(Exception):  # noqa: N818 - not an error: a budget that is used up
    """Raised where a script has more ways than are followed."""


class Walk(NamedTuple):
    """The commands of a script in the order in which they are come to, its loops and its functions.

    `inner` are the scripts that it hands to other shells, by the identity of the command's syntax.
    """

    text: str
    commands: tuple[Command, ...]
    rounds: tuple[Round, ...]
    functions: Mapping[str, syntax.Function]
    inner: Mapping[int, InnerScript]


def walk(script: Script, scope: Scope, context: Context, files: Mapping[int, InnerScript] | None = None) -> Walk | None:
    """Go through a script; None if it is too much or not understood.

    `files` are what commands run that is no text of theirs, by where the commands end.
    """
    if script.has_errors:
        return None
    walker = _Walker(scope, script.text, files or {})
    try:
        walker.block(script.body, context)
    except (TooMuch, RecursionError):
        return None
    return Walk(script.text, tuple(walker.commands), tuple(walker.rounds), walker.functions, walker.scripts)


@dataclass
class _Walker(CompoundWalker):
    """Goes through commands too, and into the functions and the scripts of other shells that they run."""

    files: Mapping[int, InnerScript]
    scripts: dict[int, InnerScript] = field(default_factory=dict, init=False)
    given: dict[int, Argument] = field(default_factory=dict, init=False)
    """The words of the calls around, by their identity: what they are is known where the call is."""

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
        self.substitutions([*values, *(word for word in statement.words if id(word) not in self.given)], context)
        found = unwrap([one for word in statement.words for one in self.words(word)])
        around = context._replace(limit=found.limit or context.limit, is_elsewhere=context.is_elsewhere or found.leaves)
        redirections = self.redirected(statement.redirects, context)
        names = assigned_in(statement)
        cwd = resolve(found.cwd, self.scope.cwd) if found.cwd else self.scope.cwd
        command = Command(
            statement.start, statement.end, statement, found.arguments, redirections, names, cwd,
            around._replace(silent=around.silent | silenced(redirections)), found.wrappers,
            self.is_call(found), found.runs_as,
        )  # fmt: skip
        self.add(command)
        self.inner(command)
        return self.run(statement, command)

    def words(self, word: Word) -> Sequence[Argument]:
        """What a word becomes: of the braces of bash several, `a{,.bak}`, and of `"$@"` what the script is given."""
        given = self.given.get(id(word))
        first, values = first_handed_on(word) if not given else 0, self.scope.arguments
        if first and values is not None and len(values) <= _MAX_GIVEN:
            return [_handed_on(word, value) for value in values[first - 1 :]]
        part = word.parts[0] if len(word.parts) == 1 else None
        if given or not (self.scope.has_braces and isinstance(part, syntax.Pattern)):
            return [given or self.scope.argument(word)]
        texts = listed(part.text)
        words = [Word(word.start, word.end, (syntax.Literal(text),)) for text in texts]
        return [self.scope.argument(one) for one in words] or [self.scope.argument(word)]

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
        if inner is None or inner.script.has_errors or inner.is_read_in:
            return
        if len(command.context.functions) >= _MAX_DEPTH:
            raise TooMuch
        self.scripts[id(command.statement)] = inner
        context = command.context.within(command.start)._replace(errexit=inner.errexit, pipefail=inner.pipefail,
                          functions=(*command.context.functions, "sh"), runs_as=command.runs_as)  # fmt: skip
        kept, self.scope = self.scope, self.scope.copy()
        if inner.arguments is not None:  # a file: of the variables, what is exported
            self.scope.forget(list(self.scope.variables))
            self.scope.name(inner.name)
            # Those of this call, where a function makes several.
            behind = len(command.arguments) - len(inner.arguments)
            self.scope.arguments = tuple(one.value for one in command.arguments[behind:])
        elif given := behind_text(command, self.text):
            self.scope.name(given[0].value)
            self.scope.arguments = tuple(one.value for one in given[1:])
        for one in command.statement.assignments if isinstance(command.statement, syntax.Simple) else ():
            self.scope.assign(one.name, kept.value(one.value) if one.value else whole(""))
        self.block(inner.script.body, context)
        self.scope = kept

    def run(self, statement: syntax.Simple, command: Command) -> bool:
        """What a command does to the scope; a function is walked, and does what its statements do."""
        name = command.name
        for part in (part for word in statement.words for part in defaults(word)):
            self.scope.assign(part.name, self.scope.variable(part))
        if command.is_call:
            is_handed_on = first_handed_on(statement.words[0])
            words = [one.word for one in command.arguments] if is_handed_on else statement.words
            return self.call(self.functions[name], command, words[1:])
        for one in statement.assignments if not statement.words or statement.is_declaration else ():
            self.assign(one)
        self.scope.forget(name for name in command.assigned if name not in {one.name for one in statement.assignments})
        if name == "read":
            self.scope.variables |= of_text(statement, self.scope)
        if name in ("mapfile", "read", "readarray"):
            into_array(statement, self.scope)
        self.built_in(name, command)
        return name in LEAVING or ("exec" in command.wrappers and bool(command.arguments))

    def assign(self, one: syntax.Assignment) -> None:
        if one.is_item:
            self.scope.forget([one.name])
            return
        value = self.scope.value(one.value) if one.value else whole("")
        self.scope.assign(one.name, self.scope.look_up(one.name).then(value) if one.appends else value)
        self.scope.assign_items(one.name, items_of(one))

    def built_in(self, name: str, command: Command) -> None:
        operands = [one for one in command.arguments[1:] if one.text != "--"]
        if name in ("cd", "pushd"):
            target = [one for one in operands if (one.text or "")[:1] != "-" or one.text == "-"]
            self.scope.cwd = resolve(target[0].value, self.scope.cwd) if target and target[0].text != "-" else UNKNOWN
        elif name == "popd":
            self.scope.cwd = UNKNOWN
        elif name in RUNNING_TEXT:
            self.read_in(command)
        elif name == "shift":
            self.shift(command)
        elif name == "set" and any(one.text == "--" for one in command.arguments):
            self.set_arguments(command)

    def set_arguments(self, command: Command) -> None:
        """`set -- a b`; nothing is known where it may not run, or where a word may become several."""
        words = command.arguments[next(at for at, one in enumerate(command.arguments) if one.text == "--") + 1 :]
        is_clear = command.context.is_certain and not command.context.loops
        known = all(one.text is not None and not re.search(r"[*?\[\s]", one.text) for one in words)
        self.scope.arguments = tuple(one.value for one in words) if is_clear and known else None

    def shift(self, command: Command) -> None:
        """What is left of the arguments; nothing is known where it may not run, or runs again."""
        count = command.arguments[1].text if len(command.arguments) > 1 else "1"
        is_clear = command.context.is_certain and not command.context.loops and (count or "").isdecimal()
        known = self.scope.arguments if is_clear else None
        self.scope.arguments = known[int(count or 1) :] if known else None

    def read_in(self, command: Command) -> None:
        """A file whose commands run as if they stood there; of one that is not known anything may come."""
        inner = self.files.get(command.end) or inner_script(command, self.text)
        if inner is None or inner.script.has_errors or (command.name == "eval" and command.arguments[1].text is None):
            self.scope.taint()
        if inner is None or inner.script.has_errors:
            return
        self.scripts[id(command.statement)] = inner
        kept, source = self.scope.arguments, self.scope.look_up(SOURCE)
        if inner.arguments:  # dash leaves its own in place, bash sets these
            self.scope.arguments = None
        self.scope.assign(SOURCE, inner.name)
        self.block(inner.script.body, command.context)
        self.scope.assign(SOURCE, source)
        self.scope.arguments = kept

    def call(self, function: syntax.Function, command: Command, words: Sequence[Word]) -> bool:
        """Walk a function where it is called: its arguments are the call's, its variables those of the script."""
        if len(command.context.functions) >= _MAX_DEPTH or command.name in command.context.functions:
            raise TooMuch
        arguments = command.arguments[1:]
        body = called(function, words)
        kept, self.scope.arguments = self.scope.arguments, tuple(one.value for one in arguments)
        given, self.given = self.given, self.given | {id(one.word): one for one in arguments}
        self.statement(body, command.context._replace(functions=(*command.context.functions, command.name)))
        self.scope.arguments, self.given = kept, given
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
        if len(words) == _MATCHING and words[2].text == "=~" and isinstance(test.words[2].parts[0], syntax.Pattern):
            self.scope.assign_items("BASH_REMATCH", captured(words[1].text or "", test.words[2].parts[0].text))

    def subshell(self, statement: syntax.Subshell, context: Context) -> None:
        around = self.around(statement, context)
        group = syntax.Group(statement.start, statement.end, statement.body)
        self.isolated(group, around.within(statement.start))

    def group(self, group: syntax.Group, context: Context) -> bool:
        around, kept = self.around(group, context), self.scope.input
        self.scope.input = self.scope.fed_by(group.redirects)
        leaves = self.block(group.body, around)
        self.scope.input = kept
        return leaves

    def around(self, statement: syntax.Group | syntax.Subshell, context: Context) -> Context:
        """The context of what is in brackets, whose redirections are a command of their own."""
        redirections = self.redirected(statement.redirects, context)
        if not redirections:
            return context
        place = Command(statement.start, statement.end, statement, (), redirections, (), self.scope.cwd, context)
        self.add(place)
        return context._replace(silent=context.silent | silenced(redirections))

    def function(self, statement: syntax.Function, _: Context) -> None:
        self.functions[statement.name] = statement


def _handed_on(word: Word, value: Value) -> Argument:
    """One of the words for which `"$@"` stands."""
    parts = (syntax.Literal(value.known),) if value.is_whole else word.parts
    return Argument(word.start, word.end, value, Word(word.start, word.end, parts))
