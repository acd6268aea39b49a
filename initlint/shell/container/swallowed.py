"""Which failures of a script nothing sees: if just this command fails, the script can still succeed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from initlint import programs
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.depends import filled, holds, relations, uses
from initlint.shell.container.jobs import job_of
from initlint.shell.container.products import Product, products
from initlint.shell.container.said import is_part_of_speech
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.outcome import status
from initlint.shell.outcome.flow import reads_lines
from initlint.shell.outcome.loss import Loss
from initlint.shell.way.changes import assigned_in, inside
from initlint.shell.way.walk import Walk

if TYPE_CHECKING:
    from initlint.shell.container.script import ContainerScript

_MAX_COMMANDS = 60
# Each command is followed through all the others: of a script that is only long, the first ones are looked at.
_MAX_WORK = 6_000
_SEARCHES = ("grep", "egrep", "fgrep", "diff", "cmp", "find", "ls")
_DATABASES = ("clickhouse-client", "cqlsh", "mariadb", "mongo", "mongosh", "mysql", "psql", "redis-cli", "sqlite3")
_QUESTION = regex(r"(?i)\b(?:select|show|describe|explain|list|get|find|count|status|mktemp)\b")
_ASKING = regex(r"(?:is|are|has|needs?|should|can|exists?)[-_][a-z]")
# What is over by then: `kong stop`.
_ENDING = (["stop"], ["quit"], ["shutdown"], ["logout"])
_PATH = regex(r"/[^\s\"';|&()\]]+")
_PATTERN = regex(r"(/[^*?\[{$\"'`]*)/[^/$\"'`]*[*?\[][^/$\"'`]*")
_REMOVING = ("rm", "rmdir", "unlink")
_ARGUMENTS = frozenset({"@", "*", *map(str, range(1, 10))})


def swallowed(script: ContainerScript, walk: Walk, *, errexit: bool, is_told: bool = False) -> tuple[Step, ...]:
    """The significant commands whose failure is not seen, in order; each way in which it may go is followed.

    `is_told`: to say that one has failed is no look at it.
    """
    steps = script.steps
    has_library = any(step.command.name in RUNNING_TEXT for step in steps)
    there = {mount.path.value.rstrip("/") for mount in script.container.mounts}
    found: dict[int, Step | None] = {}
    fallible: dict[int, tuple[bool, ...]] = {}
    most = min(_MAX_COMMANDS, _MAX_WORK // max(len(steps), 1))
    for index, step in enumerate(steps[:most]):
        place = id(step.command.statement)
        if (
            _is_served(step, steps)
            or script.is_elsewhere
            or _is_left_alone(step, steps)
            or _keeps_a_log(step, steps)
            or is_part_of_speech(step, steps)
            or place in found
            or not (is_significant(step, walk.functions, has_library) or _is_captured(step, steps))
            or place in walk.inner
        ):
            continue
        runs = [at for at, one in enumerate(steps) if at >= index and id(one.command.statement) == place]
        related = [relations(steps, script.script.text, at, there) for at in runs]
        loss = Loss(
            place,
            frozenset(_in_vain(step, script, there)).union(*(one.dependents for one in related)),
            frozenset(_tests(step, script, there)).union(*(one.lookers for one in related)),
            is_told=is_told,
            varies=(varies := any(_varies(steps[at], script) for at in runs)),
            job=job_of([steps[at] for at in (runs[:1] if varies else runs)], steps, script.script.text),
        )
        ends = status.ends(
            script.script, errexit=errexit, pipefail=script.has_pipefail, inner=walk.inner, loss=loss,
            fallible=fallible, unset=script.unset,
        )  # fmt: skip
        found[place] = step if ends and any(end.succeeded and end.is_lost for end in ends) else None
    return tuple(step for step in found.values() if step)


def _tests(step: Step, script: ContainerScript, there: AbstractSet[str]) -> Iterator[int]:
    """What else looks at how a command went than what names the same path."""
    yield from _behind_loops(step, script)
    yield from _choices(step, script)
    yield from _in_rounds(step, script, there)


def _in_rounds(step: Step, script: ContainerScript, there: AbstractSet[str]) -> Iterator[int]:
    """Tests behind it in a loop over names, one of which is of what it makes: `for f in a b; do [ -s /data/$f ]`."""
    later = [one for one in script.loops if one.start > step.command.start]
    made = list(products(step, script.script.text, there)) if later else []
    for loop in later if made else ():
        statement = loop.statement
        asking = (one.command for one in script.steps if loop.start in one.command.context.loops)
        for command in (one for one in asking if one.is_test or one.name in _SEARCHES):
            said = script.script.text[command.start : command.end]
            paths = _PATH.findall(" ".join(_each(said, statement))) if isinstance(statement, syntax.For) else ()
            if any(one.is_needed_by(path) for path in paths for one in made):
                yield id(command.statement)


def _each(said: str, loop: syntax.For) -> Iterator[str]:
    """What a command says in each round of a loop over words that are known."""
    parts = re.split(rf"\$(?:{loop.name}(?!\w)|\{{{loop.name}\}})", said)
    yield from (word.text.join(parts) for word in loop.words or () if word.text)


def _behind_loops(step: Step, script: ContainerScript) -> Iterator[int]:
    """Tests behind a loop around it that tell how that went: of its round, or of what it sets, as by `ok=1; break`."""
    for loop in script.loops:
        if loop.start in step.command.context.loops:
            names = {name for command in loop.commands for name in command.assigned}
            names |= {loop.statement.name} if isinstance(loop.statement, syntax.For) else set()
            behind = (one for one in script.steps if one.command.start >= loop.statement.end and one.command.is_test)
            yield from (id(one.command.statement) for one in behind if uses(one, names))


def _choices(step: Step, script: ContainerScript) -> Iterator[int]:
    """Each `case` that looks at what a command says: `case "$(curl …)" in`, or at a variable that holds it."""
    if not step.command.context.in_substitution:
        return
    names, place = filled(step, script.steps), step.command.start
    stack: list[syntax.Statement] = [item.statement for item in script.script.body.items]
    while stack:
        one = stack.pop()
        if isinstance(one, syntax.Case) and (
            holds([one.subject], names) or one.subject.start <= place < one.subject.end
        ):
            yield id(one)
        stack += (inner for inner, _ in inside(one))


def _in_vain(step: Step, script: ContainerScript, there: AbstractSet[str]) -> Iterator[int]:
    """What a loop does with each file of a pattern: where none has come, with the pattern itself."""
    made = [] if "nullglob" in script.script.text else list(products(step, script.script.text, there))
    for loop in script.loops if made else ():
        words = (loop.statement.words or ()) if isinstance(loop.statement, syntax.For) else ()
        if isinstance(loop.statement, syntax.For) and any(_is_of_made(word, made) for word in words):
            inside = (one for one in script.steps if loop.start in one.command.context.loops)
            names = {loop.statement.name}
            yield id(loop.statement)  # which has a round then
            yield from (
                id(one.command.statement)
                for one in inside
                if one.meaning.can_fail and not one.command.is_test and uses(one, names)
            )


def _is_of_made(word: syntax.Word, made: Sequence[Product]) -> bool:
    """Whether a word is a pattern of files that a command brings."""
    match = _PATTERN.fullmatch(word.parts[0].text) if isinstance(word.parts[0], syntax.Pattern) else None
    return len(word.parts) == 1 and match is not None and any(one.is_needed_by(f"{match[1]}/x") for one in made)


def _is_served(step: Step, steps: Sequence[Step]) -> bool:
    """Whether it is a server beside the script, which notices by its answers if that has failed, or ends it."""
    if not step.command.context.in_background or step.meaning.downloads:
        return False
    if programs.of_command(step.command.words):
        return True
    later = itertools.dropwhile(lambda one: one is not step, steps)
    return any(
        one.command.name in ("kill", "killall", "pkill")
        or (one.command.context.loops and any(probe.port for probe in one.meaning.probes))
        for one in later
    )


def _is_left_alone(step: Step, steps: Sequence[Step]) -> bool:
    """Whether it runs in the background to the end of the script, which is another defect, or on the node."""
    context = step.command.context
    is_awaited = any(one.command.name == "wait" for one in steps)
    return (context.in_background and not is_awaited) or (context.is_elsewhere and "sh" in context.functions)


def _keeps_a_log(step: Step, steps: Sequence[Step]) -> bool:
    """Whether it only writes down what a command before it in the pipeline says, which is run for something else."""
    stage, stages = step.command.context.stage
    if step.command.name != "tee" or stage == 0:
        return False
    before = [*itertools.takewhile(lambda one: one is not step, steps)]
    pipeline = itertools.takewhile(lambda one: one.command.context.stage == (stage - 1, stages), reversed(before))
    return any(one.meaning.is_significant or not one.meaning.is_known for one in pipeline)


def _varies(step: Step, script: ContainerScript) -> bool:
    """Whether a loop, or several calls, run it with one thing after another, so that only its last run decides."""
    context = step.command.context
    if context.is_checked and not _is_only_told(step, script.steps):
        return False
    around = [one.statement for one in script.loops if one.start in context.loops[-1:]]
    return _differs(step, script.steps) or any(_goes_round(step, one, script.steps) for one in around)


def _is_only_told(step: Step, steps: Sequence[Step]) -> bool:
    """Whether of its success nothing comes but a message: `curl … && echo done`."""
    place = step.command.start
    behind = [
        one.command
        for one in steps
        for guard in one.command.context.guards
        if guard.succeeded and guard.start <= place < guard.statement.end
    ]
    return bool(behind) and all(one.name in ("echo", "printf") and not one.redirections for one in behind)


def _differs(step: Step, steps: Sequence[Step]) -> bool:
    """Whether the function that it is in is called again, with other words."""
    runs = [one.command for one in steps if one.command.statement is step.command.statement]
    return len({tuple(word.value for word in one.arguments) for one in runs}) > 1


def _goes_round(step: Step, loop: syntax.For | syntax.While, steps: Sequence[Step]) -> bool:
    """Whether a loop gives it another word in each round, by itself or by a call."""
    if isinstance(loop, syntax.For):
        words, names = loop.words or (), {loop.name}
        is_over_many = len(words) > 1 or any(word.text is None for word in words)
    else:
        names = {name for item in loop.condition.items for name in assigned_in(item.statement)}
        is_over_many = reads_lines(loop)
    return is_over_many and (uses(step, names) or _is_handed(step, names, steps))


def _is_handed(step: Step, names: set[str], steps: Sequence[Step]) -> bool:
    """Whether it is in a function whose calls give it one of these variables."""
    around = step.command.context.functions
    if not any(one.command.is_call and one.command.name in around and uses(one, names) for one in steps):
        return False
    handed = set(_ARGUMENTS)
    for one in (one.command.statement for one in steps if one.command.context.functions == around):
        assigned = one.assignments if isinstance(one, syntax.Simple) else ()
        handed |= {each.name for each in assigned if holds([each.value], handed)}
    return uses(step, handed)


def is_fatal(
    script: ContainerScript, walk: Walk, command: Command, *, strictly: bool, known: Mapping[int, bool]
) -> bool:
    """Whether the script fails whenever this command does, whatever it does then."""
    loss = Loss(id(command.statement), is_kept=True)
    found = status.ends(
        script.script, errexit=strictly or script.has_errexit, pipefail=strictly or script.has_pipefail,
        inner=walk.inner, loss=loss, unset=script.unset, fallible={test: (answer,) for test, answer in known.items()},
    )  # fmt: skip
    left = [end for end in found or () if end.is_lost]
    return bool(left) and not any(end.succeeded for end in left)


def is_needed(script: ContainerScript, command: Command) -> bool:
    """Whether a script can succeed, but never does where this command fails: no way leads around it."""
    if script.walk is None or script.verdict is None or not script.verdict.can_succeed:
        return False
    loss = Loss(id(command.statement), is_kept=True)
    found = status.ends(
        script.script, errexit=script.has_errexit, pipefail=script.has_pipefail, inner=script.walk.inner, loss=loss,
        unset=script.unset,
    )  # fmt: skip
    return found is not None and not any(end.succeeded for end in found)


def is_significant(step: Step, functions: Mapping[str, syntax.Function], has_library: bool) -> bool:
    """Whether it is bad if the command fails: it prepares something, or it is a program that nothing is known of.

    Not what is in a pipeline before its end, without pipefail; nor a function, which is what its commands are. What
    fills a word is significant if it is worth nothing without its output.
    """
    command, meaning = step.command, step.meaning
    context = command.context
    stage, stages = context.stage
    if stage + 1 < stages and context.pipefail is not True:
        return False
    if not isinstance(command.statement, syntax.Simple) or not command.name or command.name in functions:
        return False
    if context.in_substitution:
        return meaning.produces
    if not meaning.is_known:
        return not has_library and command.words[1:2] not in _ENDING and not _is_question(command)
    return prepares(step)


def _is_question(command: Command) -> bool:
    """Whether its name says that it asks, and something follows from the answer: `needs-upgrade && upgrade`."""
    return command.context.is_checked and _ASKING.match(command.name) is not None


def _is_captured(step: Step, steps: Sequence[Step]) -> bool:
    """Whether what it says goes into a variable, and it is no question: `out=$(alembic upgrade head 2>&1)`."""
    is_known = step.command.context.in_substitution and step.meaning.is_known
    is_question = any(_QUESTION.search(word or "") for word in step.command.words)
    return is_known and prepares(step) and not is_question and bool(filled(step, steps))


def prepares(step: Step) -> bool:
    """Whether it is run for what it does, as far as it is known."""
    return (step.meaning.is_significant and not _only_removes(step)) or _turns_a_file(step)


def _turns_a_file(step: Step) -> bool:
    """Whether a file goes into another, or into a database, by redirections: `envsubst < a > b`, `pg_dump > b`."""
    actions = {effect.action for effect in step.meaning.effects}
    writes = any(one.writes and one.descriptor in ("", "1") for one in step.command.redirections)
    is_filter = step.meaning.can_fail and step.command.name not in _SEARCHES
    is_load = step.command.name in _DATABASES and any(one.operator.startswith("<") for one in step.command.redirections)
    return is_load or (writes and ((is_filter and Action.READ in actions) or step.meaning.produces))


def _only_removes(step: Step) -> bool:
    actions = {effect.action for effect in step.meaning.effects}
    if step.command.name in _REMOVING:
        return True
    return bool(actions) and actions <= {Action.REMOVE, Action.LOOK, Action.READ} and Action.REMOVE in actions
