"""Copies of what the kubelet makes of a ConfigMap: links to a directory beside them, which is not copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import canonical
from initlint.shell.container.script import ContainerScript

# Each name in them is a link, `app.conf -> ..data/app.conf` (AtomicWriter of the kubelet); by a sub-path it is none.
_OF_LINKS = frozenset({"configMap", "downwardAPI", "projected", "secret"})
_KEEPS_LINKS = regex(r"-\w*[RPadr]\w*|--(?:archive|recursive|no-dereference)")
_FOLLOWS_LINKS = regex(r"-\w*[HL]\w*|--dereference")


def copies_of_links(station: Station) -> Iterator[tuple[ContainerScript, Step]]:
    """The copies by which links come to lie elsewhere that point beside themselves: `cp -r /config/* /etc/app/`."""
    steps = {id(use.step): use for use in station.uses if use.step.command.name == "cp" and use.action in WRITES}
    for use in steps.values():
        step = use.step
        words = [word or "" for word in step.command.words[1:]]
        is_kept = any(map(_KEEPS_LINKS.fullmatch, words)) and not any(map(_FOLLOWS_LINKS.fullmatch, words))
        sources = [one for one in station.uses if one.step is step and one.action is Action.READ]
        if is_kept and not step.command.context.is_elsewhere and _are_links(sources, station):
            yield use.script, step


def _are_links(sources: Sequence[Use], station: Station) -> bool:
    """Whether a source is such a link, or all that a pattern stands for, and none is what they point at."""
    if any("/.." in one.written for one in sources) or any(_sees_dots(one, station) for one in sources):
        return False
    return any(_is_link(one) for one in sources)


def _is_link(source: Use) -> bool:
    place = source.location
    mount = place.attachment if place else None
    if place is None or mount is None or mount.kind not in _OF_LINKS or mount.sub_path.text != "/":
        return False
    if source.of_pattern is not None:
        return canonical(source.of_pattern) == mount.at
    return place.text is not None and place.text != "/" and place.text.count("/") == 1 and source.written[-1:] != "/"


def _sees_dots(source: Use, station: Station) -> bool:
    """Whether patterns stand for hidden files, too, and so for what the links point at."""
    shown = (step.command.words for _, step in station.steps if step.command.name == "shopt")
    return source.of_pattern is not None and any("dotglob" in words for words in shown)
