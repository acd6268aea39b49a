"""What a command takes away or replaces where something is mounted: the kernel lets nobody do that (EBUSY).

`rm` clears a mounted directory first and fails then, also with `-f`; `sed -i` puts a new file where the old one is.
"""

from __future__ import annotations

from initlint.flow.model import Use
from initlint.flow.tolerance import is_tolerated
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, canonical, within

_REMOVING = frozenset({"mv", "rm", "rmdir"})
_REPLACING = frozenset({"gsed", "sed"})
_COPIES = frozenset({"-c", "--copy"})


def busy(use: Use) -> Attachment | None:
    """The mount by which a command surely fails, and its script with it."""
    found = _mount(use)
    # How a script ends is asked last: it is followed for that.
    if not found or not use.step.command.context.is_certain or is_tolerated(use):
        return None
    return found if use.script.fails_with(use.step.command) else None


def _mount(use: Use) -> Attachment | None:
    """The mount that a command takes away or replaces."""
    command, path = use.step.command, canonical(use.text.rstrip("/")) if use.text else ""
    mounts = (one for one in use.table.attachments if one.kind and not one.is_read_only)
    if path and command.name in _REMOVING and use.action is Action.REMOVE:
        return next((one for one in mounts if within(one.at, path)), None)
    if path and command.name in _REPLACING and use.action is Action.CHANGE and _COPIES.isdisjoint(command.words):
        return next((one for one in mounts if one.at == path), None)
    return None
