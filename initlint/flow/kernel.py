"""What a container would set of the kernel, where it cannot: `/proc/sys` and `/sys` without `privileged`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.finding import Where
from initlint.flow.stations import Station
from initlint.flow.tolerance import may_fail
from initlint.kube.pods.container import Container
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import within
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.user import user_of

_FILES = ("/proc/sys", "/sys")
_CHANGING_MOUNTS = ("mount", "umount", "nsenter", "unshare", "chroot")


class KernelWrite(NamedTuple):
    """A setting of the kernel that cannot be made; `name` is the key or the file, `root` where it is mounted."""

    where: Where
    name: str
    root: str


def kernel_writes(station: Station) -> Iterator[KernelWrite]:
    """The first one that a container surely comes to; what another user than root may not is another question."""
    if not _is_closed(station.container) or any(one.command.name in _CHANGING_MOUNTS for _, one in station.steps):
        return
    for script, step in station.steps:
        found = next(_of(script, step, station), None)
        if found and _is_sure(script, step) and user_of(station.container).is_root is not False:
            yield found
            return


def _is_closed(container: Container) -> bool:
    """Whether the runtime mounts them as it does for any container: of the sandbox of another one nothing is known."""
    security = container.node["securityContext"]
    is_plain = not security["privileged"] or security["privileged"].truth is False
    return is_plain and not security["procMount"] and not container.pod.node["runtimeClassName"]


def _is_sure(script: ContainerScript, step: Step) -> bool:
    """Whether it is come to whatever was looked at before, and its failure is not meant to be possible."""
    command = step.command
    is_reached = command.context.is_certain and not command.context.guards and not command.context.is_elsewhere
    return is_reached and not command.is_call and not may_fail(command, script)


def _of(script: ContainerScript, step: Step, station: Station) -> Iterator[KernelWrite]:
    command = step.command
    for word in command.arguments[1:] if command.name == "sysctl" else ():
        key, equals, _ = word.value.known.partition("=")
        if equals and not key.startswith("-") and not _is_mounted("/proc/sys", station):
            yield KernelWrite(script.span(command.start, command.end), key.strip(), "/proc/sys")
    for effect in step.meaning.effects:
        path = effect.path.known
        root = next((one for one in _FILES if within(path, one)), None)
        if root and effect.action in (Action.WRITE, Action.APPEND) and not _is_mounted(path, station):
            yield KernelWrite(script.span(effect.start, effect.end), path, root)


def _is_mounted(path: str, station: Station) -> bool:
    """Whether a volume lies there, below or above."""
    return any(within(path, one.at) or within(one.at, path) for one in station.table.attachments)
