"""Names that are added to `/etc/hosts`, which the kubelet writes anew for each container (`ensureHostsFile`)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.script import ContainerScript

_HOSTS = "/etc/hosts"
# They ask for no host.
_QUIET = frozenset({"", ":", "cat", "echo", "exit", "grep", "ls", "printf", "sed", "sleep", "tail", "tee", "true"})


def added_hosts(station: Station) -> Iterator[tuple[ContainerScript, Step]]:
    """The first command that changes it, where nothing behind it can look names up."""
    for use in station.uses:
        if _is_of_hosts(use):
            if all(step.command.name in _QUIET for _, step in station.steps[use.index + 1 :]):
                yield use.script, use.step
            return


def _is_of_hosts(use: Use) -> bool:
    is_own = use.location is not None and use.location.is_own and use.text == _HOSTS
    return is_own and use.action in (*WRITES, Action.CHANGE) and use.step.command.context.is_certain
