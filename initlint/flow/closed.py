"""Files that the kubelet mounts as root's with a mode by which a container's user cannot read them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.model import Need, Via
from initlint.flow.stations import Station
from initlint.flow.tolerance import surely
from initlint.shell.container.mounted import file_mode, mode_node
from initlint.shell.container.mounts import Attachment
from initlint.shell.container.user import User, user_of
from initlint.text.tree import Node

# Also of the group, which is 0 where nothing says otherwise.
_READ = 0o044


class Closed(NamedTuple):
    """What a container needs of a volume, the mode that it has there, and who the container's user is.

    `by` is what says the mode, if anything does.
    """

    need: Need
    attachment: Attachment
    mode: int
    user: User
    by: Node | None = None


def closed(station: Station) -> Iterator[Closed]:
    """What a user other than root is to read, once for each volume, a key first; `fsGroup` opens it to its group.

    Only of a user that the manifest names: OpenShift gives others one of its own, and a group with it.
    """
    pod = station.container.pod.node["securityContext"]
    user = user_of(station.container)
    is_other = user.is_root is False and user.uid is not None and not user.is_of_image
    found: dict[str, Closed] = {}
    for need in station.needs if is_other and user and not pod["fsGroup"] else ():
        place = need.location
        attachment = place.attachment if place else None
        if place is None or attachment is None or place.text in (None, "/"):
            continue
        if place.volume in found and (_is_key(found[place.volume].need) or not _is_key(need)):
            continue
        mode = _mode(attachment, place.text or "")
        if mode is not None and not mode & _READ and _is_read(need, station):
            by = mode_node(attachment.volume.node, place.text or "") if attachment.volume else None
            found[place.volume] = Closed(need, attachment, mode, user, by or None)
    yield from found.values()


def _is_key(need: Need) -> bool:
    """Whether it is called like a private key: what is closed for a reason."""
    return "key" in posixpath.basename(need.path).lower()


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
