"""Waits for what is there before the container starts: mounts of volumes, and what those before it have made."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.history import follow
from initlint.kube.pods.container import Container, Mount, Role
from initlint.shell.language.values import whole
from initlint.shell.waiting.atoms import Atom, constant, holds
from initlint.shell.waiting.waits import Wait

_EXISTS, _IS_DIRECTORY = "-e", "-d"
_IS_FILE = ("-e", "-f")
_NO_DIRECTORY = ("subPath", "subPathExpr")


def is_over_at_once(wait: Wait, container: Container) -> bool:
    """Whether one way out of its loop asks only for the mount of a volume, which the runtime has made by then, or for
    a file that an earlier init container has made.
    """
    if wait.loop is None or wait.context.is_elsewhere:
        return False
    ways = (way.guards for way in wait.loop.ways)
    standing = dict(_standing(container))
    asked = {step.command.start: step for step in wait.inside}

    def answer(atom: Atom) -> bool | None:
        step = asked.get(atom.start)
        effects = step.meaning.effects if step else ()
        path = effects[0].path.text if len(effects) == 1 else None
        is_directory = standing.get(path.rstrip("/") if path else "")
        words = step.command.words[1:] if step else []
        sense, words = words[:1] != ["!"], words[words[:1] == ["!"] :]
        found = is_directory is not None and len(words) == 2 and words[0] in (_EXISTS, *[_IS_DIRECTORY] * is_directory)
        if not found and path and len(words) == 2 and words[0] in _IS_FILE:
            found = _is_made(path, container)
        return sense if found else constant(atom)

    return any(guards and all(holds(one.statement, answer) is one.succeeded for one in guards) for guards in ways)


def _is_made(path: str, container: Container) -> bool:
    """Whether an init container that has ended by then writes it."""
    flow = follow(container.pod)
    station = flow.of(container)
    place = station.table.locate(whole(path))
    if place is None or place.is_own:
        return False
    return any(one.role is Role.INIT and flow.written(one, place) for one in flow.earlier(station))


def _standing(container: Container) -> Iterator[tuple[str, bool]]:
    """The paths of mounts and of what they lie in, and whether they are known to be directories."""
    for mount in container.mounts:
        path = mount.path.value.rstrip("/")
        yield path, _is_directory(mount)
    for mount in container.mounts:
        steps = mount.path.value.rstrip("/").split("/")
        yield from (("/".join(steps[:count]), True) for count in range(2, len(steps)))


def _is_directory(mount: Mount) -> bool:
    """Of a sub-path, and of what the host has, it is not known."""
    volume = mount.container.pod.volumes.get(mount.name.value)
    is_part = any(mount.node[field] for field in _NO_DIRECTORY)
    return volume is not None and volume.kind not in ("hostPath", "image") and not is_part
