"""What is read from a volume before anybody has written it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.flow.history import Fate, Flow, covers, may_write_unseen
from initlint.flow.model import WRITES, Key, Need, Use, Via
from initlint.flow.stations import Station
from initlint.flow.tolerance import is_tolerated
from initlint.kube.pods.container import Role
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import FRESH_KINDS, Location, within
from initlint.shell.language.values import whole
from initlint.shell.outcome.status import ends

_ASKING = frozenset({"-d", "-e", "-f", "-r", "-s"})
# They fail where there is nothing.
_CHANGING = frozenset({"chgrp", "chmod", "chown", "gsed", "patch", "sed"})


class Early(NamedTuple):
    """What is read too early: by a script, by a program that is told to, or as a variable.

    `write` is where it is written later, if that is seen. Of a variable that `is_never` there nobody writes the file:
    it is what is written to its volume instead, if anything is.
    """

    reading: Use | Key | Need
    volume: str
    path: str
    later: Station
    write: Use | None
    is_never: bool = False


def early_reads(station: Station, flow: Flow) -> Iterator[Early]:
    """What a script reads from an empty volume, and a later container writes."""
    seen: set[tuple[str, str]] = set()
    for use in empty_reads(station, flow):
        location = use.location
        found = written_later(location, station, flow) or could_write_later(location, station, flow)
        # In a directory that there is not, nothing is either: that is one defect.
        if found and location and not any(location.volume == one and within(use.text or "", at) for one, at in seen):
            seen.add((location.volume, use.text or ""))
            yield Early(use, location.volume, location.path.known, *found)


def early_looks(station: Station, flow: Flow) -> Iterator[Early]:
    """What a script cannot go on without, asks for, and a later container surely writes: it never gets there."""
    for use in station.uses if station.role is Role.INIT else ():
        place = use.location if use.action is Action.LOOK else None
        absent = _if_absent(use.step) if place and place.text not in (None, "/") else None
        if place is None or absent is None or flow.fate(use) is not Fate.EMPTY:
            continue
        found = written_later(place, station, flow)
        is_exact = found is not None and found[1].location is not None and found[1].location.text == place.text
        if found and is_exact and _never_succeeds(use, absent=absent):
            yield Early(use, place.volume, place.path.known, *found)
            return


def _if_absent(step: Step) -> bool | None:
    """What a test for one file comes to where there is none; None if it is no such test."""
    words = [word or "" for word in step.command.words[1:] if word not in ("]", "]]")]
    is_negated = words[:1] == ["!"]
    is_plain = len(words[is_negated:]) == 2 and words[is_negated:][0] in _ASKING
    return is_negated if step.command.is_test and is_plain else None


def _never_succeeds(use: Use, *, absent: bool) -> bool:
    """Whether a script cannot end with success as long as a test in it says that a file is not there."""
    script = use.script
    inner = script.walk.inner if script.walk else {}
    found = ends(
        script.script, errexit=script.has_errexit, pipefail=script.has_pipefail, inner=inner,
        fallible={id(use.step.command.statement): (absent,)},
    )  # fmt: skip
    return found is not None and not any(end.succeeded for end in found)


def early_words(station: Station, flow: Flow) -> Iterator[Early]:
    """What a program is told to read, of which nothing else is known, and only a later container surely writes.

    Where it cannot write, it reads what it is told of.
    """
    for need in station.needs if station.role is Role.INIT else ():
        place = need.location
        if place is None or not is_plainly_told(need) or not _is_empty(place, station, flow):
            continue
        found: tuple[Station, Use | None] | None = None
        if not station.may_write(place.volume):
            found = written_later(place, station, flow) or could_write_later(place, station, flow)
        elif need.is_input:
            found = _written_exactly(place, station, flow)
        if found:
            yield Early(need, place.volume, need.path, *found)
            return


def is_plainly_told(need: Need) -> bool:
    """Whether an argument names it, and the program certainly runs, without having looked."""
    context = need.step.command.context if need.step else None
    is_plain = context is None or (context.is_certain and not context.guards and not context.is_checked)
    return need.via is Via.ARGUMENT and is_plain


def _is_empty(place: Location, station: Station, flow: Flow) -> bool:
    """Whether nothing that is known puts it on a fresh volume by then."""
    kind = place.attachment.kind if place.attachment else ""
    before = [one for one in flow.earlier(station) if flow.written(one, place) is not False]
    return kind in FRESH_KINDS and not before and not any(_may_meet(use, place) for use in station.uses)


def _written_exactly(place: Location, station: Station, flow: Flow) -> tuple[Station, Use | None] | None:
    for later in flow.stations[station.index + 1 :]:
        for write in later.uses if later.role is Role.INIT else ():
            is_exact = write.location is not None and write.location.text == place.text
            is_fetched = write.is_tree and bool(write.step.meaning.downloads)
            if write.fills and (is_exact or is_fetched) and _is_there(write, place):
                return later, write
    return None


def empty_reads(station: Station, flow: Flow) -> Iterator[Use]:
    """What an init container reads where nothing is by then, without having looked whether it is there."""
    for use in station.uses if station.role is Role.INIT else ():
        is_asked_for = use.action is Action.READ or _enters(use) or _must_be_there(use)
        is_empty = is_asked_for and flow.fate(use) is Fate.EMPTY
        if is_empty and not is_looked_for(use, station) and not is_tolerated(use):
            yield use


def is_looked_for(use: Use, station: Station) -> bool:
    """Whether the script looks first, or waits for it."""
    looks = (one for one in station.uses if one.action is Action.LOOK and one.index <= use.index)
    return any(_may_meet(one, use.location) for one in looks if _is_heeded(one))


def _is_heeded(use: Use) -> bool:
    """Whether something depends on what a look finds: `cd` must succeed, and `ls` alone only shows."""
    context = use.step.command.context
    if _goes(use):
        return is_tolerated(use)
    is_shown = use.step.command.name in ("ls", "du", "tree") and not (context.is_checked or context.in_substitution)
    return not is_shown or context.header is not None or context.stage[1] > 1


def _goes(use: Use) -> bool:
    return use.step.command.name in ("cd", "pushd")


def _enters(use: Use) -> bool:
    """Whether it goes into a directory, which must be there: no mount, and none that leads to one."""
    path = use.text if use.action is Action.LOOK and _goes(use) else None
    return path is not None and not use.table.leads_to(path)


def _must_be_there(use: Use) -> bool:
    """Whether it changes what it does not make itself; a mount is there, and what a pattern stands for need not be."""
    path = use.text
    is_change = use.action is Action.CHANGE and use.step.command.name in _CHANGING
    return is_change and (use.of_pattern is not None or (path is not None and not use.table.leads_to(path)))


def _may_meet(one: Use, place: Location | None) -> bool:
    for location in one.locations:
        if location is None or place is None:
            return True
        if location.volume == place.volume and (
            covers(location.path, place.path, is_tree=True) is not False
            or covers(place.path, location.path, is_tree=True) is not False
        ):
            return True
    return False


def written_later(place: Location | None, station: Station, flow: Flow) -> tuple[Station, Use] | None:
    """The later container that may write what is read, and where."""
    for later in flow.stations if place else ():
        for write in later.uses if later.index > station.index else ():
            if place and write.action in WRITES and _is_there(write, place):
                return later, write
    return None


def could_write_later(place: Location | None, station: Station, flow: Flow) -> tuple[Station, Use | None] | None:
    """The init container or sidecar behind of which not all is known, where nothing before can write what is read."""
    later = [one for one in flow.stations[station.index + 1 :] if place and one.may_write(place.volume)]
    if told := next((one for one in later if place and _is_told_to_write(one, place)), None):
        return told, None
    is_init = len(later) > 0 and later[0].container.is_init
    if place and any(use.fills and _may_be_on(use, place.volume) for use in station.uses):
        return None
    return (later[0], None) if is_init and may_write_unseen(later[0]) else None


def _is_told_to_write(one: Station, place: Location) -> bool:
    """Whether an init container of which not all is known is told of that very file, and not to read it."""
    told = (need for need in one.needs if need.via is Via.ARGUMENT and not (need.is_input or need.is_source))
    named = (need.location for need in told if need.option.startswith("-"))
    is_named = any(at is not None and (at.volume, at.text) == (place.volume, place.text) for at in named)
    return one.container.is_init and is_named and place.text != "/" and may_write_unseen(one)


def _may_be_on(use: Use, volume: str) -> bool:
    return any(one is None or one.volume == volume for one in use.locations)


def _is_there(write: Use, place: Location) -> bool:
    location = write.location
    if location is None or location.volume != place.volume:
        return False
    return covers(location.path, place.path, is_tree=write.is_tree) is not False


def early_keys(station: Station, flow: Flow) -> Iterator[Early]:
    """Variables from a file that only this container or a later one can write, or nobody: it never starts."""
    for key in _empty_keys(station, flow):
        later = next((one for one in flow.stations[station.index :] if one.may_write(key.volume)), None)
        if later:
            yield Early(key, key.volume, key.path, later, _write_of(later, key))
        else:
            writes = (use for one in _before(station, flow) for use in one.uses if use.fills)
            beside = next((use for use in writes if use.location and use.location.volume == key.volume), None)
            yield Early(key, key.volume, key.path, station, beside, is_never=True)


def _empty_keys(station: Station, flow: Flow) -> Iterator[Key]:
    """Those that no container before can fill."""
    for key in station.keys:
        volume = flow.pod.volumes.get(key.volume)
        is_fresh = volume is not None and volume.kind in FRESH_KINDS
        if is_fresh and not any(_may_fill(one, key) for one in _before(station, flow)):
            yield key


def _before(station: Station, flow: Flow) -> Sequence[Station]:
    """Who may have written by then: a sidecar, too, has its variables before what is listed behind it begins."""
    return flow.earlier(station) if station.role is Role.MAIN else flow.stations[: station.index]


def _may_fill(one: Station, key: Key) -> bool:
    """Whether a container that runs before may write the file."""
    if not one.may_write(key.volume):
        return False
    return bool(one.doubt) or _write_of(one, key) is not None


def _write_of(one: Station, key: Key) -> Use | None:
    place = Location(key.volume, whole(key.path))
    return next((use for use in one.uses if use.action in WRITES and _is_there(use, place)), None)
