"""Whether an init container makes what a later one needs, and who looks for it on another volume at that path."""

from __future__ import annotations

from initlint.flow.history import Fate, Flow
from initlint.flow.model import WRITES, Need, Use, Via
from initlint.flow.readonly import has_read_only_root
from initlint.flow.stations import Station, is_followed
from initlint.kube.pods.container import Role
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location, canonical, within


def hands_over(station: Station, need: Need) -> bool:
    """Whether a container surely writes what is needed, which is then not only made while a program runs.

    What a script reads by that very path, or by a pattern, was made for it; and so was what another was told to make.
    """
    needed = canonical(need.path)
    paths = (path.text for use in station.uses if use.action in WRITES for path in use.paths[:1])
    written = [canonical(path) for path in paths if path is not None]
    if need.via is not Via.SCRIPT:
        return needed in written
    named = [canonical(one.path) for one in station.needs if one.via is Via.ARGUMENT]
    return needed in named or any(within(path, needed) for path in written)


def twin_of(attachment: Attachment, station: Station, flow: Flow) -> tuple[Need, Attachment] | None:
    """What a later container looks for at that path, where it mounts another volume and finds nothing."""
    if not station.doubt and not any(use.fills for use in station.uses_on(attachment.mount.name.value)):
        return None
    for later in (one for one in flow.stations if one.role is not Role.INIT):
        for one in later.table.attachments:
            place = Location(one.mount.name.value, one.sub_path, one)
            is_other = place.volume != attachment.mount.name.value and one.kind in FRESH_KINDS
            if one.at != attachment.at or not is_other or flow.fate_at(place, later) is not Fate.EMPTY:
                continue
            need = next(
                (need for need in later.needs if one.holds(need.path) and _is_telling(need, one, station)), None
            )
            if need and not any(use.fills for use in later.uses_on(place.volume)):
                return need, one
    return None


def _is_telling(need: Need, there: Attachment, station: Station) -> bool:
    """Whether it is for what an init container makes there; of one of which less is known, if it names what is in it.

    What can write nowhere else may need room there.
    """
    if not station.doubt or hands_over(station, need):
        return need.via is not Via.IMAGE
    is_within = canonical(need.path) != there.at and need.via in (Via.ARGUMENT, Via.SCRIPT)
    return is_within and not has_read_only_root(station)


def is_never_put(place: Location, later: Station, use: Use, flow: Flow) -> bool:
    """Whether nobody puts anything there; of a program that is told of its output elsewhere that is known."""
    if flow.fate_at(place, later) is Fate.EMPTY:
        return True
    station = flow.of(use.container)
    is_alone = [step for _, step in station.steps if not step.command.is_call] == [use.step]
    is_told = not is_followed(use.script, use.step) and is_alone and use.action is Action.WRITE
    kind = place.attachment.kind if place.attachment else ""
    others = [one for one in flow.earlier(later) if one is not station]
    return is_told and kind in FRESH_KINDS and all(flow.written(one, place) is False for one in others)
