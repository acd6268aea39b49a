"""A sidecar that counts as started only once a later container runs, which waits for it to have started."""

from collections.abc import Iterator

from initlint.api import (
    ERROR,
    HIGH,
    MEDIUM,
    Container,
    Finding,
    Findings,
    Part,
    Related,
    Role,
    Scalar,
    SidecarContainer,
    Unstarted,
    regex,
    rule,
    unstarted,
)

_PORT_NAME = regex(r"(?=.*[a-z])[a-z0-9-]+")


@rule(
    "INIT109",
    "startupProbe that asks for what starts later",
    severity=ERROR,
    supersedes=("read-before-write",),
)
def check(container: SidecarContainer) -> Findings:
    if not container.node["startupProbe"]:
        return
    found = next(unstarted(container), None)
    if found:
        container.pod.require(Part.CONTAINERS)
        if found.path:
            container.pod.require(Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        yield _finding(container, found)
        return
    for port in _unnamed(container):
        container.pod.require(Part.CONTAINERS)
        yield Finding(
            port,
            f"the `startupProbe` of {container} asks for port `{port}`, and no port of this container has that name: "
            f"it never succeeds, and the Pod stays in `{container.init_status}`",
            help="call a port of this container so, or ask for its number",
        )


def _unnamed(sidecar: Container) -> Iterator[Scalar]:
    """Names that the kubelet looks up among the ports of the same container (pkg/probe/util.go)."""
    names = {port["name"].value for port in sidecar.node["ports"]}
    for handler in ("httpGet", "tcpSocket"):
        port = sidecar.node["startupProbe"][handler]["port"]
        if isinstance(port, Scalar) and _PORT_NAME.fullmatch(port.value) and port.value not in names:
            yield port


def _finding(sidecar: Container, found: Unstarted) -> Finding:
    if found.later is None:
        return _on_localhost(sidecar, found) if found.port else _unmade(sidecar, found)
    what = f"port {found.port}" if found.port else f"`{found.path}` on volume `{found.volume}`"
    does = "serves" if found.port else "writes" if found.said else "could write"
    related = [Related(found.said, f"{found.later} {does} it here")] if found.said else []
    return Finding(
        found.where,
        f"the `startupProbe` of {sidecar} asks for {what}, which only {found.later} {does}, and that starts only "
        f"when the probe has succeeded: neither ever starts, and the Pod stays in `{sidecar.init_status}`",
        related=tuple(related),
        confidence=HIGH if found.is_sure else MEDIUM,
        defect=f"localhost:{found.port}" if found.port else found.path,
        help=_remedy(sidecar, found.later),
    )


def _on_localhost(sidecar: Container, found: Unstarted) -> Finding:
    return Finding(
        found.where,
        f"the `startupProbe` of {sidecar} asks for port {found.port} at the address of the Pod, and its program "
        f"listens there on localhost alone: it never succeeds, and the Pod stays in `{sidecar.init_status}`",
        related=(Related(found.said, "it listens on this port"),) if found.said else (),
        defect=f"localhost:{found.port}",
        help="let it listen on `0.0.0.0`",
    )


def _unmade(sidecar: Container, found: Unstarted) -> Finding:
    return Finding(
        found.where,
        f"the `startupProbe` of {sidecar} asks for `{found.path}` on volume `{found.volume}`, which no container "
        f"writes: it never succeeds, and the Pod stays in `{sidecar.init_status}`",
        defect=found.path,
        help=f"ask for what `{sidecar.name}` itself writes or serves",
    )


def _remedy(sidecar: Container, later: Container) -> str:
    """Only what goes on running has probes of its own; what an init container writes can be there before."""
    other = f"list `{later.name}` before it" if later.role is Role.INIT else f"leave {later} to its own probes"
    return f"ask for what `{sidecar.name}` itself serves, {'or' if later.role is Role.INIT else 'and'} {other}"
