"""Who uses a volume that is empty when the Pod starts, and which init container is the last to fill it."""

from __future__ import annotations

import re

from initlint.flow.early import early_reads
from initlint.flow.history import Fate, Flow
from initlint.flow.stations import Station
from initlint.kube.pods.container import Role
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, Location


def last_filler(attachment: Attachment, flow: Flow) -> Station | None:
    """The last init container that may fill the emptyDir; None if a sidecar or an app mounts it, too."""
    name = attachment.mount.name.value
    if any(one.role is not Role.INIT and _is_user(one, attachment, flow) for one in flow.stations):
        return None
    filling = (one for one in reversed(flow.stations) if one.may_write(name) and _is_user(one, attachment, flow))
    return next((one for one in filling if not _only_reads(one, name)), None)


def is_annotated(volume: str, flow: Flow) -> bool:
    """Whether an annotation names the volume, by which a sidecar that is injected may be told to mount it."""
    values = (value.value for _, value in flow.pod.workload.pod_metadata["annotations"].items())
    return any(re.search(rf"(?<![\w.-]){re.escape(volume)}(?![\w.-])", value) for value in values)


def _only_reads(one: Station, volume: str) -> bool:
    """Whether all that is known of a container's dealings with a volume is that options tell it what to read there."""
    told = [need for need in one.needs if need.location and need.location.volume == volume]
    touched = [
        use for use in one.uses if None in use.locations or any(at and at.volume == volume for at in use.locations)
    ]
    return bool(told) and not touched and all(need.is_input for need in told)


def users(attachment: Attachment, flow: Flow) -> list[Station]:
    """Who mounts the volume, but for those that only change the owners or modes of what is there, or see none of it."""
    return [one for one in flow.stations if _is_user(one, attachment, flow)]


def _is_user(one: Station, attachment: Attachment, flow: Flow) -> bool:
    name = attachment.mount.name.value
    return one.mounts(name) and not _only_tends(one, name) and not blind(one, attachment, flow)


def blind(one: Station, attachment: Attachment, flow: Flow) -> Attachment | None:
    """The mount of a sidecar or an app that shows only a sub-path of the volume, into which nobody before writes.

    Where the init container mounts a sub-path, too, that is another rule's business.
    """
    mounts = one.table.of_volume(attachment.mount.name.value)
    if one.role is Role.INIT or attachment.sub_path.text != "/" or any(mine.sub_path.text == "/" for mine in mounts):
        return None
    places = [Location(mine.mount.name.value, mine.sub_path, mine) for mine in mounts]
    return mounts[0] if mounts and all(flow.fate_at(place, one) is Fate.EMPTY for place in places) else None


def _only_tends(one: Station, volume: str) -> bool:
    on_volume = [use for use in one.uses if any(at and at.volume == volume for at in use.locations)]
    tends = bool(on_volume) and all(use.action in (Action.CHANGE, Action.LOOK) for use in on_volume)
    return tends and one.role is Role.INIT and not one.doubt


def reads_early(one: Station, volume: str, flow: Flow) -> bool:
    """Whether a container reads from the volume before it is filled: the order is wrong, and not that nobody reads."""
    is_for_reading = not one.may_write(volume) and one.index == min(
        other.index for other in flow.stations if other.mounts(volume)
    )
    return is_for_reading or any(early.volume == volume for early in early_reads(one, flow))
