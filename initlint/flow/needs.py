"""What a container needs: the paths that its words, variables, working directory, probes and image name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from initlint.finding import Where
from initlint.flow.model import Need, Use, Via
from initlint.flow.settings import named_by_settings, no_defaults
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import MountTable, normal, within
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.syntax import Simple
from initlint.shipped import data
from initlint.text.tree import Node, Scalar

_FILE = Path(__file__).with_name("images.yaml")
_PATH = regex(r"(?<![\w./})*-])(?:/[\w.@+-]+)+")
_OF_FILE = regex(r"(?<![\w+])(?:file|dir):(?://)?(?=/)")
# Another machine's: `backup.example.com:/data`, `git@host:/srv`.
_OF_HOST = regex(r"(?<![\w./@-])(?:[\w.-]+@[\w.-]+|[\w-]+(?:\.[\w-]+)+):/[\w./@+-]*")
# Paths that are those of a URL, not of a file system.
_OF_URL = regex(
    r"(?i)-*[\w.-]*(?:(?:telemetry|metrics|context|base|url|health|web|probe|api|route)[\w.-]*path|ur[il]|prefix|route"
    r"|endpoint|context-root)"
)
_SAYING = frozenset({"echo", "printf", "mkdir", "rm", "sed", "grep", "awk"})
_OWN = frozenset({Action.WRITE, Action.APPEND, Action.MAKE_DIRECTORY, Action.LINK})


class KnownImage(NamedTuple):
    """What the program of an image reads by itself, what it `starts` there, and which names it `finds` in directories,
    `unless` a mount or a variable says otherwise.
    """

    names: Sequence[str]
    source: str
    reads: Sequence[str] = ()
    starts: Sequence[str] = ()
    finds: Mapping[str, str] = MappingProxyType({})
    unless: str = ""


def needs(table: MountTable, found: Sequence[ContainerScript], uses: Sequence[Use]) -> Iterator[Need]:
    """What a container needs, but for what its own scripts make before."""
    made = [use.text for use in uses if use.action in _OWN and use.text]
    for need in _all(table, found, uses):
        own = any(within(need.path, path) or within(path, need.path) for path in made)
        if need.via is Via.SCRIPT or not own:
            yield need


def _all(table: MountTable, found: Sequence[ContainerScript], uses: Sequence[Use]) -> Iterator[Need]:
    container = table.container
    yield from _of_uses(table, uses)
    yield from _of_scripts(table, found) if found else _of_words(table)
    for name, (where, value) in container.told.items():
        yield from _named(table, where, value, Via.VARIABLE, name)
    if container.node["workingDir"]:
        yield Need(table, normal(container.node["workingDir"].value), container.node["workingDir"], Via.FOLDER)
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        for word in container.node[probe]["exec"]["command"]:
            yield from _named(table, word, word.value, Via.PROBE)
    # What settings name a program is told as it is by a variable.
    for one in named_by_settings(table):
        yield Need(table, posixpath.normpath(one.path), one.where, Via.VARIABLE, one.option)
    yield from _of_image(table)


def _of_uses(table: MountTable, uses: Sequence[Use]) -> Iterator[Need]:
    """What a script reads that it has not made itself."""
    made: list[str] = []
    for use in uses:
        path = _read(use)
        if path and not any(within(path, one) or within(one, path) for one in made):
            yield Need(table, path, use.where, Via.SCRIPT)
        if use.text and use.action in _OWN:
            made.append(use.text)


def _read(use: Use) -> str | None:
    """The path that a use reads; of a pattern such as `/models/*` the directory of what it stands for."""
    return (use.text or use.of_pattern) if use.action is Action.READ else None


def _of_scripts(table: MountTable, found: Sequence[ContainerScript]) -> Iterator[Need]:
    """The words of commands that no effect explains."""
    for script in found:
        for step in script.steps:
            explained = {(effect.start, effect.end) for effect in step.meaning.effects}
            before = ""
            yield from _of_assignments(table, script, step)
            for word in step.command.arguments if step.command.name not in _SAYING else ():
                text = word.text
                option = _option(before, text or "")
                if text and (word.start, word.end) not in explained and not _is_of_url(option, text):
                    where = script.span(word.start, word.end)
                    yield from _told(table, where, text, Via.ARGUMENT, option, step)
                before = text or ""


def _of_assignments(table: MountTable, script: ContainerScript, step: Step) -> Iterator[Need]:
    """The variables that a script sets for the programs it starts, as the manifest may."""
    statement = step.command.statement
    for one in statement.assignments if isinstance(statement, Simple) and statement.words else ():
        text = one.value.text if one.value else None
        if one.value and text and not _is_of_url(one.name, text):
            where = script.span(one.value.start, one.value.end)
            yield from (Need(table, path, where, Via.VARIABLE, one.name) for path in paths(text))


def _of_words(table: MountTable) -> Iterator[Need]:
    """The words of a container whose command the manifest does not show."""
    container = table.container
    nodes = [*container.command, *container.args]
    texts = [*container.words(container.command), *container.words(container.args)]
    for before, node, text in zip(["", *(text or "" for text in texts)], nodes, texts, strict=False):
        if text and isinstance(node, Scalar):
            yield from _named(table, node, text, Via.ARGUMENT, before)


def _named(table: MountTable, node: Node, text: str, via: Via, option: str = "") -> Iterator[Need]:
    option = _option(option, text)
    if not _is_of_url(option, text):
        yield from _told(table, node, text, via, option)


def _told(
    table: MountTable, where: Where, text: str, via: Via, option: str, step: Step | None = None
) -> Iterator[Need]:
    """The paths in a text; what stands behind the first in a word, as in `-template in:out`, no option speaks of."""
    before = option
    for word in text.split():
        own = _option(before, word)
        for path in paths(word):
            yield Need(table, path, where, via, own, step)
            own = ""
        before = word if word.startswith("-") else option


def _is_of_url(option: str, text: str) -> bool:
    """Whether the path in a text is that of a URL which leads to no file."""
    return _OF_URL.fullmatch(option) is not None and not _OF_FILE.search(text)


def _option(before: str, word: str) -> str:
    """What a word is about: `-javaagent:/x.jar` says so itself."""
    return word.partition("=")[0].partition("/")[0].rstrip(":") if word.startswith("-") else before


def paths(text: str) -> list[str]:
    """The absolute paths that a text names, also as URLs of files."""
    plain = _OF_HOST.sub("", _OF_FILE.sub("", text))
    return [posixpath.normpath(match[0].rstrip(".")) for match in _PATH.finditer(plain)]


def _of_image(table: MountTable) -> Iterator[Need]:
    container = table.container
    known = known_image(container)
    others = {*no_defaults(table)}
    reads = (path for path in (known.reads if known else ()) if path not in others)
    yield from (Need(table, path, container.image, Via.IMAGE) for path in reads)


def known_image(container: Container) -> KnownImage | None:
    """What is known of the program of a container's image; None if nothing is, or another one runs."""
    reference = container.reference
    if container.overrides_entrypoint or container.is_image_replaced:
        return None
    return (
        next((found for name in reference.names if (found := _images().get(name))), None)
        if reference.is_literal
        else None
    )


@cache
def _images() -> Mapping[str, KnownImage]:
    entries = [KnownImage(**entry) for entry in data(_FILE)]
    return {name: entry for entry in entries for name in entry.names}
