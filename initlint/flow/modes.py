"""What root leaves on volumes, with which modes: umasks, options and `chmod`, as far as scripts say them."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.chmod import mode_after
from initlint.flow.history import Flow, covers
from initlint.flow.keyfiles import is_secret
from initlint.flow.model import WRITES, Use
from initlint.flow.spread import Entry, each_of, is_sure
from initlint.flow.stations import Station, is_followed
from initlint.flow.umasks import INHERITED, after
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounted import file_mode
from initlint.shell.container.mounts import FRESH_KINDS, Location, canonical, within
from initlint.shell.language.command import OF_ROOT
from initlint.shell.language.values import whole

# They change what is in a file, and neither its owner nor its mode.
_KEEPING = frozenset({"gsed", "patch", "sed", "touch", "truncate", "yq"})
# They follow the umask; others keep a mode that is not known.
_FOLLOWS_UMASK = frozenset({
    "", "awk", "base64", "cat", "curl", "date", "echo", "env", "envsubst", "grep", "head", "jq", "kubectl", "mkdir",
    "openssl", "printf", "sed", "sort", "tail", "tee", "touch", "wget", "yq", "{",
})  # fmt: skip
# Of others it is known at least that what they make belongs to who runs them.
_OF_USER = frozenset({"keytool"})
_KEEPS_OWNER = regex(r"-\w*[ap]\w*|--(?:archive|preserve).*")
_AT_MOST = 0o777
# What `fsGroup` adds to the files of a volume that is mounted read-only (`roMask` of the kubelet).
_BY_GROUP = 0o440
_GIVES_AWAY = regex(r"-[Dpv]*([og])|--(owner|group)")
_OWNER = regex(r"(\d+|root)(?::(\d+|root)?)?")


class Made(NamedTuple):
    """What root has made, with its mode, and what decided that; `owner` and `group` are whose it is by then.

    None is a group that is not known.
    """

    use: Use
    mode: int
    by: Use
    is_directory: bool
    owner: int = 0
    group: int | None = 0


def made_by(station: Station, flow: Flow) -> list[Made]:
    """What is left at the end of the script, with modes that are known."""
    made: list[Made] = []
    umasks = INHERITED
    uses: dict[int, list[Use]] = {}
    for use in station.uses:
        uses.setdefault(use.index, []).append(use)
    for index, (script, step) in enumerate(station.steps):
        if not is_followed(script, step):
            made = []  # it may change what there is
        umasks = after(step, umasks)
        for use in uses.get(index, []):
            for one in each_of(use, _entries(use, made, flow)):
                made = [*_after(made, one, one.step, umasks[-1][1], station), *_roots(one, station, flow)]
    return made


def _entries(use: Use, made: list[Made], flow: Flow) -> Iterator[Entry]:
    """What is there that may be meant by a pattern: what is made, and what later containers need of the volume."""
    if use.action not in (Action.CHANGE, Action.REMOVE):
        return
    for one in made:
        if one.use.text is not None:
            yield Entry(canonical(one.use.text), one.is_directory)
    station = flow.of(use.container)
    for need in (need for later in flow.later(station) for need in later.needs):
        place = need.location
        mine = next(iter(station.table.of_volume(place.volume)), None) if place and not place.is_own else None
        path = mine.shows(place.text) if mine and place and place.text else None
        if path:
            yield Entry(path, False)


def _roots(use: Use, station: Station, flow: Flow) -> Iterator[Made]:
    """The directory of an empty volume, which is root's and open to all until `chmod` closes it, and files in it.

    The kubelet makes it with mode 0777 (`perm` in `emptydir/empty_dir.go`). Files are there that root has copied under
    names that the script does not say.
    """
    place, step = use.location, use.step
    if place is None or step.command.name != "chmod" or not is_sure(use):
        return
    is_root = place.text == "/"
    mode = _mode_of(step, Made(use, _AT_MOST, use, is_root))
    is_copied = not is_root and not use.is_tree and _is_copied(use, place, station, flow)
    owners = _owners(use, station, flow) if mode is not None and (is_root or is_copied) else None
    if mode is not None and owners:
        yield Made(use, mode, use, is_root, *owners)


def _is_copied(use: Use, place: Location, station: Station, flow: Flow) -> bool:
    """Whether this script alone can have put a file there, by commands that give it to nobody else."""
    before = [one for one in station.uses if one.index < use.index and one.action in WRITES]
    made = [one for one in before if may_be_about(one, place)]
    others = any(one.may_write(place.volume) for one in flow.earlier(station))
    return bool(made) and not others and all(map(_is_of_user, made))


def _is_of_user(use: Use) -> bool:
    """Whether what is written belongs to who runs the command."""
    name = use.step.command.name
    if use.runs_as not in (None, OF_ROOT):
        return False
    return name in _FOLLOWS_UMASK or name in _OF_USER or (name == "cp" and not _keeps_owner(use))


def _keeps_owner(use: Use) -> bool:
    return any(_KEEPS_OWNER.fullmatch(word or "") for word in use.step.command.words[1:])


def _owners(use: Use, station: Station, flow: Flow) -> tuple[int, int] | None:
    """Whose the directory of a volume is: root's, or theirs to whom it surely was given last; None if not known."""
    place = use.location
    if place is None or place.attachment is None or place.attachment.kind not in FRESH_KINDS:
        return None
    before = [one for one in flow.earlier(station) if one.may_write(place.volume)]
    others = [other for one in before for other in one.uses] + [one for one in station.uses if one.index < use.index]
    changes = [one for one in others if one.action is Action.CHANGE and one.step.command.name not in _KEEPING]
    gives = [one for one in changes if one.step.command.name != "chmod" and may_be_about(one, place)]
    if any(one.doubt for one in before) or not station.is_clear_before(use):
        return None
    return _given_last(gives[-1], place) if gives else (0, 0)


def _given_last(use: Use, place: Location) -> tuple[int, int] | None:
    """To whom a place is given by a number, if that is certain."""
    owner = use.step.meaning.owner if use.step.command.name == "chown" else None
    match = _OWNER.fullmatch(owner.text or "") if owner and use.step.command.context.is_certain else None
    is_it = use.location is not None and (use.location.text == place.text or use.is_tree)
    return (_number(match[1]), _number(match[2] or "0")) if match and is_it else None


def _number(name: str) -> int:
    """The number of a user or group, which root's name stands for in every image."""
    return 0 if name == "root" else int(name)


def _after(made: list[Made], use: Use, step: Step, umask: int | None, station: Station) -> list[Made]:
    if use.action is Action.CHANGE:
        return _changed(made, use, step)
    if use.action is Action.REMOVE and is_sure(use):
        return list(_removed(made, use, station))
    if any(one.use.effect is use.effect for one in made):
        return made  # what is moved there
    if use.action not in WRITES or use.action is Action.LINK:
        return made
    kept = [one for one in made if not _is_touched(use, one)]
    mode = _mode(use, step, umask, station)
    if mode is None or use.is_tree or use.location is None or use.location.is_own or use.location.text is None:
        return kept
    if use.action is Action.APPEND and len(kept) != len(made):
        return made
    owner, group = use.runs_as or OF_ROOT
    if step.command.name == "install":
        owner, group = _installed(step, owner, group)
    if owner is None:
        return kept
    return [*kept, Made(use, mode, use, use.action is Action.MAKE_DIRECTORY, owner, group)]


def _installed(step: Step, owner: int | None, group: int | None) -> tuple[int | None, int | None]:
    """Whose `install -o 1000 -g 1000` makes a file, theirs who run it if it does not say so; None if not known."""
    words = [word or "" for word in step.command.words[1:]]
    given = {"o": str(owner), "g": str(group)}
    for word, following in itertools.pairwise([*words, ""]):
        match = _GIVES_AWAY.match(word)
        if match:
            letter = match[1] or match[2][0]
            given[letter] = word[match.end() :].removeprefix("=") or following
    user, of_user = (_number(one) if one == "root" or one.isdecimal() else None for one in given.values())
    return user, of_user


def copied_mode(use: Use, station: Station) -> int | None:
    """The mode of what `cp` copies of volumes for which the kubelet sets it; `fsGroup` lets a group read that."""
    sources = [one for one in station.uses if one.step is use.step and one.action is Action.READ]
    modes = {_of_volume(one) for one in sources}
    mode = next(iter(modes)) if len(modes) == 1 else None
    is_of_group = bool(station.container.pod.node["securityContext"]["fsGroup"])
    return mode | _BY_GROUP if mode is not None and is_of_group else mode


def _of_volume(source: Use) -> int | None:
    place = source.location or source.table.locate(whole(source.of_pattern or ""))
    attachment = place.attachment if place else None
    if place is None or attachment is None or attachment.volume is None:
        return None
    return file_mode(attachment.volume.node, place.text or "")


def _mode(use: Use, step: Step, umask: int | None, station: Station) -> int | None:
    """The mode of what a use makes; None if that is not known."""
    name, words = step.command.name, [word or "" for word in step.command.words]
    if use.is_redirected:
        name = ""
    given = _given(words) if name in ("install", "mkdir") else None
    if given is not None:
        return given
    if name and is_secret(use, step):
        return 0o600
    if name == "cp" and not _keeps_owner(use):
        mode = copied_mode(use, station)
        # If that is not known a `chmod` behind it takes from what it may be at most.
        return _AT_MOST if mode is None or umask is None else mode & ~umask
    if umask is None or name not in _FOLLOWS_UMASK:
        return None
    return (0o777 if use.action is Action.MAKE_DIRECTORY else 0o666) & ~umask


def _given(words: list[str]) -> int | None:
    for index, word in enumerate(words):
        text = words[index + 1] if word in ("-m", "--mode") and index + 1 < len(words) else ""
        text = text or (word.removeprefix("--mode=") if word.startswith("--mode=") else "")
        text = text or (word[2:] if re.fullmatch(r"-m[0-7]+", word) else "")
        if re.fullmatch("[0-7]+", text):
            return int(text, 8)
    return None


def _changed(made: list[Made], use: Use, step: Step) -> list[Made]:
    """What there is after `chmod` and `chown`; what is changed in a way that is not known is not judged."""
    name = step.command.name
    result: list[Made] = []
    for one in made:
        if not _is_touched(use, one):
            result.append(one)
        elif use.location is None or use.location.text is None or (name != "chmod" and name != "chown"):
            result += [one] if name in _KEEPING else []
        elif name == "chmod" and is_sure(use):
            mode = _mode_of(step, one)
            result += [one._replace(mode=mode, by=use)] if mode is not None else []
        elif name == "chown" and is_sure(use):
            result += _given_to(step, one, use)
    return result


def _given_to(step: Step, one: Made, use: Use) -> Iterator[Made]:
    """The same of another owner, if that is a number."""
    match = _OWNER.fullmatch(step.meaning.owner.text or "") if step.meaning.owner else None
    if match:
        group = _number(match[2]) if match[2] else one.group
        yield one._replace(owner=_number(match[1]), group=group, by=use if _number(match[1]) else one.by)


def _mode_of(step: Step, one: Made) -> int | None:
    """What the mode of something is after `chmod`."""
    return mode_after(step, one.mode, is_directory=one.is_directory)


def _is_touched(use: Use, one: Made) -> bool:
    """Whether a use may be of what was made before: the same path, or a tree above it."""
    return one.use.location is None or may_be_about(use, one.use.location)


def _removed(made: list[Made], use: Use, station: Station) -> Iterator[Made]:
    """What is left after `rm` and `mv`, which on the same volume keeps what it moves as it is."""
    target = _moved_to(use, station)
    for one in made:
        if not _is_gone(use, one.use.location):
            if target is None or not _is_touched(target, one):
                yield one
        elif target and use.text == one.use.text and not one.is_directory:
            yield one._replace(use=target, by=target if one.by is one.use else one.by)


def _moved_to(use: Use, station: Station) -> Use | None:
    """The file of the same volume that `mv` makes of another one, if that is known; it may be a directory, too."""
    writes = [one for one in station.uses if one.index == use.index and one.action is Action.WRITE]
    place = writes[0].locations[0] if len(writes) == 1 and use.step.command.name == "mv" else None
    if place is None or place.text is None or use.location is None or place.volume != use.location.volume:
        return None
    return dataclasses.replace(writes[0], paths=writes[0].paths[:1])


def _is_gone(use: Use, place: Location | None) -> bool:
    """Whether something is surely removed, alone or with the directory that it is in."""
    removed = use.location
    if place is None or removed is None or place.volume != removed.volume or None in (place.text, removed.text):
        return False
    return place.text == removed.text or (use.is_tree and within(place.text or "", removed.text or ""))


def may_be_about(use: Use, place: Location) -> bool:
    """Whether a use may be of a place: the same path, or a tree above it."""
    for location in use.locations:
        if location is None or (location.volume == place.volume and _is_over(location, place, use.is_tree)):
            return True
    return False


def _is_over(location: Location, place: Location, is_tree: bool) -> bool:
    if location.path.known == f"{place.text}/":
        return False  # what comes into a directory changes nothing of its own
    if location.text is None or place.text is None:
        return covers(location.path, place.path, is_tree=True) is not False
    return location.text == place.text or (is_tree and within(place.text, location.text))
