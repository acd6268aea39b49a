"""Whether a container's main process ever exits by itself, by what is known of its script, its command or its image."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from initlint import programs
from initlint.finding import Where
from initlint.kube.pods.container import Container
from initlint.kube.terms.unknown import Part
from initlint.regex import regex
from initlint.shell.commands.facts import Step, meaning_of
from initlint.shell.container.mounted import mounted_files
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.language.command import Command, Context
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.waiting.loops import Bound, Loop
from initlint.shell.waiting.streams import ends_early
from initlint.shell.way.walk import Walk
from initlint.text.tree import Node

# What may end a loop from within, though it is not seen how.
_MAY_LEAVE = frozenset({"kill", "killall", "pkill", "halt", "poweroff", "reboot", "shutdown", *RUNNING_TEXT})

_STOPPING = regex(r"(?i)exit|halt|kill|leave|quit|shut_?down|stop|term")
_ONCE = regex(r"--?(?:once|one-?time|oneshot|run-once)(?:=true)?")
# They go on for as long as they are given something.
_PASSING_ON = frozenset({
    "awk", "cat", "cut", "egrep", "fgrep", "gawk", "grep", "mawk", "sed", "sort", "tee", "tr", "ts", "uniq", "wc",
})  # fmt: skip

# What messages call the kinds whose names are none for people.
_NOUNS = {"idle": "command", "log-shipper": "log shipper", "sync": "synchroniser"}


class Endless(NamedTuple):
    """A program that runs for ever: what to point at, its name, what it is (`a server`), and how it is told to quit.

    `does` is the kind of program, as `programs.yaml` lists them.
    """

    where: Where
    program: str
    description: str
    quit: str | None
    does: str


def endless(container: Container) -> Endless | None:
    """The program that keeps the container running for ever; None if it ends or nothing is known of it.

    Raises Unknown where the image or the command may be filled in by something else.
    """
    for script in scripts(container):
        return _of_script(script)
    if container.overrides_entrypoint:
        return None
    container.require(Part.COMMANDS, Part.IMAGES)
    args = container.words(container.args) if container.args else None
    found = programs.of_image(container.image.value, args, container.whole_env)
    if not found:
        return None
    return _endless(found, container.image if found.culprit is None else list(container.args)[found.culprit])


def told_to_end(container: Container) -> Node | None:
    """The word or the variable without which the program of a container would run for ever: `--one-time`."""
    container.require(Part.COMMANDS, Part.IMAGES)
    argv, env = list[Node]((*container.command, *container.args)), container.whole_env
    words = container.words(argv)
    if _runs_on(container, words, env):
        return None
    for index, word in enumerate(argv):
        if _ONCE.fullmatch(word.value) and _runs_on(container, [*words[:index], *words[index + 1 :]], env):
            return word
    for variable in container.env:
        others = {name: value for name, value in (env or {}).items() if name != variable.name.value}
        if env and _runs_on(container, words, others):
            return variable.value
    return None


def _runs_on(container: Container, words: Sequence[str | None], env: programs.Environment) -> bool:
    if container.overrides_entrypoint:
        return programs.of_command(words, env) is not None
    return programs.of_image(container.image.value, words, env) is not None


def _of_script(script: ContainerScript) -> Endless | None:
    """The first thing of a script that runs for ever and is surely come to."""
    if script.walk is None or script.limit is not None:
        return None
    found = [*_programs(script), *_loops(script, script.walk)]
    return min(found, key=lambda one: one[0])[1] if found else None


def _programs(script: ContainerScript) -> Iterator[tuple[int, Endless]]:
    commands = script.commands or ()
    waits = _awaited(script, commands)
    for index, command in enumerate(commands):
        if _may_have_ended(script, commands[:index], command.context.depth):
            return
        if (
            command.is_call
            or not (_is_come_to(command.context) or _is_passed_on(script, commands[index:]))
            or (command.context.in_background and command.start not in waits)
        ):
            continue
        program = programs.of_command(
            command.words, _environment(script, commands[: index + 1]), _reader(script.container)
        )
        if program and program.culprit is not None:
            argument = command.arguments[program.culprit]
            yield command.start, _endless(program, script.span(argument.start, argument.end))


def _loops(script: ContainerScript, walk: Walk) -> Iterator[tuple[int, Endless]]:
    waits = _awaited(script, walk.commands)
    for loop in script.loops:
        context = loop.round.context
        before = [command for command in walk.commands if command.start < loop.start]
        if loop.bound is not Bound.NEVER or not _is_come_to(context) or _may_leave(loop):
            continue
        if _may_have_ended(script, before, context.depth):
            continue
        if not context.in_background or any(command.start in waits for command in loop.commands):
            start, end = loop.head
            name = " ".join(script.script.text[start:end].split())
            yield loop.start, Endless(script.span(start, end), name, "a loop", None, "idle")


def _is_come_to(context: Context) -> bool:
    """Whether it surely runs once, and nothing ends it but itself."""
    return context.is_certain and not context.loops and context.limit is None and context.stage[1] == 1


def _is_passed_on(script: ContainerScript, commands: Sequence[Command]) -> bool:
    """Whether what follows the first one in its pipeline goes on as long as that does: `tail -f log | tee copy`."""
    context = commands[0].context
    stage, stages = context.stage
    if stage or stages == 1 or not _is_come_to(context._replace(stage=(0, 1))):
        return False
    others = [*itertools.takewhile(lambda one: one.context.stage[0] and one.context.stage[1] == stages, commands[1:])]
    through = {loop.start for loop in script.loops if _goes_through(script, loop)}
    is_whole = {one.context.stage[0] for one in others} == set(range(1, stages))
    return is_whole and all(_passes_on(one, through) for one in others)


def _goes_through(script: ContainerScript, loop: Loop) -> bool:
    """Whether a loop takes each line that it is given: `while read -r line; do …; done`."""
    is_given = not script.script.text[loop.statement.end :].lstrip().startswith("<")
    return loop.bound is Bound.INPUT and is_given and not loop.is_left_within and not _may_leave(loop)


def _passes_on(command: Command, through: AbstractSet[int]) -> bool:
    """Whether it ends with its input only; of what stands in a loop, the outermost one decides."""
    if command.context.loops:
        return command.context.loops[0] in through
    return command.name in _PASSING_ON and None not in command.words and not ends_early(command)


def _may_have_ended(script: ContainerScript, before: Sequence[Command], depth: int) -> bool:
    """Whether the script, or the one within it that deep, may have ended with success before."""
    inner = script.walk.inner if script.walk else {}
    return any(
        _may_succeed(command) if command.name == "exit" else "exec" in command.wrappers and bool(command.arguments)
        for command in before
        if command.context.depth <= depth and id(command.statement) not in inner
    )


def _may_succeed(command: Command) -> bool:
    """Whether `exit` may be with success: without a number it has the status of what it is guarded by."""
    if len(command.arguments) < 2:
        return not (command.context.guards and not command.context.guards[-1].succeeded)
    return command.arguments[1].text in (None, "0")


def _may_leave(loop: Loop) -> bool:
    """Whether something in a loop may end it in a way that is not followed, such as a failure with errexit."""
    texts = (loop.text_of(command.statement) for command in loop.commands)
    fails = any(
        command.context.errexit is not False and not command.context.is_checked and meaning_of(command).can_fail
        for command in loop.commands
    )
    leaves = any(command.name in _MAY_LEAVE for command in loop.walk.commands)
    return fails or leaves or any("?" in text for text in texts)


def _awaited(script: ContainerScript, commands: Sequence[Command]) -> set[int]:
    """Where the commands in the background begin that a `wait` at the end of the script is for, and nothing ends."""
    # `exit` there only hands on the status.
    last = next((one for one in reversed(commands) if one.name != "exit"), None)
    if last is None or last.name != "wait" or not _is_come_to(last.context) or last.context.depth:
        return set()
    if any(_may_stop(one) for one in script.steps if one.command.start < last.start):
        return set()
    if last.words[1:] == ["-n"]:
        return _first_of(script, tuple(commands))
    names = [getattr(part, "name", None) for argument in last.arguments[1:] for part in argument.word.parts]
    background = {one.start for one in commands if one.context.in_background}
    is_number = len(names) == 1 and f"{names[0]}=$!" in script.script.text and script.script.text.count("$!") == 1
    return background if names in ([], ["!"]) or is_number else set()


def _first_of(script: ContainerScript, commands: tuple[Command, ...]) -> set[int]:
    """The commands in the background, if none of them ends: `wait -n` of bash is for the first that does."""
    is_known = script.shell.rpartition("/")[2] == "bash"
    jobs = [(index, one) for index, one in enumerate(commands) if one.context.in_background]
    env = [_environment(script, commands[: index + 1]) for index, _ in jobs]
    reader = _reader(script.container)
    ends = any(not programs.of_command(one.words, known, reader) for (_, one), known in zip(jobs, env, strict=True))
    return set() if ends or not is_known else {one.start for _, one in jobs}


def _may_stop(step: Step) -> bool:
    """Whether a command may end what is in the background: `pg_ctl stop`, a POST to `/quitquitquit`."""
    command = step.command
    if command.name in ("trap", "wait") or command.context.in_background:
        return False
    return not step.meaning.is_known or any(word is None or _STOPPING.search(word) for word in command.words)


def _environment(script: ContainerScript, before: tuple[Command, ...]) -> Mapping[str, str | None] | None:
    """The container's environment, if the script has not changed it."""
    changed = any(command.assigned or "env" in command.wrappers for command in before)
    prefixed = bool(getattr(before[-1].statement, "assignments", ()))
    return None if changed or prefixed else script.container.whole_env


def _reader(container: Container) -> Callable[[str], str | None]:
    """The texts of files that ConfigMaps of the input put into the container."""

    def text_of(path: str) -> str | None:
        file = mounted_files(container).get(path)
        return file.node.value if file else None

    return text_of


def _endless(found: programs.EndlessProgram, where: Where) -> Endless:
    noun = _NOUNS.get(found.does, found.does)
    article = "an" if noun[0] in "aeiou" else "a"
    return Endless(where, found.program, f"{article} {noun}", found.quit, found.does)
