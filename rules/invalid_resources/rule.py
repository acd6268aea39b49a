"""Requests and limits, of a container or of the Pod itself, that the API server does not accept."""

from initlint.api import (
    ERROR,
    Amount,
    Container,
    Finding,
    Findings,
    Fix,
    Node,
    Objection,
    Part,
    Pod,
    Quantity,
    Related,
    Scalar,
    ScalarKind,
    amounts,
    edit,
    read_quantity,
    regex,
    resource_objections,
    rule,
)

# Three digits behind a comma may be thousands.
_MISSPELLED = regex(r"([0-9]+(?:\.[0-9]+|,[0-9]{1,2})?)\s*([A-Za-z]*)")
_SUFFIXES = ("m", "", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi")
_LOWER = {suffix.lower(): suffix for suffix in _SUFFIXES if suffix not in ("m", "M")}
_BYTES = {f"{suffix}b".lower(): suffix for suffix in _SUFFIXES if suffix not in ("m", "")}
_WORDS = {"core": "", "cores": "", "cpu": "", "cpus": "", "b": "", "bytes": "", "millicores": "m"}
_UNITS = {suffix: suffix for suffix in _SUFFIXES} | _LOWER | _BYTES | _WORDS


@rule("INIT404", "resources that the API server rejects", severity=ERROR)
def check(pod: Pod) -> Findings:
    workload = pod.workload
    for container, objection in resource_objections(pod):
        (container or pod).require(Part.RESOURCES)
        yield Finding(
            objection.where,
            f"{container or 'the Pod'} {objection.fact}: {workload.refusal(objection.noticed)}",
            defect=f"{container.path}.{objection.field}" if container else objection.field,
            rejected=workload.rejects(objection.noticed),
            fix=_fix(objection, container),
            help=objection.remedy,
            related=(Related(objection.related, "what it is compared with"),) if objection.related else (),
        )


def _fix(objection: Objection, container: Container | None) -> Fix | None:
    """Take what is written there already, or spell the unit as Kubernetes does."""
    if objection.related:
        is_nothing = read_quantity(objection.related) == Quantity(0)
        return None if is_nothing else _write(objection.where, _as_written(objection.related))
    if container and any(amount.name is objection.where and amount.must_equal_limit for amount in _requests(container)):
        return _limit(objection.where, container)
    meant = _spelled(objection.where.value)
    return _write(objection.where, meant) if meant not in ("", objection.where.value) else None


def _write(where: Node, quantity: str | int) -> Fix | None:
    return Fix.of(f"write `{quantity}`", edit.replace(where, quantity), reveals=("init-dominates",))


def _as_written(node: Node) -> str | int:
    """A number stays one."""
    is_number = isinstance(node, Scalar) and node.kind is ScalarKind.INTEGER and node.value.isdecimal()
    return int(node.value) if is_number else node.value


def _requests(container: Container) -> list[Amount]:
    return [amount for amount in amounts(container.node["resources"]) if amount.part == "requests"]


def _limit(where: Node, container: Container) -> Fix | None:
    """The limit that a request must have."""
    resources = container.node["resources"]
    request = resources["requests"][where.value]
    change = edit.insert(resources, {"limits": {where.value: _as_written(request)}}, after=("requests",))
    return Fix.of("set the same limit", change, reveals=("init-dominates",))


def _spelled(text: str) -> str:
    """The quantity that is meant by one with spaces, a `B`, a comma, or a unit in the wrong case; else nothing."""
    match = _MISSPELLED.fullmatch(text.strip())
    unit = _UNITS.get(match[2], _UNITS.get(match[2].lower())) if match else None
    return match[1].replace(",", ".") + unit if match and unit is not None else ""
