"""A quantity that Kubernetes reads, and that cannot be what is meant."""

from initlint.api import WARNING, Amount, Container, Finding, Findings, Fix, Part, Quantity, amounts, edit, regex, rule

# Nothing runs in less than a megabyte, or keeps its files in less than a block; no node has 64Ti, few have 500 cores.
_LEAST = {"memory": Quantity.of(10**6), "ephemeral-storage": Quantity.of(4096)}
_MOST = {"memory": Quantity.of(2**46), "cpu": Quantity.of(500)}
# The unit of the other resource, or none: what is meant by so little memory, and by so many cores.
_MEANT = {"memory": regex(r"([0-9]+)m"), "cpu": regex(r"([0-9]+)(?:Mi?)?")}
_UNIT = {"memory": "Mi", "cpu": "m"}
_UNITS = {
    "cpu": "give cores, such as `2`, or thousandths of one, such as `500m`",
    "memory": "give mebibytes, such as `512Mi`, or gibibytes, such as `2Gi`: a number alone is bytes, `m` a thousandth",
}


@rule("INIT405", "quantity that cannot be meant", severity=WARNING, supersedes=("init-dominates",))
def check(container: Container) -> Findings:
    written = amounts(container.node["resources"])
    for amount in written:
        doubt = _doubt(amount, any(other.part == "requests" and other.resource == amount.resource for other in written))
        if doubt:
            container.require(Part.RESOURCES)
            yield Finding(
                amount.value,
                f"{container} sets {amount}, {doubt}",
                defect=f"{container.path}.{amount.path}",
                fix=_fix(amount),
                help=_UNITS["cpu" if amount.resource == "cpu" else "memory"],
            )


def _doubt(amount: Amount, is_requested: bool) -> str:
    quantity, resource = amount.quantity, amount.resource
    if amount.is_digitless:
        return "a unit without a number: it counts as 0"
    if quantity is None or quantity <= Quantity(0):
        return ""
    if resource in _LEAST and quantity < _LEAST[resource]:
        return f"which is {_bytes(quantity)}: {_too_little(amount)}"
    if resource in _MOST and quantity >= _MOST[resource]:
        return f"which is {_count(quantity, resource)}: {_too_much(amount, is_requested)}"
    return ""


def _bytes(quantity: Quantity) -> str:
    if quantity.is_fractional:
        return f"{quantity.nano // 10**6:,} thousandths of a byte"
    return f"{quantity.units:,} byte" + ("s" if quantity.units > 1 else "")


def _count(quantity: Quantity, resource: str) -> str:
    return f"{quantity.units:,} cores" if resource == "cpu" else f"{quantity.units >> 40:,} tebibytes"


def _too_little(amount: Amount) -> str:
    return "nothing is reserved for it" if amount.part == "requests" else "it cannot run within that"


def _too_much(amount: Amount, is_requested: bool) -> str:
    if amount.part == "limits" and is_requested:
        return "it limits nothing"
    return "hardly any node has as much, and the Pod stays Pending"


def _fix(amount: Amount) -> Fix | None:
    """Another unit, where only one can be meant: a number alone does not say how many of what."""
    pattern = _MEANT.get(amount.resource)
    match = pattern.fullmatch(amount.value.value) if pattern else None
    if not match:
        return None
    meant = match[1] + _UNIT[amount.resource]
    return Fix.of(f"write `{meant}`", edit.replace(amount.value, meant), reveals=("init-dominates",))
