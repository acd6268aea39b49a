"""Copies that a script makes of mounted files, to make them executable: ConfigMaps cannot be written to."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, MutableMapping
from dataclasses import replace

from initlint.regex import regex
from initlint.shell.container.mounted import MountedFile
from initlint.shell.language.command import Command
from initlint.shell.language.values import resolve

_EXECUTABLE = regex(r"[ugoa]*[+=][rwst]*x[rwxst]*|0?[0-7]*[1357][0-7]*")
_HARMLESS = frozenset({"cat", "cd", "echo", "export", "ls", "mkdir", "printf", "set", "sleep", "test", "["})


def copy(command: Command, files: Mapping[str, MountedFile], copies: MutableMapping[str, MountedFile]) -> None:
    """What a command does to the copies, by their paths; of those that it may change nothing is known."""
    operands = [one for one in command.arguments[1:] if not one.value.known.startswith("-")]
    paths = [resolve(one.value, command.cwd).text for one in operands]
    if command.name in ("cp", "install") and len(operands) >= 2:
        source, target = files.get(paths[-2] or ""), paths[-1]
        _forget(command, paths, copies)
        if source and target:
            is_executable = source.is_executable or command.name == "install"
            named = posixpath.join(target, posixpath.basename(paths[-2] or ""))
            copies.update(dict.fromkeys((target, named), replace(source, is_executable=is_executable)))
    elif command.name == "chmod" and operands and _EXECUTABLE.fullmatch(operands[0].text or ""):
        copies.update({one: replace(copies[one], is_executable=True) for one in paths if one and one in copies})
    elif command.name not in _HARMLESS or command.redirections:
        _forget(command, paths, copies)


def _forget(command: Command, paths: list[str | None], copies: MutableMapping[str, MountedFile]) -> None:
    touched = {*paths, *(one.path.text for one in command.redirections)}
    for path in list(copies):
        if None in touched or path in touched:
            del copies[path]
