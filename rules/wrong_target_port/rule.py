"""A wait for a Service on a port that it does not expose: nothing ever answers there."""

from collections.abc import Iterable, Iterator, Sequence

from initlint.api import (
    ERROR,
    Asking,
    ContainerScript,
    Exposed,
    Finding,
    Findings,
    Probe,
    RegularInitContainer,
    Wait,
    apart,
    exposed,
    rule,
    scripts,
)


@rule("INIT506", "wait for a port that the Service does not expose", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: RegularInitContainer) -> Findings:
    for script in scripts(container):
        for wait in script.waits:
            yield from _wrong(script, wait)


def _wrong(script: ContainerScript, wait: Wait) -> Iterator[Finding]:
    """One finding for each place with a wrong port."""
    asked = [] if wait.is_for_absence else list(wait.certain(script.container.whole_env))
    rounds = [apart(several) for several in wait.rounds(asked)]
    found = {probe.start: (probe, service) for one in reversed(rounds) for probe, service in _unserved(script, one)}
    for probe, service in found.values():
        yield _finding(script, wait, probe, service)


def _unserved(script: ContainerScript, groups: Iterable[Sequence[Asking]]) -> Iterator[tuple[Probe, Exposed]]:
    """What is asked for in vain, unless the wait also asks for a right port, which may be enough."""
    asked = [[(probe, _service(script, probe)) for _, probe in group] for group in groups]
    known = [(probe, service) for group in asked for probe, service in group if service]
    served = {service.service for probe, service in known if probe.port and probe.port.text in service.ports}
    for group in asked:
        wrong = [(probe, service) for probe, service in group if service and service.service not in served]
        if len(wrong) == len(group):
            yield from wrong


def _service(script: ContainerScript, probe: Probe) -> Exposed | None:
    host, port = (value.text if value else None for value in (probe.host, probe.port))
    return exposed(script.container.pod, host) if host and port and port.isdecimal() else None


def _finding(script: ContainerScript, wait: Wait, probe: Probe, service: Exposed) -> Finding:
    script.container.require_as_written()
    port = probe.port.known if probe.port else ""
    ports = [f"`{one}`" for one in service.ports]
    behind = ", which is a port of the Pods behind it" if port in service.targets else ""
    return Finding(
        script.span(probe.start, probe.end),
        f"{script.container} waits for Service `{service.service}` on port `{port}`{behind}, "
        f"but it exposes {' and '.join(ports)} only: nothing answers there, and the wait never succeeds",
        defect=wait.defect,
        help=f"wait for port {' or '.join(ports)}, or let the Service expose `{port}`",
    )
