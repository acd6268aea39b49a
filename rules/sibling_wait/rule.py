"""A wait for what an app container of the same Pod serves: app containers start only after all init containers."""

from collections.abc import Iterator

from initlint.api import (
    ERROR,
    Asked,
    Container,
    Finding,
    Findings,
    Part,
    RegularInitContainer,
    Related,
    Role,
    Unknown,
    asked_of_pod,
    declared_ports,
    endless,
    is_served_by_then,
    may_be_injected,
    may_be_taken,
    rule,
    served_ports,
    sidecars_after,
    sidecars_before,
    vainly,
)


@rule("INIT503", "wait for a container of the same Pod", severity=ERROR, supersedes=("unbounded-wait", "self-wait"))
def check(container: RegularInitContainer) -> Findings:
    if container.pod.is_in_host_network:
        return
    found = [one for one in asked_of_pod(container) if _must_be_answered(one, container)]
    for asked in {one.port: one for one in reversed(found)}.values():
        if _has_no_answer(asked, container):
            container.pod.require(Part.CONTAINERS)
            container.require_as_written()
            yield _finding(container, asked)


def _must_be_answered(asked: Asked, container: Container) -> bool:
    """Whether the container waits for it, or asks once for what another container is known to serve."""
    if asked.wait:
        return not asked.wait.context.in_background
    return asked.asks and _server(asked, container) is not None


def _has_no_answer(asked: Asked, container: Container) -> bool:
    """Whether nothing that runs by then can answer: no sidecar, or only such as say that they serve other ports."""
    is_late = any(asked.port in served_ports(one) for one in sidecars_after(container))
    if is_late:
        return False
    server = _server(asked, container)
    if server and asked.port in declared_ports(server):  # no two containers of a Pod listen on one port
        return not may_be_taken(asked.port, container)
    if is_served_by_then(asked.port, container):
        return False
    if server is None:
        is_other = any(map(_is_meant_as_sidecar, _before(container)))
        return not (sidecars_before(container) or is_other or may_be_injected(asked.port, container))
    return True


def _before(container: Container) -> list[Container]:
    return container.pod.init_containers[: container.index]


def _is_meant_as_sidecar(container: Container) -> bool:
    """Whether an init container serves what is asked, and only lacks the policy of a sidecar: that is the defect."""
    if container.role is Role.SIDECAR:
        return False
    try:
        return bool(container.probes_and_hooks) or endless(container) is not None
    except Unknown:
        return True


def _server(asked: Asked, container: Container) -> Container | None:
    return next((one for one in container.pod.containers if asked.port in served_ports(one)), None)


def _finding(container: Container, asked: Asked) -> Finding:
    server = _server(asked, container)
    needs, who = "waits for" if asked.wait else "asks", _who(server, container)
    vain = vainly(asked.wait, container) if asked.wait else "nothing ever answers"
    return Finding(
        asked.where,
        f"{container} {needs} `{asked.text}`, {who}, so that {vain}",
        related=tuple(_declared(asked, server)),
        defect=asked.wait.defect if asked.wait else None,
        help="wait in the app container, or make what serves it a native sidecar that is listed before",
    )


def _who(server: Container | None, container: Container) -> str:
    """Who could answer, and when that starts."""
    if server:
        return f"which {server} serves: it starts only after all init containers"
    if sidecars_after(container):
        return "where only what starts later could serve it: sidecars behind it, and app containers"
    return "where only app containers could serve it: these start only after all init containers"


def _declared(asked: Asked, server: Container | None) -> Iterator[Related]:
    if server:
        yield Related(served_ports(server)[asked.port], f"{server} serves it")
