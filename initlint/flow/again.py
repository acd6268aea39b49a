"""What a container does differently when it runs again on a volume that still holds what it left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from initlint.flow.busy import busy
from initlint.flow.history import may_touch
from initlint.flow.kept import is_cleaned, is_guarded, is_made_once
from initlint.flow.links import links_stay
from initlint.flow.model import WRITES, Use
from initlint.flow.naming import is_of_one_run, is_same_again, name_of, parts
from initlint.flow.needs import paths
from initlint.flow.shut import is_shut
from initlint.flow.stations import Station
from initlint.flow.unpacked import is_made_directory
from initlint.kube.terms.image import parse
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Rerun
from initlint.shell.container.mounts import FRESH_KINDS, Location, within
from initlint.shell.language.syntax import For, Literal, Pattern, Substitution, Variable, Word
from initlint.shell.language.values import whole

_KERNEL = regex(r"/(?:proc|sys|dev)(?:/.*)?")
_LOG = regex(r"(?i)\.(?:log|out|err)$|/logs?/|history|/log$|termination")
# They make what must not be there; others add to what a command before may have made anew.
_NEW = ("git", "ln", "mkdir", "mkfifo", "mknod")
_OVER = regex(r"-[A-Za-z]*[Oci]|--(?:output-document|continue|input-file|spider)")
_BUSYBOX = frozenset({"alpine", "busybox"})
_ASKING = ("ssh-keygen", "unzip")
_PULLS = ("pull", "fetch", "reset", "checkout")
_LEAVES_CONTENTS = frozenset({"chgrp", "chmod", "chown", "setfacl", "touch"})

_INSERTING = regex(r"(?:\d+|\$|/(?:[^/\\]|\\.)+/)\s*[ai](?:\\|\s)")


class Second(Enum):
    """What the second run meets."""

    NEVER = "fails at what was there before the first run"
    FAILS = "fails at what is there"
    STALE = "keeps what is there"
    GONE = "misses what was moved"
    NESTS = "moves a directory into one"
    DOUBLES = "adds it again"
    LINKS = "replaces no links"
    SHUT = "may not write to it any more"
    BUSY = "fails at a mount, which stays"


class Again(NamedTuple):
    """What a command left on a volume, and what becomes of it in the second run; `more` are others like it."""

    use: Use
    second: Second
    location: Location
    more: tuple[Use, ...] = ()

    @property
    def ends_with_pod(self) -> bool:
        """Whether the container never runs again before the volume is gone: its own policy decides, then the Pod's."""
        kind = self.location.attachment.kind if self.location.attachment else ""
        container = self.use.container
        policy = container.node["restartPolicy"].value or container.pod.node["restartPolicy"].value
        is_once = policy == "Never" and not container.node["restartPolicyRules"]
        return is_once and kind in FRESH_KINDS and self.second not in (Second.NEVER, Second.BUSY)


def again(station: Station) -> Iterator[Again]:
    """What does not run again as it ran first, once for each command, and for each file that grows."""
    seen: set[int] = set()
    grown: dict[str, Again] = {}
    for use in station.uses:
        place = id(use.step.command.statement)
        if place in seen:
            continue
        found = _meets(use, station)
        if found is None:
            continue
        if found.second is not Second.DOUBLES:
            seen.add(place)
            yield found
        else:
            key = f"{found.location.volume}:{use.text or use.written}"
            first = grown.setdefault(key, found)
            grown[key] = first if first is found else first._replace(more=(*first.more, use))
    yield from grown.values()


def _meets(use: Use, station: Station) -> Again | None:
    if mount := busy(use):
        return Again(use, Second.BUSY, mount.location(whole(mount.at)))
    location = _on_volume(use)
    if location is None or use.step.command.context.in_background:
        return None
    second = _second(use, station)
    if second is None or is_guarded(use, station):
        return None
    found = Again(use, second, location)
    # That it writes over no file is a trait of one program, and no slip of the script, where it never runs again.
    return None if found.ends_with_pod and _is_refused(use) else found


def _on_volume(use: Use) -> Location | None:
    """Where it lies if that outlives the container, wherever of its places it may be."""
    found = use.locations[:1] if use.action is Action.LINK else use.locations
    first = found[0] if found else None
    if first is None or any(one is None or not _lasts(one) for one in found):
        return None
    return first


def _lasts(location: Location) -> bool:
    attachment = location.attachment
    if attachment is None or not attachment.kind or attachment.is_read_only:
        return False
    source = attachment.volume.node["hostPath"]["path"].value if attachment.volume else ""
    return not _KERNEL.fullmatch(source) and not _KERNEL.fullmatch(attachment.at)


def _second(use: Use, station: Station) -> Second | None:
    if use.action is Action.APPEND or _inserts(use):
        return Second.DOUBLES if _doubles(use, station) else None
    if use.step.command.name == "mv":
        return _moved(use, station)
    if is_shut(use, station):
        return None if is_cleaned(use, station) or not use.script.fails_with(use.step.command) else Second.SHUT
    if links_stay(use, station):
        return None if is_cleaned(use, station) or not use.script.fails_with(use.step.command) else Second.LINKS
    meaning = use.step.meaning
    if _is_refused(use):
        return None if is_cleaned(use, station) else _failing(use)
    is_product = meaning.rerun is Rerun.FAILS and meaning.rerun_at is not None and use.action in WRITES
    if not is_product or meaning.rerun_at is None or use.effect.start != meaning.rerun_at.start:
        return None
    if use.action is Action.MAKE_DIRECTORY and _is_root(use):  # the mount's own: not even the first run can make it
        return Second.NEVER if use.script.fails_with(use.step.command) else None
    if any(is_of_one_run(part, use) for part in parts(use)) or _is_answered(use):
        return None
    if is_cleaned(use, station) or (use.step.command.name not in _NEW and _is_made_before(use, station, is_left=True)):
        return None
    return _failing(use)


def _inserts(use: Use) -> bool:
    """Whether `sed -i` puts a line into a file, and takes none out: `sed -i '1i include x'`."""
    if use.step.command.name not in ("sed", "gsed") or use.action is not Action.CHANGE:
        return False
    return any(map(_INSERTING.match, _words(use))) and not any(re.search(r"(?:/|\d|\$)d\b", one) for one in _words(use))


def _words(use: Use) -> list[str]:
    """What a command is given, as far as it is known."""
    return [word or "" for word in use.step.command.words[1:]]


def _is_answered(use: Use) -> bool:
    """Whether something answers the question that a command asks before it writes over a file: `yes | …`."""
    command = use.step.command
    is_fed = command.context.stage[0] > 0 or any(one.operator.startswith("<") for one in command.redirections)
    return is_fed and command.name in _ASKING


def _is_refused(use: Use) -> bool:
    """Whether `wget` of busybox stores a file under its own name: it does not write over one (`O_EXCL`)."""
    command, script = use.step.command, use.script
    image = parse(script.container.image.value)
    is_plain = all(word and not _OVER.match(word) for word in command.words)
    others = any("wget" in one.command.words[1:] for one in script.steps)
    is_its = command.name == "wget" and use.action is Action.WRITE and not _BUSYBOX.isdisjoint(image.names)
    return is_its and is_plain and not others


def _failing(use: Use) -> Second | None:
    """A failure that nobody sees is harmless, but for a checkout that is never brought up to date."""
    command = use.step.command
    if use.script.fails_with(command):
        return Second.FAILS
    is_clone = command.name == "git" and "clone" in command.words
    if not is_clone or command.context.is_checked or command.context.header is not None:
        return None
    others = [one.command for one in use.script.steps if one.command.name == "git"]
    updates = any(word in _PULLS for other in others if other.start > command.start for word in other.words)
    return None if updates else Second.STALE


def _is_root(use: Use) -> bool:
    return any(
        one is not None and one.attachment is not None and use.text == one.attachment.at for one in use.locations
    )


def _moved(use: Use, station: Station) -> Second | None:
    """`mv` of what is on a volume, if nothing brings it back; or of a directory to where one is then."""
    if use.action is Action.REMOVE:
        is_known = use.paths[0].is_whole or use.of_pattern is not None or _is_of_list(use) or _is_of_pattern(use)
        return (
            Second.GONE
            if is_known and not _is_made_before(use, station) and use.script.fails_with(use.step.command)
            else None
        )
    sources = [one for one in station.uses if one.index == use.index and one.action is Action.REMOVE]
    if use.action not in WRITES or len(sources) != 1 or not is_made_directory(sources[0], station):
        return None
    is_handled = use.step.command.context.is_checked and not use.script.fails_with(use.step.command)
    return None if is_handled or is_cleaned(use, station) else Second.NESTS


def _is_of_list(use: Use) -> bool:
    """Whether a loop puts in what is not known, and says all of it: `for one in a b`."""
    loops = (one.statement for one in use.script.loops if one.start in use.step.command.context.loops)
    lists = {one.name for one in loops if isinstance(one, For) and all(word.text for word in one.words or ())}
    return all(isinstance(part, Literal) or (isinstance(part, Variable) and part.name in lists) for part in parts(use))


def _is_of_pattern(use: Use) -> bool:
    """Whether a loop goes through what a pattern stands for, of which nothing is left: it is tried as it is written."""
    loops = (one.statement for one in use.script.loops if one.start in use.step.command.context.loops)
    words = [word for one in loops if isinstance(one, For) and _is_alone(one.name, use) for word in one.words or ()]
    is_open = "nullglob" in use.script.script.text or "failglob" in use.script.script.text
    return bool(words) and not is_open and all(_is_pattern_of_names(word) for word in words)


def _is_alone(name: str, use: Use) -> bool:
    """Whether a variable is all that the path is made of."""
    return [getattr(part, "name", None) for part in parts(use)] == [name]


def _is_pattern_of_names(word: Word) -> bool:
    """Whether a word is a pattern for names that begin or end alike, as `/data/*.tmpl` is."""
    *before, last = word.parts
    is_plain = all(isinstance(one, Literal | Variable) for one in before)
    return (
        is_plain
        and isinstance(last, Pattern)
        and re.fullmatch(r"(?:.*/)?(?:\*[\w.-]+|[\w.-]+\*)", last.text) is not None
    )


def _is_made_before(use: Use, station: Station, *, is_left: bool = False) -> bool:
    """Whether the script itself may have made what it meets; also by what is not followed and told of it.

    `is_left`: it is left there, so that nothing makes it anew where it is only made if it is not there, and it is not
    what the command reads, such as an archive.
    """
    taken = {one.text for one in station.uses if is_left and one.index == use.index and one.action is Action.READ}
    for one in station.uses:
        is_before = one.index < use.index and one.action in (*WRITES, Action.APPEND) and one.text not in taken
        if is_before and _may_meet(one, use) and not (is_left and is_made_once(one, station)):
            return True
    earlier = [step for step in use.script.steps if step.command.start < use.step.command.start]
    others = (step for step in earlier if _is_not_followed(step, use) and step.meaning.lasts != "image")
    return any(_is_told(step, use) for step in others)


def _is_told(step: Step, use: Use) -> bool:
    """Whether a command is told of a path: by its name, what it begins with, or as it works where that is."""
    path, cwd = use.paths[0].known, step.command.cwd.text or "/"
    words = [one for word in step.command.words for one in paths(word or "")]
    return (
        use.written in _text(use, step)
        or (cwd != "/" and within(path, cwd))
        or any(path.startswith(one) for one in words)
    )


def _is_not_followed(step: Step, use: Use) -> bool:
    """Whether a command may do more than is seen; of a script that it runs every command is."""
    inner = use.script.walk.inner if use.script.walk else {}
    return bool(step.command.arguments) and not step.meaning.is_complete and id(step.command.statement) not in inner


def _text(use: Use, step: Step) -> str:
    return use.script.script.text_of(step.command.statement)


def _may_meet(one: Use, other: Use) -> bool:
    return any(may_touch(one, place) for place in other.locations)


def _doubles(use: Use, station: Station) -> bool:
    """Whether lines are added to a file that nothing begins anew, and that is no log."""
    if _LOG.search(use.paths[0].known) or _is_of_now(use) or not is_same_again(use):
        return False
    for one in station.uses:
        is_new = one.action in (Action.WRITE, Action.REMOVE, Action.CHANGE, Action.LINK)
        is_new = is_new and not is_made_once(one, station)
        if is_new and one.step.command.name not in _LEAVES_CONTENTS and one.index != use.index and _may_meet(one, use):
            return False
    return not is_cleaned(use, station) and not _is_unknown_before(use, station)


def _is_of_now(use: Use) -> bool:
    """Whether what is added tells the time or the run, as an entry of a log does."""
    words = [argument.word for argument in use.step.command.arguments]
    return use.step.command.name == "date" or any(_tells_time(part) for word in words for part in word.parts)


def _tells_time(part: object) -> bool:
    return isinstance(part, Substitution) and any(name_of(item.statement) == "date" for item in part.body.items)


def _is_unknown_before(use: Use, station: Station) -> bool:
    """Whether something that is not followed is told of the file."""
    name = (use.text or "/").rpartition("/")[2]
    earlier = [step for _, step in station.steps if step.command.start < use.step.command.start]
    others = [step for step in earlier if step.command.arguments and _is_not_followed(step, use)]
    is_named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])").search
    return any(is_named(_text(use, step)) for step in others)
