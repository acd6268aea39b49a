"""An init container or sidecar that keeps a Pod from the class that its app containers alone would give it."""

from initlint.api import WARNING, Container, Finding, Findings, Node, Related, costs_class, limited, requested, rule


@rule("INIT403", "class Guaranteed lost to an init container", severity=WARNING)
def check(container: Container) -> Findings:
    resources = costs_class(container)
    if resources:
        facts = " and ".join(_fact(container, resource) for resource in resources)
        apps = container.pod.containers
        yield Finding(
            _where(container, resources),
            f"{container} {facts}: the Pod is Burstable, not Guaranteed, and is evicted before those that are",
            related=tuple(Related(app.node.key("resources"), f"{app} alone would make it Guaranteed") for app in apps),
            defect="resources",
            help=f"set a limit for {' and '.join(resources)}, and the same request or none",
        )


def _fact(container: Container, resource: str) -> str:
    request, limit = requested(container).get(resource), limited(container).get(resource)
    if not request or not limit:
        return f"sets no {resource} limit"
    return f"requests {resource} {request.canonical(resource)} with a limit of {limit.canonical(resource)}"


def _where(container: Container, resources: list[str]) -> Node:
    """The first request that is not its limit, else what holds them."""
    written = container.node["resources"]["requests"]
    lower = [written[name] for name in resources if name in limited(container) and written[name]]
    return lower[0] if lower else container.node.key("resources") or container.where
