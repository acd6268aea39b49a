"""Which programs and files a container starts, by paths that must be there when it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from initlint.flow.model import Need, Via
from initlint.flow.needs import known_image
from initlint.flow.stations import Station, is_followed
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import normal
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts_of
from initlint.shell.language.values import resolve
from initlint.text.tree import Scalar

_INTERPRETERS = frozenset(
    {"node", "python", "python3", "ruby", "perl", "php", "sh", "bash", "ash", "dash", "deno", "bun", "java", "dotnet"}
)

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_SETTINGS = regex(r".*\.(?:conf|cfg|ya?ml|ini)|.*/Caddyfile")


def programs(station: Station) -> Iterator[Need]:
    """The programs that a container starts without looking for them, until something runs that is not followed."""
    yield from _of_image(station)
    yield from _first(station)
    for script, step in _started(station.scripts):
        yield from (*_named(script, step, station), *_read(script, step, station))


def executed(station: Station) -> Iterator[Need]:
    """Those of them that are executed as they are, and by no interpreter that is told to read them.

    What an entry point makes of its arguments is not known: that of redis takes a file for settings.
    """
    yield from _first(station)
    is_entered = station.container.overrides_entrypoint
    for script, step in _started(station.scripts):
        yield from _named(script, step, station) if is_entered or script.is_shell else ()
    for probe in _PROBES:
        asked = scripts_of(station.container, station.container.node[probe]["exec"]["command"])
        for script, step in _started(asked):
            yield from _named(script, step, station, Via.PROBE)


def _started(scripts: Sequence[ContainerScript]) -> Iterator[tuple[ContainerScript, Step]]:
    for script in scripts:
        for step in script.steps:
            context = step.command.context
            if context.is_certain and not context.guards and not context.is_checked and not context.is_elsewhere:
                yield script, step
            if not is_followed(script, step):
                return


def _of_image(station: Station) -> Iterator[Need]:
    """What the program of a known image starts."""
    known = known_image(station.container)
    for start in known.starts if known else ():
        if not _SETTINGS.fullmatch(start) or _is_still_read(start, station.container):
            yield Need(station.table, start, station.container.image, Via.PROGRAM)


def _first(station: Station) -> Iterator[Need]:
    """The first word of the command, also if it only starts another program."""
    nodes = [node for node in station.container.command if isinstance(node, Scalar)]
    path = station.container.words(nodes[:1])[0] if nodes else None
    if path and path.startswith("/") and "$(" not in path:
        yield Need(station.table, normal(path), nodes[0], Via.PROGRAM)


def _is_still_read(settings: str, container: Container) -> bool:
    """Whether no argument may tell a program to read other settings."""
    words = container.words(container.args)
    return not words or any(settings in (word or "") for word in words)


def _named(script: ContainerScript, step: Step, station: Station, via: Via = Via.PROGRAM) -> Iterator[Need]:
    """The program of a command, if that is called by its path."""
    command = step.command
    program = command.arguments[0] if command.arguments else None
    path = resolve(program.value, command.cwd).text if program and "/" in (program.text or "") else None
    if program and path:
        yield Need(station.table, normal(path), script.span(program.start, program.end), via, "", step)


def _read(script: ContainerScript, step: Step, station: Station) -> Iterator[Need]:
    """What an interpreter is told to read."""
    if step.command.name in _INTERPRETERS:
        for effect in step.meaning.effects:
            if effect.action is Action.READ and effect.path.text and not step.command.redirections:
                yield Need(station.table, effect.path.text, script.span(effect.start, effect.end), Via.PROGRAM)
