"""An init container that needs a sidecar which is listed after it, and so starts after it."""

from initlint.api import (
    ERROR,
    HIGH,
    MEDIUM,
    WARNING,
    Asked,
    Container,
    Finding,
    Findings,
    Part,
    RegularInitContainer,
    Related,
    asked_of_pod,
    is_served_by_then,
    rule,
    served_ports,
    sidecars_after,
    vainly,
)


@rule("INIT108", "sidecar that is listed too late", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: RegularInitContainer) -> Findings:
    if container.pod.is_in_host_network:
        return
    seen = set[str]()
    for asked in asked_of_pod(container):
        late = _late(asked, container)
        if late and asked.port not in seen:
            seen.add(asked.port)
            container.pod.require(Part.CONTAINERS)
            yield _finding(container, asked, late)


def _late(asked: Asked, container: Container) -> Container | None:
    """The sidecar that serves it and starts later, if none that runs by then may serve it."""
    if is_served_by_then(asked.port, container):
        return None
    return next((one for one in sidecars_after(container) if asked.port in served_ports(one)), None)


def _finding(container: Container, asked: Asked, late: Container) -> Finding:
    needs = "waits for" if asked.wait else "asks" if asked.asks else "is told to use"
    vain = vainly(asked.wait, container) if asked.wait else "whatever it asks there fails"
    return Finding(
        asked.where,
        f"{container} {needs} `{asked.text}`, which {late} serves, and that starts only after it: {vain}",
        related=(Related(late.where, f"{late} is listed here"), Related(served_ports(late)[asked.port], "its port")),
        severity=ERROR if asked.wait or asked.asks else WARNING,
        confidence=HIGH if asked.wait or asked.asks else MEDIUM,
        defect=asked.wait.defect if asked.wait else f"localhost:{asked.port}",
        help=f"list `{late.name}` before `{container.name}`",
    )
