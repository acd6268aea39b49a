"""What surely is not there yet when a command runs: what lies on a volume that nobody has written to by then."""

from __future__ import annotations

from initlint.flow.model import WRITES
from initlint.kube.pods.container import Container
from initlint.shell.commands.facts import Step
from initlint.shell.container.mounts import FRESH_KINDS, MountTable, canonical, within
from initlint.shell.language.values import Value


class Past:
    """What a script has done up to a command."""

    def __init__(self, container: Container, table: MountTable) -> None:
        self._container = container
        self._table = table
        self._touched: list[str] = []
        self._is_clear = True

    def take(self, step: Step, *, is_followed: bool) -> None:
        """Remember a command."""
        effects = [one for one in step.meaning.effects if one.action in WRITES]
        self._is_clear = self._is_clear and is_followed and all(one.path.known.startswith("/") for one in effects)
        self._touched += (canonical(one.path.known.rstrip("/")) for one in effects)

    def is_absent(self, path: Value) -> bool:
        """Whether there is nothing at a path: `cp file` makes a file there, and not one in a directory."""
        known = canonical(path.known)
        holder = next((one for one in self._table.attachments if one.holds(known)), None)
        if not path.is_whole or not self._is_clear or holder is None or holder.kind not in FRESH_KINDS:
            return False
        is_met = any(within(one, known) or known.startswith(one) for one in self._touched)
        return known != holder.at and not is_met and self._is_first(holder.mount.name.value)

    def _is_first(self, volume: str) -> bool:
        """Whether no container before mounts a volume so that it may write to it."""
        containers = self._container.pod.init_containers
        index = next((at for at, one in enumerate(containers) if one.node is self._container.node), None)
        before = (mount for one in containers[:index] for mount in one.mounts)
        return index is not None and not any(one.name.value == volume and not one.is_read_only for one in before)
