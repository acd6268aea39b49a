"""Python programs that a ConfigMap holds: what one waits for, told where the container runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.meaning import Meaning
from initlint.shell.commands.programs import is_python, waiting_for
from initlint.shell.container.mounted import MountedFile
from initlint.shell.language.command import Command
from initlint.shell.language.values import Argument, resolve

_PYTHON = regex(r"#![^\n]*\bpython[\d.]*\b")
_ALONE = regex(r"-[bBdEiIOqsSuvx]+")


class _Run(NamedTuple):
    """A command that runs a program: the file, the word that names it, and what the program is given."""

    file: MountedFile
    word: Argument
    given: Sequence[Argument]


def with_program(
    meaning: Meaning, command: Command, files: Mapping[str, MountedFile], env: Mapping[str, str | None]
) -> Meaning:
    """The same with what a mounted program waits for that a command runs."""
    run = _run(command, files) if files and not meaning.probes else None
    if run is None:
        return meaning
    given = {str(index): one.text for index, one in enumerate(run.given, 1)}
    return waiting_for(meaning, run.file.node.value, run.word, {**env, **given})


def _run(command: Command, files: Mapping[str, MountedFile]) -> _Run | None:
    words = command.arguments
    index = 1 if words and is_python(command.name) else 0
    while index and len(words) > index and _ALONE.fullmatch(words[index].text or ""):
        index += 1
    if len(words) <= index or "/" not in words[index].value.known + "/" * index:
        return None
    file = files.get(resolve(words[index].value, command.cwd).text or "")
    is_run = file and (index or (file.is_executable and _PYTHON.match(file.node.value)))
    return _Run(file, words[index], words[index + 1 :]) if file and is_run else None
