"""Whether a container's main process ever exits by itself, by what is known of its command or its image."""

from __future__ import annotations

import re
import shlex
from typing import NamedTuple

from initlint import programs
from initlint.kube.container import Container
from initlint.kube.pod import Part
from initlint.tree import Node

_SHELLS = re.compile(r"(?:.*/)?(?:ba|da|a|z|k)?sh")
_PLAIN_COMMAND = re.compile(r"""[\w@%+=:,./ '"-]+""")


class Endless(NamedTuple):
    """A program that runs for ever: what to point at, its name, what it is (`a server`), and how it is told to quit.

    `does` is the kind of program, as `programs.yaml` lists them.
    """

    where: Node
    program: str
    description: str
    quit: str | None
    does: str


def endless(container: Container) -> Endless | None:
    """The program that keeps the container running for ever; None if it ends or nothing is known of it.

    Raises Unknown where the image or the command may be filled in by something else.
    """
    if container.overrides_entrypoint:
        nodes = [*container.command, *container.args]
        words = container.words(container.command) + container.words(container.args)
        found = programs.of_command(_without_shell(words), container.whole_env)
        return _endless(found, nodes[_culprit(found, words)]) if found else None
    container.pod.require(Part.COMMANDS, Part.IMAGES)
    args = container.words(container.args) if container.args else None
    found = programs.of_image(container.image.value, args, container.whole_env)
    if not found:
        return None
    nodes = list(container.args)
    return _endless(found, container.image if found.culprit is None else nodes[found.culprit])


def _endless(found: programs.Endless, where: Node) -> Endless:
    does = "command" if found.does == "idle" else found.does
    article = "an" if does[0] in "aeiou" else "a"
    return Endless(where, found.program, f"{article} {does}", found.quit, found.does)


def _without_shell(words: list[str | None]) -> list[str | None]:
    """The words of a script that is one plain command; of any other script, none."""
    script = _script(words)
    if script is None:
        return words
    text = words[script] or ""
    return [*shlex.split(text)] if _PLAIN_COMMAND.fullmatch(text.strip()) and _balanced(text) else []


def _balanced(text: str) -> bool:
    return text.count("'") % 2 == 0 and text.count('"') % 2 == 0 and "\n" not in text.strip()


def _script(words: list[str | None]) -> int | None:
    """Index of the text that a shell is given with `-c`."""
    if not words or not _SHELLS.fullmatch(words[0] or ""):
        return None
    for index, word in enumerate(words[1:-1], 1):
        if word and re.fullmatch(r"-[a-z]*c", word):
            return index + 1
    return None


def _culprit(found: programs.Endless, words: list[str | None]) -> int:
    script = _script(words)
    return script if script is not None else found.culprit or 0
