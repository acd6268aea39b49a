"""A ResourceQuota or LimitRange of the input that refuses the Pod because of its init containers."""

from initlint.api import ERROR, Container, Finding, Findings, Node, Part, Pod, QuotaBreach, Where, breaches, rule


@rule("INIT406", "quota that init containers break", severity=ERROR)
def check(pod: Pod) -> Findings:
    found: dict[tuple[object, ...], list[QuotaBreach]] = {}
    for breach in breaches(pod):
        pod.require(Part.CONTAINERS, Part.RESOURCES)
        # What is not said at all is one finding for each quota.
        what = breach.demand.what if breach.amount else ""
        found.setdefault((breach.container.index, breach.demand.kind, breach.demand.name, what), []).append(breach)
    workload = pod.workload
    then = "the API server rejects it" if workload.kind == "Pod" else f"no Pod of the {workload.kind} is created"
    for first, *others in found.values():
        yield Finding(
            _where(first),
            f"{first.container} {_fact(first, others)}: {then}",
            defect=f"{first.container.path}.{first.demand.what}",
            help=_remedy(first, others),
        )


def _where(breach: QuotaBreach) -> Where:
    container, demand = breach.container, breach.demand
    if breach.amount is None:
        return container.node.key("resources") or container.where
    return _written(container, demand.part, demand.resource)


def _written(container: Container, part: str, resource: str) -> Node:
    """The amount; a limit is the request, too, where there is none (SetDefaults_Pod)."""
    resources = container.node["resources"]
    return resources[part][resource] or resources["limits"][resource]


def _fact(breach: QuotaBreach, others: list[QuotaBreach]) -> str:
    demand, resource = breach.demand, breach.demand.resource
    by, allowed = f"{demand.kind} `{demand.name}`", demand.amount.canonical(resource)
    if breach.amount is None:
        missing = " and no ".join(_named(one) for one in (breach, *others))
        return f"sets no {missing}, which {by} demands of every container"
    if breach.term:
        total, running = (one.canonical(resource) for one in (breach.term.total, breach.term.running))
        return (
            f"makes the {_named(breach)} of the Pod {total}, where {by} allows {allowed} and the rest needs {running}"
        )
    own, end = breach.amount.canonical(resource), "at least" if breach.at_least else "at most"
    return f"has a {_named(breach)} of {own}, where {by} wants {end} {allowed}"


def _named(breach: QuotaBreach) -> str:
    return f"{breach.demand.resource} {'request' if breach.demand.part == 'requests' else 'limit'}"


def _remedy(breach: QuotaBreach, others: list[QuotaBreach]) -> str:
    if breach.amount is None:
        missing = ", ".join(f"`{one.demand.what}`" for one in (breach, *others))
        return f"set {missing} in its `resources`, or let a LimitRange set defaults"
    return f"{'raise' if breach.at_least else 'lower'} what the init container asks for"
