"""Whether a container's main process ever exits by itself, by what is known of its command or its image."""

from __future__ import annotations

from typing import NamedTuple

from initlint import programs
from initlint.kube.container import Container
from initlint.kube.pod import Part
from initlint.tree import Node


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
        found = programs.of_command(words, container.whole_env)
        return _endless(found, nodes[found.culprit or 0]) if found else None
    container.pod.require(Part.COMMANDS, Part.IMAGES)
    args = container.words(container.args) if container.args else None
    found = programs.of_image(container.image.value, args, container.whole_env)
    if not found:
        return None
    nodes = list(container.args)
    return _endless(found, container.image if found.culprit is None else nodes[found.culprit])


def _endless(found: programs.Endless, where: Node) -> Endless:
    noun = "command" if found.does == "idle" else found.does
    article = "an" if noun[0] in "aeiou" else "a"
    # A loop serves nobody else, as far as is known.
    return Endless(
        where, found.program, f"{article} {noun}", found.quit, "idle" if found.does == "loop" else found.does
    )
