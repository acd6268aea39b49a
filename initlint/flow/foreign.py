"""What an init container puts where only a later container mounts a volume, and which program it can be for."""

from __future__ import annotations

from initlint.flow.history import Fate, Flow
from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station
from initlint.flow.unread import is_told
from initlint.flow.usage import Usage, folder_of, usage
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.container.mounts import FRESH_KINDS, Attachment
from initlint.shell.language.values import whole

# What programs keep there they do not hand over.
_ROOM = regex(r"/(?:run|var/(?:run|cache|log|spool|tmp)|tmp|root|home)(?:/|$)")


def mounted_later(use: Use, station: Station, flow: Flow) -> tuple[Station, Attachment] | None:
    """The first later container that mounts something where a container works on its own file system; an app first."""
    path = folder_of(use)
    if path is None or station.table.below(path, use.paths[0]):
        return None
    later = [one for one in flow.later(station) if one.index > station.index]
    for one in sorted(later, key=lambda other: other.role is Role.INIT):
        holder = next((each for each in one.table.attachments if each.holds(path) and each.at != "/"), None)
        if holder:
            return one, holder
    return None


def is_foreign(use: Use, station: Station, flow: Flow) -> bool:
    """Whether a file can only be meant for a later container: another image's, with a volume there that stays empty.

    A program that the container runs besides and that is not known would have to be told of it.
    """
    path, found = folder_of(use), mounted_later(use, station, flow) if use.action in WRITES and use.fills else None
    if path is None or found is None or _ROOM.match(path):
        return False
    later, attachment = found
    place = attachment.location(whole(path))
    images = {one.container.image.value for one in flow.later(station) if one.table.of_volume(place.volume)}
    is_empty = attachment.kind in FRESH_KINDS and flow.fate_at(place, later) is Fate.EMPTY
    if not is_empty or station.container.image.value in images or is_told(attachment, station):
        return False
    return usage(use, station, is_foreign=True) in (Usage.SHOWN, Usage.UNUSED)
