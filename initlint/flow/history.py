"""Whether what a container reads is there by then: the order of a Pod's containers in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from initlint.flow.fleeting import SYSTEM_WIDE, lasts_in_image
from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station, is_followed
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Pod
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import FRESH_KINDS, Location, may_be, within
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.values import Value, whole

_UNDOES = frozenset({Action.REMOVE})
_VERBS = frozenset({"add", "install", "update", "upgrade"})


class Fate(Enum):
    """Where that which is read at a location comes from."""

    WRITTEN = "a container has written it before"
    IMAGE = "only the image of the reader can hold it"
    EMPTY = "nothing is there by then"
    ELSEWHERE = "the volume comes with contents that the Pod does not show"
    UNKNOWN = "that is not known"


@dataclass(frozen=True, eq=False)
class Flow:
    """The containers of a Pod as stations, in the order in which the kubelet starts them, apps last."""

    pod: Pod
    stations: tuple[Station, ...]

    def of(self, container: Container) -> Station:
        """The station of a container."""
        return self._by_node[id(container.node)]

    @cached_property
    def _by_node(self) -> dict[int, Station]:
        return {id(one.container.node): one for one in self.stations}

    def later(self, station: Station) -> list[Station]:
        """Those that run when a station has ended, and sidecars that run beside it."""
        if station.index not in self._later:
            self._later[station.index] = [one for one in self.stations if self._may_follow(one, station)]
        return self._later[station.index]

    def earlier(self, station: Station) -> list[Station]:
        """Those that have run, or run beside it, when a station starts."""
        if station.index not in self._earlier:
            self._earlier[station.index] = [one for one in self.stations if self._may_follow(station, one)]
        return self._earlier[station.index]

    @cached_property
    def _later(self) -> dict[int, list[Station]]:
        return {}

    @cached_property
    def _earlier(self) -> dict[int, list[Station]]:
        return {}

    def _may_follow(self, one: Station, other: Station) -> bool:
        """Whether one may see what the other leaves. Apps run beside each other, sidecars beside all that is later."""
        if one is other:
            return False
        beside = one.role is Role.SIDECAR or (one.role is other.role is Role.MAIN)
        return beside or one.index > other.index

    def fate(self, use: Use) -> Fate:
        """Where what a use reads comes from."""
        if use not in self._fates:
            self._fates[use] = self._fate_of(use)
        return self._fates[use]

    @cached_property
    def _fates(self) -> dict[Use, Fate]:
        return {}

    def _fate_of(self, use: Use) -> Fate:
        found = use.location
        if found is not None and found.text is None and use.of_pattern:
            found = use.table.locate(whole(use.of_pattern))
        if found is None or found.text is None:
            return Fate.UNKNOWN
        me = self.of(use.container)
        return self.fate_at(found, me, use)

    def fate_at(self, place: Location, reader: Station, reading: Use | None = None) -> Fate:
        """The same of a place, for one who reads it when it starts, or within its script."""
        own = [one for one in reader.uses if reading is not None and one.index < reading.index]
        answers = [touches(use, place) for use in own]
        if reading is not None and not _is_clear(reader, reading) and (place.is_own or reader.may_write(place.volume)):
            answers.append(None)
        before = [] if place.is_own or True in answers else self.earlier(reader)
        for one in reversed(before):
            answers.append(self.written(one, place))
            if answers[-1]:
                break  # whatever those before it did
        return _fate(answers, place)

    def written(self, one: Station, place: Location) -> bool | None:
        """Whether a station writes a place on a volume."""
        if not one.may_write(place.volume):
            return None if one.is_astray else False
        found = [(use.action, touches(use, place)) for use in one.uses_on(place.volume)]
        if one.role is Role.INIT and any(answer for _, answer in found):
            return True
        wrote = [answer for action, answer in found if action in WRITES]
        return None if may_write_unseen(one) or None in wrote or True in wrote else False


@lru_cache(maxsize=1024)  # it is asked for each place that anybody reads
def may_write_unseen(station: Station) -> bool:
    """Whether a container may write what is not seen; packages come into its image, not onto volumes."""
    if not station.doubt_of_writes:
        return False
    scripts = [script for script in station.scripts if script.commands is not None and not script.is_elsewhere]
    writes = (use for use in station.uses if use.action in (*WRITES, Action.CHANGE))
    return (
        not scripts
        or len(scripts) != len(station.scripts)
        or not station.table.is_whole
        or any(None in use.locations for use in writes)
        or not all(is_followed(*pair) or lasts_in_image(*pair, station) for pair in station.steps)
    )


def _is_clear(reader: Station, reading: Use) -> bool:
    """Whether all that a container does before a use is known; packages come into its image, not onto volumes."""
    if reader.is_clear_before(reading):
        return True
    return all(is_seen(*pair, reader) for pair in reader.steps[: reading.index])


def is_seen(script: ContainerScript, step: Step, station: Station) -> bool:
    """Whether all that a command does to volumes is known."""
    return is_followed(script, step) or (_installs(step) and lasts_in_image(script, step, station))


def _installs(step: Step) -> bool:
    """Whether it installs packages system-wide."""
    return step.command.name in SYSTEM_WIDE and bool(_VERBS & set(step.command.words))


def _fate(answers: list[bool | None], place: Location) -> Fate:
    if True in answers:
        return Fate.WRITTEN
    if None in answers:
        return Fate.UNKNOWN
    if place.is_own:
        return Fate.IMAGE
    kind = place.attachment.kind if place.attachment else ""
    return Fate.EMPTY if kind in FRESH_KINDS else Fate.ELSEWHERE


def touches(use: Use, place: Location) -> bool | None:
    """Whether a use puts something at a place; None if it may."""
    if use.action not in WRITES and use.action not in _UNDOES:
        return False
    is_tree = use.is_tree or use.action is Action.LINK  # what is below a link is what it points at
    found = [_reaches(one, place, is_tree=is_tree) for one in use.locations]
    if all(one is False for one in found):
        return False
    sure = all(one is True for one in found) and use.step.command.context.is_certain
    return True if sure and use.action in WRITES else None


def may_touch(use: Use, place: Location | None) -> bool:
    """Whether what a use does may be at a place, or above it."""
    return place is None or any(_reaches(one, place, is_tree=use.is_tree) is not False for one in use.locations)


def _reaches(location: Location | None, place: Location, *, is_tree: bool) -> bool | None:
    if location is None:
        return None
    if location.volume != place.volume:
        return False
    return covers(location.path, place.path, is_tree=is_tree)


def covers(written: Value, read: Value, *, is_tree: bool) -> bool | None:
    """Whether a write at one path of a volume is something for a read at another, or in it; None if it may be."""
    if read.is_whole and not written.is_whole:
        if not may_be(written, read.known):
            return False
        return None if read.known.startswith(written.known) or within(written.known, read.known) else False
    if not read.is_whole:
        shorter, longer = sorted((written.known, read.known), key=len)
        return None if longer.startswith(shorter) or within(longer, shorter) else False
    if within(written.known, read.known):
        return True
    if within(read.known, written.known):
        return None if is_tree else False
    return False


@lru_cache(maxsize=128)
def follow(pod: Pod) -> Flow:
    """The way of the data through a Pod."""
    return Flow(pod, tuple(_stations(pod)))


def _stations(pod: Pod) -> Iterator[Station]:
    for index, container in enumerate([*pod.init_containers, *pod.containers]):
        yield Station(container, index)
