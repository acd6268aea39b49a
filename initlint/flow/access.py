"""Which files of a root init container another user cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.history import Flow
from initlint.flow.kept import is_removed_at_exit
from initlint.flow.model import Need, Use, Via
from initlint.flow.modes import Made, made_by, may_be_about
from initlint.flow.stations import Station
from initlint.flow.tolerance import is_tolerated
from initlint.kube.pods.container import Container, Role
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import FRESH_KINDS, Location, within
from initlint.shell.container.user import server_of, user_of


class Unusable(NamedTuple):
    """A file or directory of root, what a later container cannot do with it, and why."""

    made: Use
    by: Use
    mode: int
    later: Station
    user: int
    does: str
    need: Need | Use | None
    owner: int = 0

    @property
    def is_of_images(self) -> bool:
        """Whether one of the two users is that of an image, which the manifest does not name."""
        return any(user_of(one).is_of_image for one in (self.made.container, self.later.container))


def unusable(station: Station, flow: Flow) -> Iterator[Unusable]:
    """What an init container makes as root, and a later one that is another user needs and cannot use."""
    if station.role is not Role.INIT or user_of(station.container).uid != 0:
        return
    judged: dict[int, Unusable] = {}
    shut: list[Location] = []
    for made in made_by(station, flow):
        if any(_is_in(made.use.location, one) for one in shut) or is_removed_at_exit(made.use):
            continue  # whose mode does not matter
        for later in flow.later(station):
            server = server_of(later.container)
            user = server or user_of(later.container).uid
            is_other = bool(user) and user != made.owner and later.index > station.index
            if user and is_other and not _is_changed(made, station, later, flow):
                found = _judged(made, later, user)
                found = found._replace(owner=made.owner) if found else None
                if server and found and not _is_told(found.need):
                    continue  # its entry point may read it before, as root
                before = judged.get(id(found.by.effect)) if found else None
                if found and (before is None or (before.need is None and found.need is not None)):
                    judged[id(found.by.effect)] = found  # of all that one word names that which is needed
                    shut += [made.use.location] if made.is_directory and made.use.location else []
    yield from judged.values()


def _is_told(need: Need | Use | None) -> bool:
    return isinstance(need, Need) and need.via is Via.ARGUMENT


def _is_in(place: Location | None, directory: Location) -> bool:
    texts = (place.text, directory.text) if place and place.volume == directory.volume else (None, None)
    return texts[0] is not None and texts[1] is not None and within(texts[0], texts[1])


def _is_changed(made: Made, station: Station, later: Station, flow: Flow) -> bool:
    """Whether a container between may change the owner or the mode."""
    place = made.use.location
    between = [one for one in flow.stations if station.index < one.index < later.index and one.role is not Role.MAIN]
    between = [one for one in between if place and one.may_write(place.volume)]
    return place is None or any(
        one.doubt
        or any(use.action is not Action.READ and may_be_about(use, place) for use in one.uses_on(place.volume))
        for one in between
    )


def _judged(made: Made, later: Station, user: int) -> Unusable | None:
    """What a later container cannot do with it."""
    bits = made.mode & 7 | (made.mode >> 3 & 7 if _may_be_in_group(later.container, made.group) else 0)
    place = made.use.location
    if place is None or place.text is None:
        return None
    for use in later.uses:
        if (
            use.runs_as is None
            and use.action in (Action.WRITE, Action.APPEND)
            and not bits & 2
            and _is_written(use, made, place)
        ):
            return Unusable(made.use, made.by, made.mode, later, user, "write to", use)
    does = "open" if made.is_directory else "read"
    for need in later.needs:
        if need.step and need.step.command.runs_as:
            continue  # as another user than this one
        if _lacks(made, bits, place, need.location):
            return Unusable(made.use, made.by, made.mode, later, user, does, need)
    if bits & (1 if made.is_directory else 4) or not _is_for(made, later):
        return None
    return Unusable(made.use, made.by, made.mode, later, user, does, None)


def _lacks(made: Made, bits: int, place: Location, needed: Location | None) -> bool:
    """Whether these permissions keep a container from what it needs: a file, a directory, or what lies in it."""
    text = needed.text if needed and needed.volume == place.volume else None
    if text is None or place.text is None:
        return False
    if made.is_directory and text != place.text and within(text, place.text):
        return not bits & 1 and _is_passed(place, needed)
    wanted = 5 if made.is_directory else 4
    return within(place.text, text) and bits & wanted != wanted


def _is_passed(place: Location, needed: Location | None) -> bool:
    """Whether the way to what is needed leads through a directory: a sub-path that is mounted may begin behind it."""
    root = needed.attachment.sub_path.text if needed and needed.attachment else None
    return root is not None and place.text is not None and within(place.text, root)


def _is_for(made: Made, later: Station) -> bool:
    """Whether an app mounts what can only be meant for it: a file on a fresh volume, or such a volume as a whole."""
    place = made.use.location
    is_fresh = place is not None and place.attachment is not None and place.attachment.kind in FRESH_KINDS
    is_whole = not made.is_directory or (place is not None and place.text == "/")
    return is_fresh and is_whole and later.role is Role.MAIN and place is not None and _sees(place, later)


def _may_be_in_group(container: Container, of_file: int | None) -> bool:
    """Whether the group's permissions may count: group 0 is that of users without one, fsGroup that of its volumes."""
    pod = container.pod.node["securityContext"]
    group = container.node["securityContext"]["runAsGroup"].value or pod["runAsGroup"].value
    return of_file is None or bool(pod["fsGroup"]) or bool(pod["supplementalGroups"]) or group in ("", str(of_file))


def _is_written(use: Use, made: Made, place: Location) -> bool:
    """Whether a later write needs the file, or an entry in the directory, to be writable."""
    location = use.location
    if location is None or location.volume != place.volume or place.text is None or is_tolerated(use):
        return False
    if location.text is None:  # something in the directory, whatever its name
        return made.is_directory and location.path.known == f"{place.text}/"
    folder = location.text.rpartition("/")[0] or "/"
    return folder == place.text if made.is_directory else location.text == place.text


def _sees(place: Location, later: Station) -> bool:
    return any(
        one.sub_path.text is not None and place.text is not None and within(place.text, one.sub_path.text)
        for one in later.table.of_volume(place.volume)
    )
