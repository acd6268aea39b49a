"""Whether an init container cannot succeed without what one of its waits is for, and what may keep it from asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.command import Context, Guard
from initlint.shell.language.syntax import AndOr, Statement
from initlint.shell.waiting.exhausted import tests_behind
from initlint.shell.waiting.loops import Bound
from initlint.shell.waiting.waits import Wait
from initlint.shell.way.branching import Round
from initlint.shell.way.context import LEAVING

_SEARCHING = ("grep", "egrep", "fgrep")
_INVERTED = regex(r"-[a-zA-Z]*[vL]|--invert")


def is_blocking(script: ContainerScript, wait: Wait) -> bool:
    """Whether the script does not succeed without what it waits for, if it comes to the wait, which guards tell."""
    context = wait.context
    if not context.is_certain or context.in_background or context.is_elsewhere or _may_be_over(script, wait):
        return False
    # A `timeout` around all of the script makes the container fail.
    is_ended = wait.loop is not None and wait.loop.bound is Bound.PROBE and context.limit is script.limit
    return wait.is_unbounded or is_ended or _must_succeed(script, wait)


def guards(script: ContainerScript, wait: Wait, around: Sequence[Round]) -> Sequence[Guard]:
    """What may keep the script from coming to the wait."""
    heads = {id(one.condition) for one in around}
    guards = wait.context.guards
    return [one for one in guards if id(one.statement) not in heads and not _is_passed(one, script)]


def _must_succeed(script: ContainerScript, wait: Wait) -> bool:
    """Whether the script fails if nothing of what a wait asks for answers, and nothing comes through pipes."""
    asking = [step for step in wait.steps if step.meaning.probes] or wait.steps
    behind = tests_behind(wait)
    return bool(asking) and all(
        any(
            script.fails_with(one.command, known=behind)
            for one in (step, *_behind_pipe(step, wait.steps), *_comparing(step, wait))
        )
        for step in asking
    )


def _comparing(step: Step, wait: Wait) -> Iterator[Step]:
    """The tests of what a command says that end a wait, and fail where it says nothing: `[ "$(curl …)" = 200 ]`."""
    ways = wait.loop.ways if wait.loop and step.command.context.in_substitution else ()
    ending = {id(guard.statement) for way in ways for guard in way.guards if guard.succeeded}
    for one in wait.inside:
        if id(one.command.statement) in ending and one.command.is_test and _wants_something(one.command.words):
            yield one


def _wants_something(words: Sequence[str | None]) -> bool:
    """Whether a test compares with something; where nothing answers, curl says `000` of the status."""
    match [word for word in words[1:] if word not in ("]", "]]")]:
        case [_, ("=" | "==" | "-eq" | "-ge" | "=~"), str(wanted)]:
            return wanted.strip("0") != ""
        case [_, "-gt", str(wanted)]:
            return wanted != ""
    return False


def _behind_pipe(step: Step, steps: Sequence[Step]) -> Iterator[Step]:
    """The commands that find nothing in what a command says if it fails: `| grep -q UP`."""
    stage, shells = step.command.context.stage, step.command.context.shells[:-1]
    for one in steps:
        index, count = one.command.context.stage
        is_behind = count == stage[1] and index > stage[0] and one.command.context.shells[:-1] == shells
        if is_behind and one.command.name in _SEARCHING and not any(map(_may_invert, one.command.words)):
            yield one


def _may_invert(word: str | None) -> bool:
    """Whether `grep` may look for lines without something: `-v`, `-L`."""
    return word is None or bool(_INVERTED.match(word))


def _may_be_over(script: ContainerScript, wait: Wait) -> bool:
    """Whether the script may have ended before, with success: `case $(hostname) in *-0) exit 0 ;; esac`."""
    inside = {id(step.command) for step in wait.inside}
    before = takewhile(lambda one: id(one) not in inside, script.commands or ())
    return any(
        _succeeds(one.words[1:], one.context) and _is_around(one.context, wait.context)
        for one in before
        if one.name == "exit"
    )


def _succeeds(words: list[str | None], context: Context) -> bool:
    """Whether `exit` says that all is well; behind `||` it says what the command before it does."""
    return words == ["0"] or (not words and not (context.guards and not context.guards[-1].succeeded))


def _is_around(one: Context, other: Context) -> bool:
    """Whether what ends the shell of one ends that of the other."""
    is_shell_around = one.functions.count("sh") <= other.functions.count("sh")
    return is_shell_around and not one.in_background and one.shells == other.shells[: len(one.shells)]


def _is_passed(guard: Guard, script: ContainerScript) -> bool:
    """Whether the script fails where it does not come further than a command before: `cp a b && until …`."""
    parts = {id(one) for one in _conjuncts(guard.statement)}
    commands = [one for one in script.commands or () if id(one.statement) in parts]
    return guard.succeeded and len(commands) == len(parts) and all(map(script.fails_with, commands))


def _conjuncts(statement: Statement) -> Iterator[Statement]:
    if isinstance(statement, AndOr) and statement.operator == "&&":
        yield from _conjuncts(statement.left)
        yield from _conjuncts(statement.right)
    else:
        yield statement


def enumerating(script: ContainerScript, wait: Wait) -> list[Round]:
    """The loops around a wait of which each round is known."""
    rounds = script.walk.rounds if script.walk else ()
    return [one for one in rounds if one.texts and one.statement.start in wait.context.loops]


def may_be_left(script: ContainerScript, around: Sequence[Round]) -> bool:
    """Whether a loop with known rounds may end before its last one, and the script go on or succeed."""
    starts = {one.statement.start for one in around}
    leaving = [one for one in script.commands or () if one.name in LEAVING and starts & {*one.context.loops}]
    return any(
        one.context.loops[-1] in starts if one.name == "break" else one.words[1:] in ([], ["0"])
        for one in leaving
        if one.name != "continue" or one.words[1:]
    )
