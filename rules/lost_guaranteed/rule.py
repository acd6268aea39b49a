"""An init container or sidecar that keeps a Pod from the class that its app containers alone would give it."""

from collections.abc import Iterator

from initlint.api import (
    WARNING,
    Container,
    Default,
    Finding,
    Findings,
    Node,
    Quantity,
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
        apps = container.pod.containers
        yield Finding(
            _where(container, resources),
            f"{container} {_facts(container, resources)}: the Pod is Burstable, not Guaranteed, and is evicted before "
            "those that are",
            related=(
                *(Related(_resources_of(app), f"{app} alone would make it Guaranteed") for app in apps),
                *_told(container, resources),
            ),
            defect="resources",
            help=f"set a limit for {' and '.join(resources)}, and the same request or none",
        )


def _facts(container: Container, resources: list[str]) -> str:
    """What each of them is; what one LimitRange gives is said together."""
    limits = limited(container)
    given = [_given(container, one).get("requests") if limits.get(one) else None for one in resources]
    owners = {one.owner if one else "" for one in given}
    if "" in owners or len(owners) > 1:
        return " and ".join(_fact(container, resource) for resource in resources)
    amounts = " and ".join(_amounts(container, resource) for resource in resources)
    return f"is given {amounts} by {owners.pop()}"


def _fact(container: Container, resource: str) -> str:
    if not requested(container).get(resource) or not limited(container).get(resource):
        return f"sets no {resource} limit"
    given, amounts = _given(container, resource), _amounts(container, resource)
    if "requests" in given:
        return f"is given {amounts} by {given['requests'].owner}"
    return f"requests {amounts}" + (f", which {given['limits'].owner} sets" if given else "")


def _amounts(container: Container, resource: str) -> str:
    request, limit = requested(container)[resource], limited(container)[resource]
    return f"{resource} {_shown(request, resource)} with a limit of {_shown(limit, resource)}"


def _shown(amount: Quantity | None, resource: str) -> str:
    return amount.canonical(resource) if amount else "0"


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
