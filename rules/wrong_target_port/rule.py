"""A wait for a Service on a port that it does not expose: nothing ever answers there."""

from collections.abc import Iterator, Sequence

from initlint.api import (
    ERROR,
    Asking,
    ContainerScript,
    Exposed,
    Finding,
    Findings,
    Probe,
    RegularInitContainer,
    Related,
    Wait,
    attempts,
    exposed,
    needed,
    rule,
    scripts,
)


@rule("INIT506", "wait for a port that the Service does not expose", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: RegularInitContainer) -> Findings:
    for script in scripts(container):
        for wait in (*script.waits, *attempts(script)):
            yield from _wrong(script, wait)


def _wrong(script: ContainerScript, wait: Wait) -> Iterator[Finding]:
    """One finding for each place with a wrong port."""
    asked = [] if wait.is_for_absence else list(wait.certain(script.container.whole_env))
    groups = [group for several in wait.rounds(asked) for group in needed(wait, several)]
    found = {probe.start: (probe, service) for group in reversed(groups) for probe, service in _unserved(script, group)}
    for probe, service in found.values():
        yield _finding(script, wait, probe, service)


def _unserved(script: ContainerScript, group: Sequence[Asking]) -> Iterator[tuple[Probe, Exposed]]:
    """What is asked for in vain, unless the wait asks for something else instead, which may be enough."""
    known = [(probe, _service(script, probe)) for _, probe in group]
    wrong = [(probe, service) for probe, service in known if service and not _serves(service, probe)]
    if len(wrong) == len(group):
        yield from wrong


def _serves(service: Exposed, probe: Probe) -> bool:
    """Whether a Service leads somewhere from the port that is asked for."""
    port = probe.port.text if probe.port else None
    return port in service.ports and port not in service.unserved


def _service(script: ContainerScript, probe: Probe) -> Exposed | None:
    host, port = (value.text if value else None for value in (probe.host, probe.port))
    service = exposed(script.container.pod, host) if host and port and port.isdecimal() else None
    return service if service and not service.is_headless else None


def _finding(script: ContainerScript, wait: Wait, probe: Probe, service: Exposed) -> Finding:
    script.container.require_as_written()
    port = probe.port.known if probe.port else ""
    if port in service.unserved:
        return _unnamed(script, wait, probe, service)
    ports = [f"`{one}`" for one in service.ports]
    behind = ", which is a port of the Pods behind it" if port in service.targets else ""
    others = f"{'ask' if wait.is_once else 'wait'} for port {' or '.join(ports)}, or " if ports else ""
    return Finding(
        script.span(probe.start, probe.end),
        f"{_asking(script, wait)} Service `{service.service}` on port `{port}`{behind}, "
        f"{_exposed(service, port, ports)}: nothing answers there, and {_vain(wait)}",
        related=_declared(service),
        defect=wait.defect,
        help=f"{others}let the Service expose `{port}`{' for TCP' if port in service.datagrams else ''}",
    )


def _exposed(service: Exposed, port: str, ports: Sequence[str]) -> str:
    """What the Service exposes instead."""
    if port in service.datagrams:
        return "which it exposes for UDP only"
    patched = ", as a kustomization patches it" if service.is_patched else ""
    return f"but it exposes {' and '.join(ports or [f'`{one}` for UDP' for one in service.datagrams])} only{patched}"


def _declared(service: Exposed) -> tuple[Related, ...]:
    """Where the Service says its ports."""
    what = f"Service `{service.service}` is declared here{', and patched' if service.is_patched else ''}"
    return tuple(Related(place, what) for place in service.places)


def _unnamed(script: ContainerScript, wait: Wait, probe: Probe, service: Exposed) -> Finding:
    """Of a port that the Service exposes: what it stands for is not there."""
    port = probe.port.known if probe.port else ""
    name = service.unserved[port]
    return Finding(
        script.span(probe.start, probe.end),
        f"{_asking(script, wait)} Service `{service.service}` on port `{port}`, whose `targetPort` "
        f"`{name}` is the name of no TCP port of the Pods behind it: nothing answers there, and {_vain(wait)}",
        related=_declared(service),
        defect=wait.defect,
        help=f"call a port of the Pods `{name}`, or let the `targetPort` say its number",
    )


def _asking(script: ContainerScript, wait: Wait) -> str:
    return f"{script.container} {'asks' if wait.is_once else 'waits for'}"


def _vain(wait: Wait) -> str:
    return "it fails every time" if wait.is_once else "the wait never succeeds"
