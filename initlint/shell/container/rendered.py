"""What programs make of templates as their settings in a ConfigMap say: `vault agent -config=agent.hcl`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Effect, Meaning
from initlint.shell.commands.options import part
from initlint.shell.container.mounted import MountedFile
from initlint.shell.language.command import Command
from initlint.shell.language.values import Argument, whole

_CONFIG = regex(r"--?config(?:=|$)")
_DESTINATION = regex(r"""(?m)^\s*(?:[{,]\s*)?"?destination"?\s*[=:]\s*"(/[^"$\{\n]+)\"""")


def with_rendered(meaning: Meaning, command: Command, files: Mapping[str, MountedFile]) -> Meaning:
    """The same with the files that a mounted configuration of templates names."""
    is_one = command.name == "consul-template" or (command.name == "vault" and "agent" in command.words[1:2])
    made = tuple(_made(command, files)) if files and is_one else ()
    return meaning._replace(effects=(*meaning.effects, *made)) if made else meaning


def _made(command: Command, files: Mapping[str, MountedFile]) -> Iterator[Effect]:
    for word in _configs(command):
        file = files.get(word.text or "")
        for match in _DESTINATION.finditer(file.node.value) if file else ():
            yield Effect(Action.WRITE, word.start, word.end, whole(match[1]), is_directory=False)


def _configs(command: Command) -> Iterator[Argument]:
    """The words that name its settings: `-config=/etc/agent.hcl`, `-config /etc/agent.hcl`."""
    arguments = command.arguments
    for index, word in enumerate(arguments):
        match = _CONFIG.match(word.value.known)
        if match and match[0].endswith("="):
            yield part(word, match.end())
        elif match:
            yield from arguments[index + 1 : index + 2]
