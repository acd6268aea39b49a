"""A ResourceQuota or LimitRange of the input that refuses the Pod because of its init containers."""

from collections.abc import Iterator

from initlint.api import ERROR, Finding, Findings, Part, Place, Pod, QuotaBreach, Related, Where, breaches, rule


@rule("INIT406", "quota that init containers break", severity=ERROR, supersedes=("init-dominates",))
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
            related=tuple(Related(place, _allowing(first)) for place in _places([first, *others])),
            defect=_defect(first),
            help=_remedy(first, others),
        )


def _places(found: list[QuotaBreach]) -> Iterator[Place]:
    """Where the amounts stand that are broken."""
    yield from (one.demand.place for one in found if one.demand.place)


def _allowing(breach: QuotaBreach) -> str:
    by = breach.demand.owner
    if breach.amount is None:
        return f"{by} counts this, and so demands it of every container"
    return f"{by} {'sets this limit' if breach.demand.end == 'default' else 'has this bound'}"


def _where(breach: QuotaBreach) -> Where:
    """The amount; a limit is the request, too, where there is none (SetDefaults_Pod)."""
    container, demand = breach.container, breach.demand
    if breach.amount is None:
        return container.node.key("resources") or container.where
    resources = container.node["resources"]
    parts = (demand.part, "limits", "requests")
    return next((one for part in parts if (one := resources[part][demand.resource])), resources or container.where)


def _defect(breach: QuotaBreach) -> str:
    """By which `init-dominates` recognises the same amount; what is not said is none."""
    container, demand = breach.container, breach.demand
    resources = container.node["resources"]
    part = next((one for one in (demand.part, "limits", "requests") if resources[one][demand.resource]), "")
    return f"{container.path}.resources.{part}[{demand.resource}]" if part else f"{container.path}.{demand.what}"


def _fact(breach: QuotaBreach, others: list[QuotaBreach]) -> str:
    demand, resource = breach.demand, breach.demand.resource
    by, allowed = demand.owner, demand.amount.canonical(resource)
    if breach.amount is None:
        *before, last = (f"no {_named(one)}" for one in (breach, *others))
        missing = f"{', '.join(before)} and {last}" if before else last
        return f"sets {missing}, which {by} demands of every container"
    if breach.term:
        total, rest = (one.canonical(resource) for one in (breach.term.total, breach.rest))
        return f"makes the {_named(breach)} of the Pod {total}, where {by} allows {allowed} and the rest needs {rest}"
    own, is_limited = breach.amount.canonical(resource), bool(breach.container.node["resources"]["limits"][resource])
    match demand.end:
        case "maxLimitRequestRatio":
            return f"has a {resource} limit of {own}, where {by} allows {demand.amount} times its request at most"
        case "min":
            return f"has a {resource} request of {own}, where {by} wants at least {allowed}"
    if demand.end == "default" or not is_limited:
        return f"has a {resource} request of {own} and no limit, for which {by} sets {allowed}"
    return f"has a {resource} limit of {own}, where {by} wants at most {allowed}"


def _named(breach: QuotaBreach) -> str:
    return f"{breach.demand.resource} {'request' if breach.demand.part == 'requests' else 'limit'}"


def _remedy(breach: QuotaBreach, others: list[QuotaBreach]) -> str:
    if breach.amount is None:
        missing = ", ".join(f"`{one.demand.what}`" for one in (breach, *others))
        return f"set {missing} in its `resources`, or let a LimitRange set defaults"
    match breach.demand.end:
        case "min":
            return f"raise what the {breach.container.role} asks for"
        case "maxLimitRequestRatio":
            return f"bring the request and the limit of the {breach.container.role} nearer to each other"
        case "default":
            return f"set `{breach.demand.what}` in its `resources`, or lower what it asks for"
    return f"lower what the {breach.container.role} asks for"
