"""An init container or sidecar that keeps a Pod from the class that its app containers alone would give it."""

from collections.abc import Iterator

from initlint.api import (
    WARNING,
    Container,
    Default,
    Finding,
    Findings,
    Node,
    Related,
    costs_class,
    limited,
    requested,
    rule,
)


@rule("INIT403", "class Guaranteed lost to an init container", severity=WARNING)
def check(container: Container) -> Findings:
    resources = costs_class(container)
    if resources:
        facts = " and ".join(_fact(container, resource) for resource in resources)
        apps = container.pod.containers
        yield Finding(
            _where(container, resources),
            f"{container} {facts}: the Pod is Burstable, not Guaranteed, and is evicted before those that are",
            related=(
                *(Related(_resources_of(app), f"{app} alone would make it Guaranteed") for app in apps),
                *_told(container, resources),
            ),
            defect="resources",
            help=f"set a limit for {' and '.join(resources)}, and the same request or none",
        )


def _fact(container: Container, resource: str) -> str:
    request, limit = requested(container).get(resource), limited(container).get(resource)
    if not request or not limit:
        return f"sets no {resource} limit"
    least, most = request.canonical(resource), limit.canonical(resource)
    given = _given(container, resource)
    if "requests" in given:
        return f"is given {resource} {least} with a limit of {most} by {given['requests'].owner}"
    which = f"the limit of {most} that {given['limits'].owner} sets" if given else f"a limit of {most}"
    return f"requests {resource} {least} with {which}"


def _given(container: Container, resource: str) -> dict[str, Default]:
    """What LimitRanges set where it does not; a limit that it sets is its request, too (SetDefaults_Pod)."""
    written, defaults = container.node["resources"], container.pod.defaults
    if written["limits"][resource]:
        return {}
    parts = (part for part in ("requests", "limits") if not written[part][resource])
    return {part: one for part in parts if (one := defaults.get(f"{part}.{resource}"))}


def _told(container: Container, resources: list[str]) -> Iterator[Related]:
    for resource in resources:
        for one in _given(container, resource).values():
            if one.place:
                yield Related(one.place, f"{one.owner} sets this")


def _where(container: Container, resources: list[str]) -> Node:
    """The first request that is not its limit, else what holds them."""
    written = container.node["resources"]["requests"]
    lower = [written[name] for name in resources if name in limited(container) and written[name]]
    return lower[0] if lower else _resources_of(container)


def _resources_of(container: Container) -> Node:
    return container.node.key("resources") or container.where
