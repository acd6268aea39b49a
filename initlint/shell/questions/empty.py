"""Tests whose operand may be nothing at all: without quotes the word is then not there, and `[` fails with an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.container.script import ContainerScript
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Quote, Statement, Substitution, Variable
from initlint.shell.language.values import Argument
from initlint.shell.way.changes import changes, inside

_NUMBERS = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge")
_DIFFERS = ("!=", "-ne")
_PROC = regex(r"/(?:proc|sys)/")
# Their output is never nothing, or not if they succeed.
_SAY = ("wc", "stat", "df", "du", "uname", "nproc", "date", "id", "expr", "seq", "hostname", "uptime", "free")

# What says the name of the Pod, which is never nothing, and behind which the ordinal of a StatefulSet's Pod stands.
_NAMES = frozenset({"HOSTNAME", "POD_NAME", "MY_POD_NAME", "PODNAME"})
_PARTS_OF_NAMES = ("awk", "cut", "rev", "sed", "tr", "head", "tail", "xargs")


class EmptyOperand(NamedTuple):
    """An operand that may be nothing. `ends_wait`: a loop then ends; else what the test guards is skipped.

    `is_alone`: nothing but `-n` is left, which is true.
    """

    start: int
    end: int
    ends_wait: bool
    is_alone: bool = False


class _Use(NamedTuple):
    """A test as a condition: of a loop that goes on while it holds, or until; of what is guarded, or else done."""

    test: Statement
    kind: str
    body: Statement | None = None


def empty_operands(script: ContainerScript) -> Iterator[EmptyOperand]:
    """Those whose error is taken for an answer that the value itself would not have given."""
    if not script.is_shell or script.commands is None:
        return
    bodies = [script.script.body, *(one.script.body for one in (script.walk.inner.values() if script.walk else ()))]
    uses = {id(use.test): use for body in bodies for item in body.items for use in _uses(item.statement)}
    for step in script.steps:
        use = uses.get(id(step.command.statement))
        words = step.command.arguments[1:] if use else ()
        if use and step.command.name in ("[", "test"):
            yield from _judged(script, step, use, [one for one in words if one.text != "]"])


def _judged(script: ContainerScript, step: Step, use: _Use, words: list[Argument]) -> Iterator[EmptyOperand]:
    is_alone = len(words) == 2 and words[0].text == "-n" and use.kind in ("until", "check")
    if is_alone and _may_be_nothing(words[1], step, script):
        yield EmptyOperand(words[1].start, words[1].end, use.kind == "until", is_alone=True)
    if len(words) != 3:
        return
    operator = words[1].text or ""
    asks_for_nothing = operator in ("=", "==") and "" in (words[0].text, words[2].text)
    ends_wait = use.kind == "while" and (operator in _NUMBERS or operator == "!=" or asks_for_nothing)
    is_answered = operator in _DIFFERS or asks_for_nothing
    skips = use.kind == "guard" and (is_answered or (operator in _NUMBERS and _fails(use.body)))
    for word in (words[0], words[2]) if ends_wait or skips else ():
        if _may_be_nothing(word, step, script):
            yield EmptyOperand(word.start, word.end, ends_wait)


def _may_be_nothing(word: Argument, step: Step, script: ContainerScript) -> bool:
    """Whether a word has no quotes, and consists of the output of a command, or of a variable that may be empty."""
    value = word.value
    if (value.is_whole and value.known) or value.known or not value.may_be_empty or len(word.word.parts) != 1:
        return False
    part = word.word.parts[0]
    if part.quote is not Quote.NONE:
        return False
    if isinstance(part, Substitution):
        return _may_say_nothing(part, script)
    return isinstance(part, Variable) and not part.operation and _may_be_empty(part.name, step, script)


def _may_be_empty(name: str, step: Step, script: ContainerScript) -> bool:
    """Whether a variable is the output of a command that may say nothing, or is empty as the manifest has it."""
    walk = script.walk
    if walk is None or any(_tests(guard.statement, name) for guard in step.command.context.guards):
        return False
    set_by = [one for item in script.script.body.items for one in changes(item.statement, walk.functions)]
    words = [change.value for change in set_by if change.name == name]
    if not words:
        return script.container.known_env.get(name) == ""
    if any(word is None or not word.parts for word in words):
        return False
    last = [word.parts[0] for word in words if word and len(word.parts) == 1]
    return any(isinstance(part, Substitution) and _may_say_nothing(part, script) for part in last)


def _tests(statement: Statement, name: str) -> bool:
    words = getattr(statement, "words", ())
    return any(isinstance(part, Variable) and part.name == name for word in words for part in word.parts)


def _may_say_nothing(part: Substitution, script: ContainerScript) -> bool:
    """Whether a command may say nothing: not one that counts or prints a status, nor one that reads /proc."""
    within = [one for one in script.steps if part.body.start <= one.command.start < part.body.end]
    if not within or any(_PROC.match(word or "") for one in within for word in one.command.words):
        return False
    last = within[-1]
    if _is_of_the_name(within, script):
        return False
    words = [word or "" for word in last.command.words]
    if last.command.name in _SAY or last.command.name in ("echo", "printf", "["):
        return False
    counts = last.command.name in ("grep", "egrep", "fgrep") and any(re.match("-[a-zA-Z]*c", word) for word in words)
    prints = last.command.name == "curl" and any(re.match("-[a-zA-Z]*w|--write-out", word) for word in words)
    return not counts and not prints


def _is_of_the_name(pipeline: list[Step], script: ContainerScript) -> bool:
    """Whether it is a part of the Pod's name: `hostname | cut -d- -f2`, of a StatefulSet also `… | grep -o …`."""
    first, *others = pipeline
    said = {part.name for word in first.command.arguments for part in word.word.parts if isinstance(part, Variable)}
    is_named = first.command.name == "hostname" or (first.command.name in ("echo", "printf") and bool(said & _NAMES))
    is_ordinal = script.container.pod.workload.kind == "StatefulSet"
    takes = (*_PARTS_OF_NAMES, "grep", "egrep") if is_ordinal else _PARTS_OF_NAMES
    return is_named and bool(others) and all(one.command.name in takes for one in others)


def _uses(statement: Statement) -> Iterator[_Use]:
    """The tests in a statement that something depends on."""
    for inner, _ in inside(statement):
        yield from _uses(inner)
    match statement:
        case syntax.While(condition=condition, is_until=is_until):
            yield from (_Use(test, "until" if is_until else "while") for test in _tests_of(condition))
        case syntax.If(branches=branches):
            for branch in branches:
                body = branch.body.items[-1].statement if branch.body.items else None
                yield from (_Use(test, "guard", body) for test in _tests_of(branch.condition))
        case syntax.AndOr(left=left, operator="&&", right=right) if _is_test(left):
            yield _Use(left, "guard", right)
        case syntax.AndOr(left=left, operator="||", right=right) if _is_test(left):
            yield _Use(left, "check", right)


def _tests_of(condition: syntax.Block) -> Iterator[Statement]:
    """The tests that must all hold for a condition to hold."""
    todo = [condition.items[-1].statement] if condition.items else []
    while todo:
        one = todo.pop()
        if isinstance(one, syntax.AndOr) and one.operator == "&&":
            todo += [one.left, one.right]
        elif _is_test(one):
            yield one


def _is_test(statement: Statement) -> bool:
    return isinstance(statement, syntax.Test) and statement.bracket in ("test", "[")


def _fails(body: Statement | None) -> bool:
    """Whether what is guarded ends the script with a failure, so that the test is a check."""
    while isinstance(body, syntax.Group) and body.body.items:
        body = body.body.items[-1].statement
    given = body.words[1].text if isinstance(body, syntax.Simple) and len(body.words) > 1 else None
    return isinstance(body, syntax.Simple) and body.name in ("exit", "return") and given not in (None, "0")
