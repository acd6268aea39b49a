"""What a container writes where nothing can be written."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.finding import Where
from initlint.flow.fleeting import lasts_in_image
from initlint.flow.history import Fate, follow
from initlint.flow.kept import asks_for_none
from initlint.flow.kernel import KernelWrite, kernel_writes
from initlint.flow.model import WRITES, Use
from initlint.flow.nested import nested
from initlint.flow.stations import SYSTEM, Station
from initlint.flow.tolerance import is_tolerated, may_fail
from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Rerun
from initlint.shell.container.images import Shell, image_of
from initlint.shell.container.mounts import Attachment, within
from initlint.shell.language.values import Value

_RELATIVE = regex(r"[\w.][\w./+-]*|\w+://\S+")
_INSTALLERS = frozenset({"apk", "apt", "apt-get", "dnf", "microdnf", "yum", "zypper"})
# They change each file, also where it already is as it is to be.
_OF_ALL = frozenset({"chgrp", "chmod", "chown"})
_VERBS = frozenset({"add", "install", "update", "upgrade"})
# Those of a language, and the image in which nothing says where else they may install to.
_OF_LANGUAGE = {"pip": "python", "pip3": "python", "npm": "node", "gem": "ruby"}
_OF_PACKAGES = ("/bin", "/etc", "/lib", "/usr", "/var")
# They hold a system and nothing else.
_BARE = frozenset({"alpine", "busybox", "debian", "ubuntu"})
# Directories of a system in which nothing is.
_EMPTY = frozenset({"/home", "/media", "/mnt", "/opt", "/srv"})
# File systems of their own, and files that the kubelet mounts.
_WRITABLE = regex(r"/(?:dev|proc|sys)(?:/.*)?|/etc/(?:hosts|hostname|resolv\.conf)")


class ReadOnly(NamedTuple):
    """A write that fails, and where; `attachment` is the mount that is read-only, None for the root file system.

    `use` is None of packages, of which no word says where they come to lie; `at` is its place in time. `meant` is the
    mount of a later container at that path, `kernel` what it sets of the kernel, `inner` a mount that cannot be made.
    """

    use: Use | None
    attachment: Attachment | None
    where: Where
    at: int
    meant: Attachment | None = None
    kernel: KernelWrite | None = None
    inner: Attachment | None = None


def read_only_writes(station: Station) -> Iterator[ReadOnly]:
    """Writes that fail whatever happens, once for each mount, once for the root and once for the kernel."""
    found = list(_writes(station))
    package = next(_packages(station), None) if has_read_only_root(station) else None
    if package and all(one.attachment or package.at < one.at for one in found):
        found = [one for one in found if one.attachment]
        yield package
    yield from found
    for one in nested(station, follow(station.container.pod)):
        yield ReadOnly(None, one.outer, one.inner.mount.path, 0, inner=one.inner)
    yield from (ReadOnly(None, None, one.where, 0, kernel=one) for one in kernel_writes(station))


def _packages(station: Station) -> Iterator[ReadOnly]:
    """Packages of the system that are installed where nothing of it can be written to."""
    mounted = [one.at for one in station.table.attachments if not one.is_read_only]
    if any(within(one, folder) or within(folder, one) for one in mounted for folder in _OF_PACKAGES):
        return
    for index, (script, step) in enumerate(station.steps):
        command = step.command
        is_install = _installs(command.words, station) and any(word in _VERBS for word in command.words[1:])
        is_sure = is_install and command.context.is_certain and not command.context.guards
        if is_sure and lasts_in_image(script, step, station) and not may_fail(command, script):
            yield ReadOnly(None, None, script.span(command.start, command.end), index)


def _installs(words: Sequence[str | None], station: Station) -> bool:
    """Whether a program installs packages, those of a language in an image that says nothing of where to."""
    module = words[2] if len(words) > 2 and words[1] == "-m" else next(iter(words), None)
    known = set() if station.container.is_image_replaced else {*station.container.reference.names}
    program = posixpath.basename(words[0] or "") if words else ""
    return program in _INSTALLERS or (bool(words) and _OF_LANGUAGE.get(module or "") in known)


def _writes(station: Station) -> Iterator[ReadOnly]:
    seen: set[int] = set()
    # Most containers can write everywhere, and their scripts need not be read for that.
    may_fail = has_read_only_root(station) or any(one.is_read_only for one in station.table.attachments)
    for use in station.uses if may_fail else ():
        if use.action in (*WRITES, Action.CHANGE) or _must_remove(use):
            found = _of_mount(use, station) or _of_tree(use, station) or _of_root(use, station)
            is_allowed = is_tolerated(use) and not use.script.fails_with(use.step.command)
            is_told = found is None or id(found.attachment) in seen
            if found and not is_told and not is_allowed and not _is_asked_first(use, found):
                seen.add(id(found.attachment))
                yield _at_first(found, station)


def _is_asked_first(use: Use, found: ReadOnly) -> bool:
    """Whether the script asks with `-w` first, which is false of what is mounted read-only, for root, too.

    Not in busybox: there root is told that it may write everywhere.
    """
    shell = posixpath.basename(use.script.shell)
    if shell in ("ash", "sh") and image_of(use.container).shell is Shell.BUSYBOX:
        return False
    guards = [one for one in use.step.command.context.guards if asks_for_none(one.statement) is not one.succeeded]
    tests = (
        one.command
        for one in use.script.steps
        if one.command.is_test and any(guard.start <= one.command.start < guard.statement.end for guard in guards)
    )
    asked = (path for test in tests for option, path in itertools.pairwise(test.arguments) if option.text == "-w")
    return any(_may_be_of(path.value, found, use) for path in asked)


def _may_be_of(path: Value, found: ReadOnly, use: Use) -> bool:
    """Whether a path may lie on what is read-only."""
    place = use.table.locate(path)
    return place is None or place.attachment is found.attachment


def _at_first(found: ReadOnly, station: Station) -> ReadOnly:
    """The same where the script already makes the directory, or the temporary file, that it then writes to."""
    if found.attachment is not None or found.use is None:
        return found
    path = found.use.paths[0].known
    for use in station.uses:
        is_made = use.index < found.at and use.action is Action.MAKE_DIRECTORY and use.text not in SYSTEM
        if is_made and use.text and within(path, use.text) and use.location and use.location.is_own:
            return found if is_tolerated(use) else ReadOnly(use, None, use.where, use.index)
    for script, step in station.steps[: found.at] if "/tmp." in path else ():
        if step.command.name == "mktemp":
            return found._replace(where=script.span(step.command.start, step.command.end))
    return found


def _must_remove(use: Use) -> bool:
    """Whether it takes away what must be there: `rm -f` is content with nothing."""
    words = use.step.command.words[1:]
    is_forced = any(re.fullmatch(r"-\w*f\w*|--force", word or "") for word in words)
    return (
        use.action is Action.REMOVE
        and use.step.command.name in ("mv", "rm", "rmdir", "unlink")
        and (use.step.command.name == "mv" or not is_forced)
    )


def _of_mount(use: Use, station: Station) -> ReadOnly | None:
    holders = {id(one.attachment) if one else 0 for one in use.locations}
    location = use.locations[0]
    attachment = location.attachment if location else None
    if len(holders) > 1 or attachment is None or not attachment.is_read_only:
        return None
    return None if _may_exist(use, attachment, station) else ReadOnly(use, attachment, use.where, use.index)


def _of_tree(use: Use, station: Station) -> ReadOnly | None:
    """The mount within a directory of which all owners or modes are to be changed."""
    if use.action is not Action.CHANGE or not use.is_tree or use.step.command.name not in _OF_ALL or not use.text:
        return None
    below = (one for one in station.table.below(use.text) if one.is_read_only)
    return next((ReadOnly(use, one, use.where, use.index) for one in below), None)


def _may_exist(use: Use, attachment: Attachment, station: Station) -> bool:
    """Whether it is a directory that may be there already, for which `mkdir -p` does nothing."""
    if use.action is not Action.MAKE_DIRECTORY or use.step.meaning.rerun is not Rerun.SAFE:
        return False
    place, flow = use.location, follow(station.container.pod)
    if place and place.text not in (None, "/") and flow.fate_at(place, station) is Fate.EMPTY:
        return False
    return not attachment.is_fixed or use.paths[0].known == attachment.at


def _of_root(use: Use, station: Station) -> ReadOnly | None:
    if not has_read_only_root(station):
        return None
    may_be_there = use.action is Action.MAKE_DIRECTORY and use.step.meaning.rerun is Rerun.SAFE
    if may_be_there and not is_new(use.text or "/", station):
        return None
    is_own = all(_is_on_root(use, index, station) for index in range(len(use.paths)))
    return ReadOnly(use, None, use.where, use.index, _meant(use, station)) if is_own else None


def _meant(use: Use, station: Station) -> Attachment | None:
    """The mount that a later container has where a write on the own file system fails."""
    later = follow(station.container.pod).stations[station.index + 1 :]
    mounts = (one for other in later for one in other.table.attachments)
    return next((one for one in mounts if one.at != "/" and one.holds(use.folder)), None)


def is_new(path: str, station: Station) -> bool:
    """Whether a directory cannot be there: in an image that holds a system and nothing else, outside of that."""
    top = "/" + path.split("/")[1]
    if not _BARE & {*station.container.reference.names} or station.container.is_image_replaced:
        return False
    is_system = path in SYSTEM or (top in SYSTEM and top not in _EMPTY)
    return not is_system and not station.table.leads_to(path)


def has_read_only_root(station: Station) -> bool:
    """Whether a container can write to volumes only."""
    return station.container.node["securityContext"]["readOnlyRootFilesystem"].truth is True


def _is_on_root(use: Use, index: int, station: Station) -> bool:
    path, location = use.paths[index], use.locations[index]
    if location is None:
        return _is_relative(use) and not any(not one.is_read_only for one in station.table.attachments)
    termination = station.container.node["terminationMessagePath"].value
    is_open = bool(_WRITABLE.fullmatch(path.known.rstrip("/"))) or path.known == termination
    is_there = use.action is Action.MAKE_DIRECTORY and path.known.rstrip("/") in SYSTEM
    return location.is_own and not is_open and not is_there


def _is_relative(use: Use) -> bool:
    """Whether it lies in the working directory of the image, which is not known."""
    return not use.step.command.cwd.known and bool(_RELATIVE.fullmatch(use.written))
