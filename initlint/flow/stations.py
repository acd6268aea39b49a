"""From a container to its station: what its scripts do to which paths, in order, and what of that is not known."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from initlint.flow.listed import listed
from initlint.flow.model import WRITES, Key, Need, Use
from initlint.flow.needs import needs
from initlint.flow.past import Past
from initlint.kube.pods.container import Container, Role
from initlint.kube.terms.unknown import Unknown
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Effect
from initlint.shell.container.mounts import MountTable, canonical, within
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts, unnamed
from initlint.shell.language.shells import RUNNING_TEXT, is_shell
from initlint.shell.language.values import Value, whole

T = TypeVar("T")

# Directories that every image with a shell has.
SYSTEM = frozenset({
    "/", "/bin", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv",
    "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/sbin",
    "/usr/share", "/var", "/var/lib", "/var/log", "/var/tmp",
})  # fmt: skip
_RUNS_ANYTHING = frozenset({*RUNNING_TEXT, "chroot", "mount", "make"})


@dataclass(frozen=True, eq=False)
class Station:
    """A container on the way of the data; what it does is found out when it is asked for."""

    container: Container
    index: int

    @cached_property
    def table(self) -> MountTable:
        """What it mounts where."""
        return MountTable(self.container)

    @cached_property
    def scripts(self) -> tuple[ContainerScript, ...]:
        """What it runs; scripts that another manifest holds are further ones."""
        return scripts(self.container)

    @cached_property
    def steps(self) -> tuple[tuple[ContainerScript, Step], ...]:
        """Its commands in order, each with the script that it is of."""
        return tuple((script, step) for script in self.scripts for step in script.steps)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """What its commands do to paths, in order."""
        return tuple(uses_of(self.container, self.table, self.scripts or unnamed(self.container)))

    def uses_on(self, volume: str) -> Sequence[Use]:
        """What its commands do, or may do, to paths on a volume."""
        if volume not in self._uses_on:
            self._uses_on[volume] = [
                use for use in self.uses if any(one is None or one.volume == volume for one in use.locations)
            ]
        return self._uses_on[volume]

    @cached_property
    def _uses_on(self) -> dict[str, list[Use]]:
        return {}

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The paths that it needs."""
        return tuple(needs(self.table, self.scripts, self.uses))

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The files that its variables come from."""
        return tuple(_keys(self.container))

    @cached_property
    def doubt(self) -> str:
        """What of its doing is not known, empty if all of it is."""
        found = _doubt(self.scripts, self.uses)
        return found if self.table.is_whole else "a mount does not say where it is"

    @cached_property
    def doubt_of_writes(self) -> str:
        """The same, but for places that it only reads or clears."""
        found = _doubt(self.scripts, [use for use in self.uses if use.action in (*WRITES, Action.CHANGE)])
        return found if self.table.is_whole else self.doubt

    @property
    def role(self) -> Role:
        """What the container is to the kubelet."""
        return self.container.role

    def mounts(self, volume: str) -> bool:
        """Whether it mounts a volume."""
        return bool(self.table.of_volume(volume))

    def all_of(self, found: Iterable[T]) -> list[T]:
        """What a rule has found; where that is nothing, raises Unknown if it may do more than is known."""
        listed = list(found)
        if self.doubt and not listed:
            raise Unknown(self.doubt)
        return listed

    @cached_property
    def _first_unclear(self) -> int:
        """The index of the first command of which not all is known; of none if there is none."""
        unclear = (index for index, (script, step) in enumerate(self.steps) if not is_followed(script, step))
        return next(unclear, len(self.steps))

    def is_clear_before(self, use: Use) -> bool:
        """Whether all that its scripts do before a use is known."""
        return use.index <= self._first_unclear

    @cached_property
    def is_astray(self) -> bool:
        """Whether it mounts a volume that there is not: a wrong name, and which one is meant is not known."""
        return any(mount.name.value not in self.container.pod.volumes for mount in self.container.mounts)

    def may_write(self, volume: str) -> bool:
        """Whether it mounts a volume where something can be written."""
        return volume in self._writable

    @cached_property
    def _writable(self) -> frozenset[str]:
        return frozenset(one.mount.name.value for one in self.table.attachments if not one.is_read_only)


def uses_of(container: Container, table: MountTable, found: Sequence[ContainerScript]) -> Iterator[Use]:
    """What scripts of a container do to paths, in order."""
    steps = [(script, step) for script in found for step in script.steps]
    links = tuple(_links([step for _, step in steps]))
    made: set[str] = set()
    past = Past(container, table)
    for index, (script, step) in enumerate(steps):
        for effect in step.meaning.effects:
            for paths, is_tree in _places(listed(effect, script, step, table), table, made):
                is_file = len(paths) > 1 and not effect.is_recursive and past.is_absent(paths[0])
                yield Use(
                    container, table, links, script, step, effect, paths[:1] if is_file else paths, is_tree, index
                )
            if effect.action is Action.MAKE_DIRECTORY and effect.path.is_whole:
                made.add(effect.path.known)
        past.take(step, is_followed=is_followed(script, step))


def _links(steps: Sequence[Step]) -> Iterator[str]:
    """What becomes a link to elsewhere: below it, nothing lies where its path says."""
    for step in steps:
        if step.command.name in ("mount", "umount"):
            yield "/"
        for effect in step.meaning.effects:
            if effect.action is Action.LINK:
                yield from [] if effect.is_directory else [effect.path.known]
                yield from (f"{effect.path.known.rstrip('/')}/{name.known}" for name in effect.names if name.is_whole)


def _places(effect: Effect, table: MountTable, made: set[str]) -> Iterator[tuple[tuple[Value, ...], bool]]:
    """The paths that an effect touches, each with those that it may be instead, and whether as a tree."""
    deep = effect.is_recursive
    if effect.action is Action.MAKE_DIRECTORY:
        yield (effect.path,), False
    elif not effect.names:
        is_filled = effect.is_directory is True and effect.action is not Action.READ
        yield (effect.path,), deep or is_filled
    else:
        for name in effect.names:
            yield _named(effect, name, table, made), deep or not name.is_whole


def _named(effect: Effect, name: Value, table: MountTable, made: set[str]) -> tuple[Value, ...]:
    path = effect.path
    if not path.is_whole:
        return (path,)
    below = Value(path.known.rstrip("/") + "/" + name.known, name.is_whole, ends=name.ends)
    if effect.is_directory or _is_directory(path.known, table, made):
        return (below,)
    if effect.is_directory is False or _is_file(path.known, name):
        return (path,)
    return (path, below)


def _is_directory(path: str, table: MountTable, made: set[str]) -> bool:
    """Whether there surely is a directory: of the system, made before, a mount of a whole volume, or above one."""
    is_mount = any(one.at == canonical(path) and one.sub_path == whole("/") for one in table.attachments)
    return path in SYSTEM or is_mount or bool(table.below(path)) or any(within(one, path) for one in made)


def _is_file(path: str, name: Value) -> bool:
    """Whether the target is named like a file: by the same name, or with a suffix of its own."""
    base = posixpath.basename(path)
    return base == name.known or bool(posixpath.splitext(base)[1])


def _keys(container: Container) -> Iterator[Key]:
    for variable in container.env:
        key = variable.node["valueFrom"]["fileKeyRef"]
        if key["volumeName"]:
            yield Key(key["volumeName"].value, "/" + key["path"].value.strip("/"), key)


def _doubt(found: Sequence[ContainerScript], uses: Sequence[Use]) -> str:
    """What of a container's doing is not known; empty if all of it is."""
    if not found:
        return "the manifest does not show what it runs"
    for script in found:
        if script.commands is None:
            return "its script is not understood"
        if script.is_elsewhere:
            return "it runs in another namespace"
        for step in script.steps:
            if not is_followed(script, step):
                return f"what `{step.command.name or '…'}` does is not known"
    unplaced = next((use for use in uses if None in use.locations), None)
    if unplaced:
        return f"the path `{unplaced.script.script.text_of(unplaced.effect)}` is not known"
    return ""


def is_followed(script: ContainerScript, step: Step) -> bool:
    """Whether all that a command does to paths is known: by its meaning, or as what it runs is walked itself."""
    command = step.command
    if not command.arguments or (script.walk and command.name in script.walk.functions):
        return True  # it only assigns or redirects, or its body is walked
    if script.walk and id(command.statement) in script.walk.inner:
        return True
    if is_shell(command.name):
        return False
    return step.meaning.is_complete and command.name not in _RUNS_ANYTHING and not step.meaning.runs
