"""What is done in vain if nothing of use follows it, and what may follow without being what it was done for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from initlint.finding import Where
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.script import ContainerScript

TRIVIAL = frozenset({
    "", ":", "echo", "printf", "true", "exit", "return", "sleep", "id", "whoami", "env", "printenv", "date", "hostname",
    "uname", "nproc", "pwd", "which", "command", "disown", "type", "set", "umask", "unset", "test", "[", "[[", "((",
})  # fmt: skip
"""What may follow without being what it was done for."""

_VERSIONS = (["--version"], ["-version"], ["-V"], ["-v"], ["version"], ["--help"])


class Fleeting(NamedTuple):
    """Something that is gone when the container exits; `kind` says what."""

    kind: str
    span: Where
    text: str
    step: Step


def ends_with(steps: Sequence[Step], others: Callable[[Step], bool]) -> bool:
    """Whether nothing of use follows."""
    return all(_is_trivial(step) or others(step) for step in steps)


def _is_trivial(step: Step) -> bool:
    writes = any(effect.action not in (Action.READ, Action.LOOK) for effect in step.meaning.effects)
    words = step.command.words[1:]
    return not writes and (step.command.name in TRIVIAL or words in _VERSIONS)


def fleeting_of(kind: str, script: ContainerScript, step: Step) -> Fleeting:
    """What a command does, as it is shown."""
    command = step.command
    text = " ".join(script.script.text_of(command).split())
    return Fleeting(kind, script.span(command.start, command.end), text, step)
