"""Files that the kubelet mounts as root's with a mode by which a container's user cannot read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.model import Need, Via
from initlint.flow.stations import Station
from initlint.flow.tolerance import surely
from initlint.shell.container.mounted import file_mode
from initlint.shell.container.mounts import Attachment
from initlint.shell.container.user import User, user_of

# Also of the group, which is 0 where nothing says otherwise.
_READ = 0o044


class Closed(NamedTuple):
    """What a container needs of a volume, the mode that it has there, and who the container's user is."""

    need: Need
    attachment: Attachment
    mode: int
    user: User


def closed(station: Station) -> Iterator[Closed]:
    """What a user other than root is to read, once for each volume; `fsGroup` opens it to its group.

    Only of a user that the manifest names: OpenShift gives others one of its own, and a group with it.
    """
    pod = station.container.pod.node["securityContext"]
    user = user_of(station.container)
    is_other = user.is_root is False and user.uid is not None and not user.is_of_image
    seen: set[str] = set()
    for need in station.needs if is_other and not pod["fsGroup"] else ():
        place = need.location
        attachment = place.attachment if place else None
        if place is None or attachment is None or place.text in (None, "/") or place.volume in seen:
            continue
        mode = _mode(attachment, place.text or "")
        if mode is not None and not mode & _READ and _is_read(need, station):
            seen.add(place.volume)
            yield Closed(need, attachment, mode, user)


def _mode(attachment: Attachment, path: str) -> int | None:
    """The mode of a file; a token belongs to the user of the Pod if that is one."""
    node = attachment.volume.node if attachment.volume else None
    if node is None or any(source["serviceAccountToken"] for source in node["projected"]["sources"]):
        return None
    return file_mode(node, path)


def _is_read(need: Need, station: Station) -> bool:
    if need.via is Via.SCRIPT:
        return bool(surely(need, station.uses))
    return need.via in (Via.ARGUMENT, Via.VARIABLE)
