"""A wait by the nslookup of busybox for a name without its domain: it fails whether there is such a name or not."""

from collections.abc import Iterator

from initlint.api import (
    ERROR,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Probe,
    RegularInitContainer,
    Step,
    Wait,
    asks_cluster,
    attempts,
    exposed,
    image_of,
    is_placeholder,
    needed,
    rule,
    scripts,
    vainly,
)

_INSTALLING = ("apk", "apt-get", "apt")


@rule("INIT512", "nslookup that fails whatever is there", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: RegularInitContainer) -> Findings:
    if image_of(container).lookup and asks_cluster(container.pod):
        for script in scripts(container):
            # Another nslookup may be installed: that of bind.
            if not any(step.command.name in _INSTALLING for step in script.steps):
                for wait in (*script.waits, *attempts(script)):
                    yield from _failing(script, wait)


def _failing(script: ContainerScript, wait: Wait) -> Iterator[Finding]:
    """One finding for each name without which the wait does not end."""
    asked = [] if wait.is_for_absence else list(wait.certain(script.container.whole_env))
    groups = [group for several in wait.rounds(asked) for group in needed(wait, several)]
    found = {probe.start: probe for group in groups if all(_fails(script, *one) for one in group) for _, probe in group}
    for probe in found.values():
        yield _finding(script, wait, probe)


def _fails(script: ContainerScript, step: Step, probe: Probe) -> bool:
    """Whether nslookup is asked for such a name, and its status decides."""
    context, host = step.command.context, probe.host.text if probe.host else None
    is_alone = context.stage[1] == 1 and not context.in_substitution
    return step.command.name == "nslookup" and is_alone and bool(host) and _is_short(script.container, host or "")


def _is_short(container: Container, host: str) -> bool:
    """Whether only a search domain makes the name of a Service, or of a Pod of it, a whole one."""
    if "." not in host:
        return image_of(container).lookup == "short" and host != "localhost" and not is_placeholder(host)
    if host.endswith(".") or ".svc." in host:
        return False
    _, _, rest = host.partition(".")
    service = exposed(container.pod, rest)
    is_of_pod = service is not None and service.is_headless
    return is_of_pod or exposed(container.pod, host) is not None or (host.endswith(".svc") and not is_placeholder(host))


def _finding(script: ContainerScript, wait: Wait, probe: Probe) -> Finding:
    container, host = script.container, probe.host.known if probe.host else ""
    container.require_as_written()
    why = (
        "looks in no search domain where a name has a dot"
        if "." in host
        else "fails if any of the search domains does not know the name, and that of the cluster itself never does"
    )
    return Finding(
        script.span(probe.start, probe.end),
        f"{container} asks for `{host}` by the nslookup of `{container.image}`, which {why}: "
        f"it fails whatever is there, and {'so does the container' if wait.is_once else vainly(wait, container)}",
        defect=wait.defect,
        help="write the whole name, `<service>.<namespace>.svc.cluster.local`, or connect to it: `nc -z`, `wget`",
    )
