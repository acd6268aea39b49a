"""Copies of what the kubelet makes of a ConfigMap: links to a directory beside them, which is not copied."""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.images import image_of
from initlint.shell.container.mounts import canonical
from initlint.shell.container.script import ContainerScript

# Each name in them is a link, `app.conf -> ..data/app.conf` (AtomicWriter of the kubelet); by a sub-path it is none.
_OF_LINKS = frozenset({"configMap", "downwardAPI", "projected", "secret"})
_DATA = "..data"
_REPLACES_LINKS = regex(r"-\w*[fi]\w*|--(?:force|interactive|remove-destination)")
_KEEPS_LINKS = {
    "cp": regex(r"-\w*[RPadr]\w*|--(?:archive|recursive|no-dereference)"),
    "rsync": regex(r"-\w*[al]\w*|--(?:archive|links)"),
}
_FOLLOWS_LINKS = {
    "cp": regex(r"-\w*[HL]\w*|--dereference"),
    "rsync": regex(r"-\w*L\w*|--copy-links"),
}


def copies_of_links(station: Station) -> Iterator[tuple[str, ContainerScript, Step]]:
    """The copies by which links come to lie elsewhere that point beside themselves: `cp -r /config/* /etc/app/`.

    Each with what becomes of the links: `links` are kept as they are, `skipped` by `rsync` where no option speaks of
    them.
    """
    steps = {id(use.step): use for use in station.uses if _copies(use)}
    for use in steps.values():
        sources = [one for one in station.uses if one.step is use.step and one.action is Action.READ]
        kind = _kind(use.step)
        is_elsewhere = use.step.command.context.is_elsewhere
        if kind and not is_elsewhere and _are_links(sources, station, is_skipped=kind == "skipped"):
            yield kind, use.script, use.step


def links_stay(use: Use, station: Station) -> bool:
    """Whether the `cp` of busybox copies links that are there when it runs again: it replaces none, without `-f`."""
    command = use.step.command
    if command.name != "cp" or use.action not in WRITES or not image_of(use.container).has_busybox_tools:
        return False
    words = [word or "" for word in command.words[1:]]
    if _kind(use.step) != "links" or any(map(_REPLACES_LINKS.fullmatch, words)):
        return False
    sources = (one for one in station.uses if one.step is use.step and one.action is Action.READ)
    return any(_is_whole(one) and one.of_pattern is None for one in sources)


def _copies(use: Use) -> bool:
    return use.step.command.name in _KEEPS_LINKS and use.action in WRITES


def _kind(step: Step) -> str:
    """What becomes of links; empty if what they point at is copied."""
    name, words = step.command.name, [word or "" for word in step.command.words[1:]]
    if any(map(_FOLLOWS_LINKS[name].fullmatch, words)):
        return ""
    is_kept = any(map(_KEEPS_LINKS[name].fullmatch, words))
    return "links" if is_kept else "skipped" if name == "rsync" else ""


def _are_links(sources: Sequence[Use], station: Station, *, is_skipped: bool) -> bool:
    """Whether a source is such a link, or all that a pattern stands for, and none is what they point at."""
    if any("/.." in one.written for one in sources) or any(_sees_dots(one, station) for one in sources):
        return False
    return any(_is_link(one) or (_is_directory(one) and (is_skipped or _leaves_out(one.step))) for one in sources)


def _is_link(source: Use) -> bool:
    place = source.location
    mount = place.attachment if place else None
    if place is None or mount is None or mount.kind not in _OF_LINKS or mount.sub_path.text != "/":
        return False
    if source.of_pattern is not None:
        return canonical(source.of_pattern) == mount.at
    return place.text is not None and place.text != "/" and place.text.count("/") == 1 and source.written[-1:] != "/"


def _is_directory(source: Use) -> bool:
    """Whether `rsync` copies all of the volume, so that what the links point at comes with them."""
    return source.step.command.name == "rsync" and _is_whole(source)


def _is_whole(source: Use) -> bool:
    """Whether it is all of such a volume: the directory that is mounted."""
    mount = next((one for one in source.table.attachments if one.at == canonical(_folder(source))), None)
    return mount is not None and mount.kind in _OF_LINKS and mount.sub_path.text == "/"


def _folder(source: Use) -> str:
    """The directory that is copied; of `/config/.` that is `/config`."""
    return posixpath.normpath(source.effect.path.known or ".")


def _leaves_out(step: Step) -> bool:
    """Whether a copy is told not to take what the links point at."""
    words = [word or "" for word in step.command.words[1:]]
    joined = [word.partition("=")[2] for word in words if word.startswith("--exclude=")]
    apart = [after for word, after in itertools.pairwise(words) if word == "--exclude"]
    return any(fnmatchcase(_DATA, pattern.strip("/")) for pattern in (*joined, *apart))


def _sees_dots(source: Use, station: Station) -> bool:
    """Whether patterns stand for hidden files, too, and so for what the links point at."""
    shown = (step.command.words for _, step in station.steps if step.command.name == "shopt")
    return source.of_pattern is not None and any("dotglob" in words for words in shown)
