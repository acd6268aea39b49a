"""A sidecar that later containers need, and that counts as started as soon as its process runs."""

from collections.abc import Iterator

from initlint.api import (
    WARNING,
    Asked,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Part,
    Related,
    SidecarContainer,
    asked_of_pod,
    declared_ports,
    rule,
    scripts_of,
    served_ports,
)


@rule("INIT104", "sidecar that is needed and has no startupProbe", severity=WARNING)
def check(container: SidecarContainer) -> Findings:
    if container.node["startupProbe"] or _may_wait(container):
        return
    if container.pod.is_in_host_network:
        return  # any Pod of the node may answer on localhost
    needed = next(_needed(container), None)
    if needed:
        container.pod.require(Part.CONTAINERS)
        yield _finding(container, *needed)


def _may_wait(sidecar: Container) -> bool:
    """Whether it has a postStart hook that may wait until it is there: the next container starts only after it."""
    hook = sidecar.node["lifecycle"]["postStart"]
    words = hook["exec"]["command"]
    found = scripts_of(sidecar, words) if words else ()
    return bool(hook) and not (found and all(map(_ends_at_once, found)))


def _ends_at_once(script: ContainerScript) -> bool:
    """Whether all that it runs is known, and none of it takes time."""
    if script.commands is None or script.loops:
        return False
    meanings = [step.meaning for step in script.steps]
    return all(one.is_known and not (one.waits or one.probes or one.pauses) for one in meanings)


def _needed(sidecar: Container) -> Iterator[tuple[Container, Asked]]:
    """The later containers that need a port of the sidecar, and where they say so."""
    ports = served_ports(sidecar)
    for later in (*sidecar.pod.init_containers[sidecar.index + 1 :], *sidecar.pod.containers):
        if not declared_ports(later).keys() & ports.keys():
            yield from ((later, asked) for asked in asked_of_pod(later) if asked.port in ports)


def _finding(sidecar: Container, later: Container, asked: Asked) -> Finding:
    return Finding(
        sidecar.where,
        f"{sidecar} has no `startupProbe`, and {later} needs `{asked.text}` of it: "
        "the next container starts as soon as its process does, whether it listens by then or not",
        related=(Related(asked.where, f"{later} needs it here"),),
        defect=f"localhost:{asked.port}",
        help=f"add a `startupProbe` that asks for port {asked.port}",
    )
