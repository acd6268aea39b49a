"""Volumes that init containers fill, and that nobody mounts afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.early import early_reads
from initlint.flow.history import WRITES, Flow
from initlint.flow.model import Need, Use
from initlint.flow.needs import paths
from initlint.flow.stations import Station, is_followed
from initlint.kube.container import Role
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, canonical, within

# Where programs put what they need only while they run.
_SCRATCH = re.compile(
    r".*/te?mp|.*/te?mp/.*|/(?:var/)?run(?:/.*)?|/var/log(?:/.*)?|/dev/shm|(?:/root|/home/[^/]+)"
    r"|.*/\.?cache(?:/.*)?|.*/\.[^/]+"
)
_SCRATCH_NAME = re.compile(r"(?i)(?:.*[-_])?(?:te?mp|scratch|cache|workspace|work-?dir|home)(?:[-_].*)?")
_SCRATCH_OPTION = re.compile(r"(?i)--?[\w-]*(?:te?mp|scratch|cache|work|home)[\w-]*(?:=.*)?")


class Unread(NamedTuple):
    """A mount of a volume that nobody mounts later: who needs its path, or what is written there, if that is seen."""

    attachment: Attachment
    need: Need | None = None
    later: Station | None = None
    write: Use | None = None


def unread(station: Station, flow: Flow) -> Iterator[Unread]:
    """The emptyDirs that an init container is the last to mount, and that are needed later, or filled for nothing."""
    if station.role is not Role.INIT or station.container.node["restartPolicy"].value == "Always":
        return
    seen: set[str] = set()
    for mount in station.container.mounts:
        attachment = next((one for one in station.table.attachments if one.mount is mount), None)
        if attachment and mount.name.value not in seen and _is_last(attachment, station, flow):
            seen.add(mount.name.value)
            yield from _found(attachment, station, flow)


def _is_last(attachment: Attachment, station: Station, flow: Flow) -> bool:
    """Whether only init containers mount the emptyDir, this one last, and no variable comes from it."""
    name = attachment.mount.name.value
    users = [one for one in flow.stations if one.mounts(name)]
    is_read = any(key.volume == name for one in flow.stations for key in one.keys)
    is_empty = attachment.kind == "emptyDir" and not attachment.mount.is_read_only
    is_last = is_empty and not is_read and users[-1] is station and all(one.role is Role.INIT for one in users)
    is_meant = any(_may_mean_it(one, flow) for one in flow.later(station) if one.role is not Role.INIT)
    return is_last and not is_meant and not any(_reads_early(one, name, flow) for one in users[:-1])


def _may_mean_it(one: Station, flow: Flow) -> bool:
    """Whether a container mounts a volume that there is not: its name may be wrong, and not that nobody reads."""
    return any(mount.name.value not in flow.pod.volumes for mount in one.container.mounts)


def _reads_early(one: Station, volume: str, flow: Flow) -> bool:
    """Whether a container reads from the volume before it is filled: the order is wrong, and not that nobody reads."""
    return any(early.volume == volume for early in early_reads(one, flow))


def _found(attachment: Attachment, station: Station, flow: Flow) -> Iterator[Unread]:
    if attachment.at == "/":
        return
    is_scratch = _SCRATCH.fullmatch(attachment.mount.path.value.rstrip("/")) is not None
    told = _told(attachment, flow)
    if told and (not is_scratch or _writes(station, told[0])):
        yield Unread(attachment, *told)
    if told or is_scratch:
        return
    if _SCRATCH_NAME.fullmatch(attachment.mount.name.value):
        return
    write = _filled(attachment, station)
    if write or (_is_mentioned_once(attachment, station) and _is_sole(attachment, flow)):
        yield Unread(attachment, write=write)


def _writes(station: Station, need: Need) -> bool:
    """Whether a container surely writes the file that is needed, which is then not only made while a program runs."""
    return any(use.text is not None and canonical(use.text) == canonical(need.path) for use in station.uses)


def _told(attachment: Attachment, flow: Flow) -> tuple[Need, Station] | None:
    """The first sidecar or app that needs the path where it is mounted, and has nothing of its own there."""
    for later in flow.stations:
        if later.role is not Role.INIT and not _has_own(attachment.at, later):
            for need in later.needs:
                if within(canonical(need.path), attachment.at):
                    return need, later
    return None


def _has_own(path: str, later: Station) -> bool:
    return any(within(path, one.at) or within(one.at, path) for one in later.table.attachments)


def _filled(attachment: Attachment, station: Station) -> Use | None:
    """What the script writes there and never looks at again; None if that is not known."""
    writes = [use for use in station.uses if _is_product(use) and _is_on(use, attachment)]
    if station.doubt or not writes or any(_is_used(use, attachment, station) for use in writes):
        return None
    return writes[0]


def _is_product(use: Use) -> bool:
    return use.action in WRITES and use.action is not Action.MAKE_DIRECTORY and use.step.command.name != "touch"


def _is_on(use: Use, attachment: Attachment) -> bool:
    return any(location and location.volume == attachment.mount.name.value for location in use.locations)


def _is_used(write: Use, attachment: Attachment, station: Station) -> bool:
    """Whether something behind a write may read it: a read of the volume, or a word that names the path."""
    reads = (use for use in station.uses if use.action is Action.READ and use.index > write.index)
    if any(_is_on(use, attachment) or None in use.locations for use in reads):
        return True
    behind = [step for _, step in station.steps[write.index + 1 :]]
    return any(_names(step.command.words, attachment) for step in behind if not step.meaning.effects)


def _names(words: list[str | None], attachment: Attachment) -> bool:
    return any(within(canonical(path), attachment.at) for word in words for path in paths(word or ""))


def _is_mentioned_once(attachment: Attachment, station: Station) -> bool:
    """Whether a container of which less is known is told the path once, and not for what it needs while it runs.

    A script that names the path again may itself read what it wrote.
    """
    if station.steps and all(is_followed(script, step) for script, step in station.steps) and not station.doubt:
        return False
    path = re.escape(attachment.mount.path.value.rstrip("/"))
    words = [word.value for word in (*station.container.command, *station.container.args)]
    uses = [match for word in words for match in re.finditer(rf"(?<![\w./-]){path}(?![\w.-])", word)]
    scratch = any(_SCRATCH_OPTION.fullmatch(word) for word in words)
    return len(uses) == 1 and not scratch and not re.search(r"\b(?:cd|pushd)\s", uses[0].string)


def _is_sole(attachment: Attachment, flow: Flow) -> bool:
    """Whether no other init container uses it: between two of them it may be all that is meant."""
    return sum(one.mounts(attachment.mount.name.value) for one in flow.stations) == 1
