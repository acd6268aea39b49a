"""Volumes that init containers fill, and that nobody mounts afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from initlint.flow.early import empty_reads
from initlint.flow.handed import hands_over, twin_of
from initlint.flow.history import Flow
from initlint.flow.kept import is_left
from initlint.flow.model import Need, Use, Via
from initlint.flow.needs import paths
from initlint.flow.readonly import has_read_only_root
from initlint.flow.stations import Station, is_followed
from initlint.flow.usage import is_after, is_at_end, is_plain, is_shown, says
from initlint.flow.users import blind, is_annotated, last_filler, reads_early, users
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, canonical, within
from initlint.shell.container.script import ContainerScript, working_dir

# Where programs put what they need only while they run.
_SCRATCH = regex(
    r".*/te?mp|.*/te?mp/.*|/(?:var/)?run(?:/.*)?|/var/log(?:/.*)?|/dev/shm|(?:/root|/home/[^/]+)"
    r"|.*/\.?cache(?:/.*)?|.*/\.[^/]+"
)
# Where programs look for their settings.
_SETTINGS = regex(r"(?!/(?:te?mp|run|var)/).*/\.(?!cache)[^/]+")
_SCRATCH_NAME = regex(r"(?i)(?:.*[-_])?(?:te?mp|scratch|cache|workspace|work-?dir|home|logs?)(?:[-_].*)?")
_PUTTING = frozenset({"cp", "install", "mv", "rsync"})
_BELOW_TEMPORARY = regex(r"/te?mp/[^/]+")
# Variables by which programs are told where to write.
_TARGET = regex(r"(?i)(?:\w+_)?(?:out|output|dest|destination|dst|target|root|download)(?:_?(?:dir|path|folder))?")
_SCRATCH_OPTION = regex(r"(?i)--?[\w-]*(?:te?mp(?!l)|scratch|cache|work|home)[\w-]*(?:=.*)?")


class UnreadMount(NamedTuple):
    """A mount of a volume that nobody mounts later: who needs its path, or what is written there, if that is seen.

    `blind` is a later mount of a sub-path of the volume in which nothing is, `twin` one of another volume at that path.
    """

    attachment: Attachment
    need: Need | None = None
    later: Station | None = None
    write: Use | None = None
    blind: Attachment | None = None
    twin: Attachment | None = None


def unread(station: Station, flow: Flow) -> Iterator[UnreadMount]:
    """The emptyDirs that an init container is the last to mount, and that are needed later, or filled for nothing."""
    return (found for found in never_read(station, flow) if not found.blind)


def never_read(station: Station, flow: Flow) -> Iterator[UnreadMount]:
    """The same, also of those of which later containers mount a part in which nothing is."""
    if station.role is not Role.INIT or station.container.node["restartPolicy"].value == "Always":
        return
    seen = {use.location.volume for use in empty_reads(station, flow) if use.location}  # another rule's business
    for mount in station.container.mounts:
        attachment = next((one for one in station.table.attachments if one.mount is mount), None)
        if attachment and mount.name.value not in seen and _is_last(attachment, station, flow):
            for found in _found(attachment, station, flow):
                seen.add(mount.name.value)
                yield found


def _is_last(attachment: Attachment, station: Station, flow: Flow) -> bool:
    """Whether only init containers mount the emptyDir, this one last to fill it, and no variable comes from it."""
    name = attachment.mount.name.value
    if attachment.kind != "emptyDir" or attachment.mount.is_read_only or last_filler(attachment, flow) is not station:
        return False
    if any(key.volume == name for one in flow.stations for key in one.keys):
        return False
    if is_annotated(name, flow):
        return False
    is_meant = any(one.is_astray for one in flow.later(station))
    others = (one for one in users(attachment, flow) if one is not station)
    return not is_meant and not any(reads_early(one, name, flow) for one in others)


def _found(attachment: Attachment, station: Station, flow: Flow) -> Iterator[UnreadMount]:
    if attachment.at == "/":
        return
    path = attachment.mount.path.value.rstrip("/")
    is_scratch = is_left_behind(path) and not (_SETTINGS.fullmatch(path) and _is_plain(attachment, station))
    is_scratch = is_scratch and not (_BELOW_TEMPORARY.fullmatch(path) and _is_result(attachment, station))
    told = _told(attachment, flow)
    if told and told[0].via is Via.IMAGE and _is_passed_on(attachment, station):
        return
    if told and (not is_scratch or hands_over(station, told[0]) or _is_filled_for(told[0], attachment, station)):
        yield UnreadMount(attachment, *told)
    is_handed_on = users(attachment, flow)[-1] is not station
    if told or is_handed_on:
        return
    write = _filled(attachment, station)
    if (twin := twin_of(attachment, station, flow)) and (not is_scratch or hands_over(station, twin[0])):
        yield UnreadMount(attachment, write=write, twin=twin[1])
        return
    if is_scratch:
        return
    if is_scratch_name(attachment.mount.name.value):
        write = write if write and _is_last_product(write, station) else None
        if write is None:
            return
    if write or (_is_mentioned_once(attachment, station) and _is_sole(attachment, flow)):
        hiding = (mount for one in flow.stations if (mount := blind(one, attachment, flow)))
        yield UnreadMount(attachment, write=write, blind=next(hiding, None))


def _is_result(attachment: Attachment, station: Station) -> bool:
    """Whether the last thing that a script does is to put something there."""
    write = _filled(attachment, station)
    return write is not None and write.step.command.name in _PUTTING and is_at_end(write, station)


def _is_last_product(write: Use, station: Station) -> bool:
    """Whether a script, all of which is followed, ends with what it has written or fetched under a name of its own."""
    is_made = write.action is Action.WRITE and not write.is_tree
    return is_made and not station.doubt and is_at_end(write, station)


def _is_plain(attachment: Attachment, station: Station) -> bool:
    """Whether a container runs nothing that could look at what it has put into a hidden directory."""
    filled = [use.index for use in station.uses if use.fills and _is_by(use, attachment)]
    behind = station.steps[min(filled) :] if filled else ()
    return bool(behind) and all(is_plain(step) and is_followed(script, step) for script, step in behind)


def is_left_behind(path: str) -> bool:
    """Whether a directory is one of those for what programs need only while they run."""
    return _SCRATCH.fullmatch(path) is not None


def is_scratch_name(name: str) -> bool:
    """Whether something is called for what programs need only while they run."""
    return _SCRATCH_NAME.fullmatch(name) is not None


def is_target(variable: str) -> bool:
    """Whether a variable is called for where a program is to write."""
    return _TARGET.fullmatch(variable) is not None


def _told(attachment: Attachment, flow: Flow) -> tuple[Need, Station] | None:
    """The first sidecar or app that needs the path where it is mounted, and has nothing of its own there."""
    for later in flow.stations:
        if later.role is not Role.INIT and not _has_own(attachment.at, later):
            for need in later.needs:
                needed = canonical(need.path)
                if within(needed, attachment.at) or (need.via is Via.IMAGE and within(attachment.at, needed)):
                    return need, later
    return None


def _is_filled_for(need: Need, attachment: Attachment, station: Station) -> bool:
    """Whether the script surely fills a directory that an app is told of by its own name, be it one for scratch.

    That both are told of a cache as a whole says nothing, unless the app is to read it.
    """
    needed = canonical(need.path)
    is_its_own = needed != attachment.at or need.is_source or need.is_input
    if need.via is not Via.ARGUMENT or not is_its_own or _is_passed_on(attachment, station):
        return False
    filled = (use for use in station.uses if _is_product(use) and is_left(use, station) and len(use.paths) == 1)
    return any(within(canonical(use.paths[0].known.rstrip("/")), needed) for use in filled)


def _is_passed_on(attachment: Attachment, station: Station) -> bool:
    """Whether the script itself reads what it has put there, as to copy it to another volume."""
    reads = (use for use in station.uses_on(attachment.mount.name.value) if use.action is Action.READ)
    return any(not is_shown(use) for use in reads)


def _has_own(path: str, later: Station) -> bool:
    return any(within(path, one.at) or within(one.at, path) for one in later.table.attachments)


def _filled(attachment: Attachment, station: Station) -> Use | None:
    """What the script writes there and never looks at again; None if that is not known."""
    if any(script.commands is None or script.is_elsewhere for script in station.scripts):
        return None
    writes = (use for use in station.uses if _is_product(use) and _is_by(use, attachment))
    return next((use for use in writes if not _is_used(use, attachment, station)), None)


def _is_product(use: Use) -> bool:
    return use.fills and use.step.command.name != "touch"


def _is_by(use: Use, attachment: Attachment) -> bool:
    return any(location and location.attachment is attachment for location in use.locations)


def _is_on(use: Use, attachment: Attachment) -> bool:
    return any(location and location.volume == attachment.mount.name.value for location in use.locations)


def _is_used(write: Use, attachment: Attachment, station: Station) -> bool:
    """Whether something behind a write may read it: a read of the volume, or what is not followed, or told of it."""
    reads = (use for use in station.uses if use.action is Action.READ and is_after(use.index, use.step, write))
    if not has_read_only_root(station):  # else it may be there for the script alone
        reads = (use for use in reads if not is_shown(use))
    if any(_is_on(use, attachment) or None in use.locations for use in reads):
        return True
    if names(_statements_of("trap", station), attachment):
        return True
    behind = [pair for index, pair in enumerate(station.steps) if is_after(index, pair[1], write)]
    told = is_told(attachment, station)
    return any(_may_do_anything(*pair) or _may_read(*pair, attachment, is_told=told) for pair in behind)


def _may_do_anything(script: ContainerScript, step: Step) -> bool:
    """Whether a command is not followed that does more than to say something, as its name tells."""
    return not is_followed(script, step) and not says(step)


def _may_read(script: ContainerScript, step: Step, attachment: Attachment, *, is_told: bool) -> bool:
    """Whether a command may read the volume by a word of which nothing else is known, or by a variable."""
    context = step.command.context
    is_said = step.command.name in ("echo", "printf") and context.stage[1] == 1 and not context.in_substitution
    if not step.meaning.effects and not is_said and names(step.command.words, attachment):
        return True
    if is_plain(step):
        return False
    return is_told or names([*step.command.words, script.script.text_of(step.command.statement)], attachment)


def is_told(attachment: Attachment, station: Station) -> bool:
    """Whether a variable of the container names the path, or one that its script exports."""
    values = station.container.known_env.values()
    return names([*values, *_statements_of("export", station)], attachment)


def _statements_of(name: str, station: Station) -> list[str]:
    steps = ((script, step) for script, step in station.steps if step.command.name == name)
    return [text for script, step in steps for text in (script.script.text_of(step.command.statement), *_words(step))]


def _words(step: Step) -> list[str]:
    return [word or "" for word in step.command.words]


def names(words: Iterable[str | None], attachment: Attachment) -> bool:
    """Whether words name the path of a mount, or one below it."""
    return any(within(canonical(path), attachment.at) for word in words for path in paths(word or ""))


def _is_mentioned_once(attachment: Attachment, station: Station) -> bool:
    """Whether a container of which less is known is told the path once, and not for what it needs while it runs.

    A script that names the path again may itself read what it wrote.
    """
    if station.steps and all(is_followed(script, step) for script, step in station.steps) and not station.doubt:
        return False
    dealing = (step for _, step in station.steps if _deals_with(attachment, step, station))
    if len({id(step.command.statement) for step in dealing}) > 1:
        return False
    pattern = rf"(?<![\w./-]){re.escape(attachment.mount.path.value.rstrip('/'))}(?![\w.-])"
    words = [word.value for word in (*station.container.command, *station.container.args)]
    words = words[1:] if station.container.command else words  # a program is not told what it is
    told = ((one.name.value, one.value.value) for one in station.container.env if one.is_literal)
    uses = [(name, match) for name, value in told for match in re.finditer(pattern, value)]
    if uses and not (len(uses) == 1 and is_target(uses[0][0])):
        return False
    words += [match.string for _, match in uses]
    found = [match for word in words for match in re.finditer(pattern, word)]
    scratch = any(_SCRATCH_OPTION.fullmatch(word) for word in words)
    return len(found) == 1 and not scratch and not re.search(r"\b(?:cd|pushd)\s", found[0].string)


def _deals_with(attachment: Attachment, step: Step, station: Station) -> bool:
    """Whether a command names the path of a mount, be it by a variable, or runs there behind a `cd`."""
    cwd = step.command.cwd.known
    places = [effect.path.known for effect in step.meaning.effects if effect.path.is_whole]
    places += [cwd] if cwd != working_dir(station.container).known else []
    return names(step.command.words, attachment) or any(within(canonical(one), attachment.at) for one in places if one)


def _is_sole(attachment: Attachment, flow: Flow) -> bool:
    """Whether no other init container uses it: between two of them it may be all that is meant."""
    return sum(one.mounts(attachment.mount.name.value) for one in flow.stations) == 1
