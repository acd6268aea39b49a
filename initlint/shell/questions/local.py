"""What a container asks of its own Pod's network: ports on localhost, in waits, in its environment and its arguments.

While init containers run, only sidecars that are listed before them can answer there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from initlint.finding import Where
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.injection import wants_injection
from initlint.programs import (
    EndlessProgram,
    default_port,
    local_ports,
    of_command,
    of_image,
    possible_ports,
    told_ports,
)
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Probe
from initlint.shell.container.images import UNKNOWN_IMAGE, image_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.questions.attempts import asked_once
from initlint.shell.questions.own import LOCAL, own_host, own_port
from initlint.shell.waiting.waits import Wait
from initlint.text.scalarkind import ScalarKind
from initlint.text.source import Span
from initlint.text.tree import Node, Scalar

_ADDRESS = regex(r"(?<![\w.-])(?:localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})(?!\d)")

# Ports of the sidecars of Istio, Linkerd, Dapr, Kuma and Consul.
_OF_MESHES = regex("150(?:0[0146]|2[01]|53|90)|41(?:4[03]|9[01])|3500|9901|19000")
# They ask nobody: what their words hold is for others.
_WRITING = frozenset({"awk", "cat", "echo", "envsubst", "gsed", "jq", "printf", "sed", "tee", "yq"})
# What has a program go on behind what starts it.
_STARTING = regex(r"start|--daemon(?:ize)?(?:=\w+)?|--fork|-D|--background")


class Asked(NamedTuple):
    """A port of the own Pod that a container needs.

    `wait` is None where it asks only once (`asks`), or is only told the address.
    """

    where: Where
    port: str
    text: str
    wait: Wait | None = None
    asks: bool = False


def asked_of_pod(container: Container) -> Iterator[Asked]:
    """The ports on localhost that a container waits for, those that it asks once, then those that it is told."""
    for script in scripts(container):
        for wait in script.waits:
            for step in wait.steps if not wait.is_for_absence else ():
                for found in _of_step(step, script, wait.start):
                    yield found._replace(where=script.span(wait.start, wait.end), wait=wait)
        yield from _asked_once(script)
    yield from _told(container)


def local_port(probe: Probe, script: ContainerScript) -> str | None:
    """The port of the own Pod that a script asks for; None if it asks for something else."""
    port = own_port(probe, script)
    return port if port and own_host(probe, script) else None


def _asked_once(script: ContainerScript) -> Iterator[Asked]:
    """What a command needs that must not fail: it does not ask again, and the script does not go on without it."""
    for step in asked_once(script):
        for found in _of_step(step, script, step.command.start):
            if not step.command.context.is_checked or script.fails_with(step.command):
                yield found._replace(asks=True)


def _of_step(step: Step, script: ContainerScript, start: int) -> Iterator[Asked]:
    for probe in step.meaning.probes:
        port = local_port(probe, script)
        if port and not _may_be_elsewhere(step, script) and not _may_serve_itself(script, start):
            yield Asked(script.span(probe.start, probe.end), port, f"{own_host(probe, script)}:{port}")


def _may_be_elsewhere(step: Step, script: ContainerScript) -> bool:
    """Whether a variable may name another host, where no word names one and the program assumes its own."""
    if not step.meaning.assumes_host:
        return False
    container, variables = script.container, step.meaning.variables
    if image_of(container) == UNKNOWN_IMAGE and of_image(container.image.value, [], container.known_env) is None:
        return True  # it may bring such a variable
    is_set = container.whole_env is None or not container.whole_env.keys().isdisjoint(variables)
    return is_set or any(f"{name}=" in script.script.text for name in variables)


def vainly(wait: Wait, container: Container) -> str:
    """What comes of a wait for what is not there, as messages say it: one with a limit ends without it."""
    if wait.is_once:
        return "it fails every time"
    if wait.is_unbounded:
        return f"the Pod stays in `{container.init_status}`"
    return "the wait always runs out"


def declared_ports(container: Container) -> dict[str, Node]:
    """The ports that a container says it listens on, by number."""
    found = (port["containerPort"] for port in container.node["ports"])
    return {node.value: node for node in found if isinstance(node, Scalar) and node.kind is ScalarKind.INTEGER}


def served_ports(container: Container) -> dict[str, Node]:
    """The ports that a container listens on, with what says so: those that its probes ask for, too."""
    said = _told_to_serve(container) | declared_ports(container)
    return _probed_ports(container) | said or _default_port(container) or _possible_ports(container)


def own_ports(container: Container) -> dict[str, Node]:
    """The ports that a container declares, and those that its program is told, else that of its image."""
    return _told_to_serve(container) | declared_ports(container) or _default_port(container)


def _default_port(container: Container) -> dict[str, Node]:
    is_plain = not container.overrides_entrypoint and not list(container.args) and not container.is_image_replaced
    port = default_port(container.image.value, container.whole_env) if is_plain else ""
    return {port: container.image} if port else {}


def _possible_ports(container: Container) -> dict[str, Node]:
    """The ports on one of which a proxy listens by what it stands for, 5432 of cloud-sql-proxy; not those of others."""
    words = [node.value for node in (*container.command, *container.args)]
    runs = None if container.is_image_replaced else _runs(container, words)
    possible = possible_ports(runs.program, words, container.whole_env) if runs else ()
    others = [own_ports(one) for one in container.pod.all_containers() if one is not container] if possible else []
    return {str(port): container.image for port in possible if not any(str(port) in one for one in others)}


def _runs(container: Container, words: Sequence[str]) -> EndlessProgram | None:
    """The known program that it runs for ever."""
    if list(container.command):
        return of_command(words, container.whole_env)
    return of_image(container.image.value, words, container.whole_env)


def _probed_ports(container: Container) -> dict[str, Node]:
    """The ports that the kubelet asks for; not one that another container of the Pod declares."""
    probes = [container.node[name] for name in ("startupProbe", "readinessProbe", "livenessProbe")]
    asked = [probe[kind] for probe in probes for kind in ("httpGet", "tcpSocket", "grpc") if not probe[kind]["host"]]
    found = {node["port"].value: node["port"] for node in asked if node["port"].value.isdecimal()}
    others = [declared_ports(one) for one in container.pod.all_containers() if one is not container] if found else []
    return {port: node for port, node in found.items() if not any(port in declared for declared in others)}


def _told_to_serve(container: Container) -> dict[str, Node]:
    """The ports that the words of a known program name: `--port=5432` of cloud-sql-proxy."""
    return _ports_told(container, told_ports)


def local_alone(container: Container) -> dict[str, Node]:
    """The ports on which its program listens on localhost alone, where the kubelet never gets an answer."""
    env = container.whole_env
    return _ports_told(container, local_ports) if env is not None and not any("ADDR" in name for name in env) else {}


def _ports_told(
    container: Container, ports: Callable[[str, Sequence[str]], Iterator[tuple[int, str]]]
) -> dict[str, Node]:
    nodes = [*container.command, *container.args]
    words = [node.value for node in nodes]
    runs = _runs(container, words)
    return {port: nodes[index] for index, port in ports(runs.program, words)} if runs else {}


def sidecars_before(container: Container) -> list[Container]:
    """The sidecars that have started when a container does."""
    listed = container.pod.init_containers
    before = listed[: container.index] if container.is_init else listed
    return [one for one in before if one.role is Role.SIDECAR]


def sidecars_after(container: Container) -> list[Container]:
    """The sidecars that start after an init container."""
    return [one for one in container.pod.init_containers[container.index + 1 :] if one.role is Role.SIDECAR]


def is_served_by_then(port: str, container: Container) -> bool:
    """Whether a sidecar that has started by then may serve a port: it declares that one, or does not say which."""
    ports = [declared_ports(one) for one in sidecars_before(container)]
    return any(port in declared or not declared for declared in ports)


def may_be_injected(port: str, container: Container) -> bool:
    """Whether what answers may be a sidecar that no manifest holds: a mesh's, or one that the Pod wants injected."""
    return bool(_OF_MESHES.fullmatch(port)) or wants_injection(container.pod.workload.pod_metadata)


def _may_serve_itself(script: ContainerScript, start: int) -> bool:
    """Whether something may run beside it that answers: what is in the background, a service, a program before."""
    return any(
        one.command.context.in_background or (one.command.start < start and (not one.meaning.is_known or _starts(one)))
        for one in script.steps
        if one.command.arguments
    )


def _starts(step: Step) -> bool:
    """`service postgresql start`, `mysqld --daemonize`; not what only says so."""
    is_said = step.command.is_call or step.command.name in ("echo", "printf", "logger")
    return not is_said and any(_STARTING.fullmatch(word or "") for word in step.command.words)


def _told(container: Container) -> Iterator[Asked]:
    yield from _told_apart(container)
    yield from _told_by_variables(container)
    values = [variable.value for variable in container.env if variable.is_literal]
    for node in (*container.command, *container.args, *values):
        for match in _ADDRESS.finditer(node.value) if isinstance(node, Scalar) else ():
            where = node.at(match.start(), match.end())
            if not any(span.start <= where.start < span.end for span in _printed(container)):
                yield Asked(where, match[1], match[0])


def _told_by_variables(container: Container) -> Iterator[Asked]:
    """What only other variables, or ConfigMaps, make an address: `redis://$(CACHE_HOST):6379`."""
    for where, value in container.told.values():
        for match in _ADDRESS.finditer(value):
            if match[0] not in where.value:
                yield Asked(where, match[1], match[0])


def _printed(container: Container) -> Iterator[Span]:
    """The places of what a script only prints, or writes, such as a configuration for another container."""
    for script in scripts(container):
        for command in script.commands or ():
            if command.words and command.words[0] in _WRITING:
                spans = (script.span(start, end) for start, end in _places(command))
                yield from (where for where in spans if isinstance(where, Span))


def _places(command: Command) -> Iterator[tuple[int, int]]:
    """Where a command stands in its script, with what is assigned for it, and the here-documents that it reads."""
    statement = command.statement
    yield statement.start, command.end
    for redirect in statement.redirects if isinstance(statement, syntax.Simple) else ():
        if redirect.target and redirect.operator.startswith("<<"):
            yield redirect.target.start, redirect.target.end


def _told_apart(container: Container) -> Iterator[Asked]:
    """A host and its port in variables of their own: `DB_HOST` and `DB_PORT`."""
    hosts = {name: host for name, (_, host) in container.told.items() if name.endswith("HOST") and host in LOCAL}
    for name, host in hosts.items():
        where, port = container.told.get(f"{name.removesuffix('HOST')}PORT", (container.where, ""))
        if port.isdecimal():
            yield Asked(where, port, f"{host}:{port}")
