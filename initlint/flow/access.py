"""Which files of a root init container another user cannot use: modes, umask, owners, as far as scripts say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from initlint.flow.history import WRITES, Flow, covers
from initlint.flow.model import Need, Use
from initlint.flow.mounts import FRESH_KINDS, Location, within
from initlint.flow.stations import Station, is_followed
from initlint.flow.tolerance import is_tolerated
from initlint.kube.container import Container, Role
from initlint.shell.facts import Step
from initlint.shell.meaning import Action
from initlint.shell.user import user_of

_OWNING = frozenset({"chown", "chgrp", "setfacl"})
# They write files that nobody else can read; the others follow the umask, or keep a mode that is not known.
_SECRET = frozenset({"ssh-keygen"})
_FOLLOWS_UMASK = frozenset({
    "", "awk", "base64", "cat", "curl", "date", "echo", "env", "envsubst", "grep", "head", "jq", "kubectl", "mkdir",
    "openssl", "printf", "sed", "sort", "tail", "tee", "touch", "wget", "yq", "{",
})  # fmt: skip
_GIVES_AWAY = re.compile(r"-\w*[og]|--(?:owner|group)")
_CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwxX]*)")
_BITS = {"r": 4, "w": 2, "x": 1, "X": 0}


class Unusable(NamedTuple):
    """A file or directory of root, what a later container cannot do with it, and why."""

    made: Use
    by: Use
    mode: int
    later: Station
    user: int
    does: str
    need: Need | Use | None


@dataclass(frozen=True, slots=True)
class _Made:
    """What root has made, with its mode, and what decided that."""

    use: Use
    mode: int
    by: Use
    is_directory: bool


def unusable(station: Station, flow: Flow) -> Iterator[Unusable]:
    """What an init container makes as root, and a later one that is another user needs and cannot use."""
    if station.role is not Role.INIT or user_of(station.container).uid != 0:
        return
    seen: set[int] = set()
    for made in _made(station):
        for later in flow.later(station):
            user = user_of(later.container).uid
            if user and later.index > station.index and not _is_changed(made, station, later, flow):
                found = _judged(made, later, user)
                if found and id(found.by) not in seen:
                    seen.add(id(found.by))
                    yield found


def _made(station: Station) -> list[_Made]:
    """What is left at the end of the script, with modes that are known."""
    made: list[_Made] = []
    umask: int | None = 0o022
    uses: dict[int, list[Use]] = {}
    for use in station.uses:
        uses.setdefault(use.index, []).append(use)
    for index, (script, step) in enumerate(station.steps):
        if not is_followed(script, step):
            made = []  # it may change what there is
        umask = _umask(step, umask)
        for use in uses.get(index, []):
            made = _after(made, use, step, umask)
    return made


def _umask(step: Step, umask: int | None) -> int | None:
    if step.command.name != "umask":
        return umask
    text = step.command.words[1] if len(step.command.words) > 1 else ""
    return int(text, 8) if text and re.fullmatch("[0-7]+", text) else None if text is None else umask


def _after(made: list[_Made], use: Use, step: Step, umask: int | None) -> list[_Made]:
    if use.action is Action.CHANGE:
        return _changed(made, use, step)
    if use.action not in WRITES or use.action is Action.LINK:
        return made
    kept = [one for one in made if not _touches(use, one)]
    mode = _mode(use, step, umask)
    if mode is None or use.is_tree or use.location is None or use.location.is_own or use.location.text is None:
        return kept
    if use.action is Action.APPEND and len(kept) != len(made):
        return made
    return [*kept, _Made(use, mode, use, use.action is Action.MAKE_DIRECTORY)]


def _mode(use: Use, step: Step, umask: int | None) -> int | None:
    """The mode of what a use makes; None if that is not known."""
    name, words = step.command.name, [word or "" for word in step.command.words]
    if name == "install" and any(_GIVES_AWAY.match(word) for word in words):
        return None
    given = _given(words) if name in ("install", "mkdir") else None
    if given is not None:
        return given
    is_key = name == "openssl" and any(word in ("genrsa", "genpkey", "ecparam", "-keyout") for word in words)
    if name in _SECRET or (is_key and _names_key(use, step, words)):
        return 0o600
    if umask is None or name not in _FOLLOWS_UMASK:
        return None
    return (0o777 if use.action is Action.MAKE_DIRECTORY else 0o666) & ~umask


def _names_key(use: Use, step: Step, words: list[str]) -> bool:
    """Whether it is the private key that openssl writes there."""
    before = next(
        (words[i - 1] for i, one in enumerate(step.command.arguments) if one.start == use.effect.start and i), ""
    )
    return before == "-keyout" or (
        before == "-out" and "-keyout" not in words and "req" not in words and "-x509" not in words
    )


def _given(words: list[str]) -> int | None:
    for index, word in enumerate(words):
        text = words[index + 1] if word in ("-m", "--mode") and index + 1 < len(words) else ""
        text = text or (word.removeprefix("--mode=") if word.startswith("--mode=") else "")
        text = text or (word[2:] if re.fullmatch(r"-m[0-7]+", word) else "")
        if re.fullmatch("[0-7]+", text):
            return int(text, 8)
    return None


def _changed(made: list[_Made], use: Use, step: Step) -> list[_Made]:
    """What there is after `chmod`; what is given away, or changed in a way that is not known, is not judged."""
    name = step.command.name
    result: list[_Made] = []
    for one in made:
        if not _touches(use, one):
            result.append(one)
        elif name == "chmod" and use.step.command.context.is_certain:
            mode = _apply(next((word for word in step.command.words[1:] if word and _is_mode(word)), ""), one)
            result += [_Made(one.use, mode, use, one.is_directory)] if mode is not None else []
        elif name not in {*_OWNING, "chmod"}:
            result.append(one)
    return result


def _is_mode(word: str) -> bool:
    return not word.startswith("-") or bool(_CLAUSE.fullmatch(word) and word not in ("-R", "-v", "-f", "-c"))


def _apply(text: str, one: _Made) -> int | None:
    """A mode as chmod is told it, applied to what there is."""
    if re.fullmatch("[0-7]+", text):
        return int(text, 8)
    mode = one.mode
    for clause in text.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        who = "ugo" if match[1] in ("", "a") else match[1].replace("a", "ugo")
        bits = sum({_BITS[letter] for letter in match[3]})
        if "X" in match[3] and one.is_directory:
            bits |= 1
        for shift in ({"u": 6, "g": 3, "o": 0}[letter] for letter in who):
            kept = mode & ~(7 << shift) if match[2] == "=" else mode
            mode = kept & ~(bits << shift) if match[2] == "-" else kept | (bits << shift)
    return mode


def _touches(use: Use, one: _Made) -> bool:
    """Whether a use may be of what was made before: the same path, or a tree above it."""
    place = one.use.location
    if place is None:
        return True
    for location in use.locations:
        if location is None or (location.volume == place.volume and _is_over(location, place, use.is_tree)):
            return True
    return False


def _is_over(location: Location, place: Location, is_tree: bool) -> bool:
    if location.text is None or place.text is None:
        return covers(location.path, place.path, is_tree=True) is not False
    return location.text == place.text or (is_tree and within(place.text, location.text))


def _is_changed(made: _Made, station: Station, later: Station, flow: Flow) -> bool:
    """Whether a container between may change the owner or the mode."""
    place = made.use.location
    between = [one for one in flow.stations if station.index < one.index < later.index and one.role is not Role.MAIN]
    between = [one for one in between if place and one.may_write(place.volume)]
    return any(
        one.doubt or any(use.action is not Action.READ and _touches(use, made) for use in one.uses) for one in between
    )


def _judged(made: _Made, later: Station, user: int) -> Unusable | None:
    """What a later container cannot do with it."""
    bits = made.mode & 7 | (made.mode >> 3 & 7 if _may_be_in_group(later.container) else 0)
    place = made.use.location
    if place is None or place.text is None:
        return None
    for use in later.uses:
        if use.action in (Action.WRITE, Action.APPEND) and not bits & 2 and _is_written(use, made, place):
            return Unusable(made.use, made.by, made.mode, later, user, "write to", use)
    needed = 5 if made.is_directory else 4
    if bits & needed == needed:
        return None
    need = _need(place, later)
    is_fresh = place.attachment is not None and place.attachment.kind in FRESH_KINDS
    is_for_it = is_fresh and later.role is Role.MAIN and not made.is_directory
    if need is None and not (is_for_it and _sees(place, later)):
        return None
    return Unusable(made.use, made.by, made.mode, later, user, "open" if made.is_directory else "read", need)


def _may_be_in_group(container: Container) -> bool:
    """Whether the group's permissions may count: group 0 is that of users without one, fsGroup that of its volumes."""
    pod = container.pod.node["securityContext"]
    group = container.node["securityContext"]["runAsGroup"].value or pod["runAsGroup"].value
    return bool(pod["fsGroup"]) or bool(pod["supplementalGroups"]) or group in ("", "0")


def _is_written(use: Use, made: _Made, place: Location) -> bool:
    """Whether a later write needs the file, or an entry in the directory, to be writable."""
    location = use.location
    if location is None or location.volume != place.volume or location.text is None or place.text is None:
        return False
    if is_tolerated(use):
        return False
    folder = location.text.rpartition("/")[0]
    return folder == place.text if made.is_directory else location.text == place.text


def _need(place: Location, later: Station) -> Need | None:
    for need in later.needs:
        location = need.location
        text = location.text if location and location.volume == place.volume else None
        if text and place.text and within(place.text, text):
            return need
    return None


def _sees(place: Location, later: Station) -> bool:
    return any(
        one.sub_path.text is not None and place.text is not None and within(place.text, one.sub_path.text)
        for one in later.table.of_volume(place.volume)
    )
