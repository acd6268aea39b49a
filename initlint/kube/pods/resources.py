"""What a container or a Pod sets of each resource, and what the API server asks of names and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from initlint.kube.pods.container import Container
from initlint.kube.pods.pod import Pod
from initlint.kube.pods.startup import effective
from initlint.kube.terms.objection import Noticed, Objection, one_of
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.quantity import ZERO, Quantity, parse, read_quantity
from initlint.kube.terms.resourcenames import HUGE_PAGES, is_for_pods, is_huge_pages, is_native
from initlint.regex import regex
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Node, Scalar

STANDARD = ("cpu", "memory", "ephemeral-storage")
_POD_LEVEL = ("cpu", "memory", "hugepages-2Mi")
_EMPTY = '""'
_ONE = Quantity.of(1)
# IsQualifiedName of apimachinery, whose prefix is a DNS subdomain.
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_QUALIFIED = regex(rf"(?P<domain>{_LABEL}(?:\.{_LABEL})*)/[A-Za-z0-9](?:[-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?")
# Words and what has an exponent are left alone: the former may be replaced, the latter be beyond what is read.
_MEANT_AS_NUMBER = regex(r"(?:[-+.0-9].*)?", re.DOTALL)
_SCIENTIFIC = regex(r"[-+.0-9]*[eE][-+]?[0-9]+")
_ACCELERATOR = regex(r"/.*(?:gpu|tpu|npu|mig-|neuron|gaudi|hpu|fpga|xpu)|^cloud-tpus\.google\.com/")


@dataclass(frozen=True, eq=False)
class Amount:
    """One entry of `requests` or `limits`."""

    part: str
    name: Scalar
    value: Node

    def __str__(self) -> str:
        return f"`{self.part}.{self.name}: {self.value.value or _EMPTY}`"

    @property
    def path(self) -> str:
        """The field's path, as the API server names it."""
        return f"resources.{self.part}[{self.name}]"

    @property
    def resource(self) -> str:
        """The resource's name."""
        return self.name.value

    @cached_property
    def quantity(self) -> Quantity | None:
        """How much, as the API server stores it; None if that is not known, or no quantity."""
        quantity = read_quantity(self.value)
        return quantity and quantity.rounded()

    @property
    def is_malformed(self) -> bool:
        """Whether it is meant as a quantity and is none (ParseQuantity)."""
        if not isinstance(self.value, Scalar) or self.value.kind in (ScalarKind.NULL, ScalarKind.BOOLEAN):
            return False
        text = self.value.value
        judged = _MEANT_AS_NUMBER.fullmatch(text) and not _SCIENTIFIC.fullmatch(text) and not is_placeholder(text)
        return bool(judged) and read_quantity(self.value) is None

    @property
    def is_digitless(self) -> bool:
        """Whether it is a unit without a number, which is read as zero."""
        written = isinstance(self.value, Scalar) and self.value.kind is ScalarKind.STRING
        return written and self.quantity == ZERO and not re.search("[0-9]", self.value.value)

    @property
    def is_for_containers(self) -> bool:
        """Whether a container can have such a resource (validateContainerResourceName)."""
        name = self.resource
        qualified = _QUALIFIED.fullmatch(name)
        named = qualified and (is_native(name) or not name.startswith("requests."))
        return bool(named) or name in STANDARD or is_huge_pages(name) or is_placeholder(name)

    @property
    def is_for_pods(self) -> bool:
        """Whether a Pod can have such a resource for all its containers together."""
        return is_for_pods(self.resource) or is_placeholder(self.resource)

    @property
    def is_huge_pages(self) -> bool:
        """Whether it is memory in huge pages."""
        return is_huge_pages(self.resource)

    @property
    def must_equal_limit(self) -> bool:
        """Whether a request must have a limit, and be equal to it (IsOvercommitAllowed)."""
        return self.is_huge_pages or not is_native(self.resource)

    @property
    def unit(self) -> Quantity | None:
        """What it must be a multiple of: one device, or one huge page; None if any amount will do."""
        if self.is_huge_pages:
            size = parse(self.resource.removeprefix(HUGE_PAGES))
            return size if size and size > ZERO else None
        return None if is_native(self.resource) else _ONE

    @property
    def is_divisible(self) -> bool:
        """Whether it is a whole number of its units."""
        return self.quantity is None or self.unit is None or self.quantity.nano % self.unit.nano == 0


def amounts(resources: Node) -> list[Amount]:
    """Everything that a `resources` sets, requests first."""
    return [Amount(part, name, value) for part in ("requests", "limits") for name, value in resources[part].items()]


def accelerator(pod: Pod) -> str | None:
    """The first kind of device, such as `nvidia.com/gpu`, that the Pod holds from its start to its end."""
    resources = (container.node["resources"] for container in pod.all_containers())
    names = (amount.name.value for one in resources for amount in amounts(one))
    return next((name for name in names if _ACCELERATOR.search(name)), None)


def resource_objections(pod: Pod) -> Iterator[tuple[Container | None, Objection]]:
    """What the API server refuses in the resources of a Pod's containers, and of the Pod itself, which is None.

    May raise Unknown once it has told what is known.
    """
    for container in (*pod.init_containers, *pod.containers):
        written = container.node["resources"]
        for objection in (*_within(written, of_pod=False), *([] if pod.resources else _lonely_pages(written))):
            yield container, objection
    for objection in _within(pod.resources, of_pod=True):
        yield None, objection
    if own := amounts(pod.resources):
        yield from _beyond_pod(pod, own)
        yield from ((None, objection) for objection in _below_containers(pod, own))


def _within(resources: Node, *, of_pod: bool) -> Iterator[Objection]:
    """What is wrong by itself (validateResourceRequirements)."""
    written = amounts(resources)
    limits = {amount.resource: amount for amount in written if amount.part == "limits"}
    for amount in written:
        yield from _to_amount(amount, of_pod)
        if amount.part == "requests":
            yield from _to_request(amount, limits.get(amount.resource))


def _lonely_pages(resources: Node) -> Iterator[Objection]:
    """Huge pages need cpu or memory; what the Pod's own resources change about that is not recorded."""
    written = amounts(resources)
    pages = [amount for amount in written if amount.is_huge_pages]
    if pages and not {"cpu", "memory"} & {amount.resource for amount in written}:
        fact = f"sets {pages[0]} without cpu or memory, which huge pages need beside them"
        yield Objection(pages[0].name, "resources", fact, "request memory, too")


def _to_amount(amount: Amount, of_pod: bool) -> Iterator[Objection]:
    if not (amount.is_for_pods if of_pod else amount.is_for_containers):
        owner, names = ("Pod", _POD_LEVEL) if of_pod else ("container", (*STANDARD, "nvidia.com/gpu"))
        fact, remedy = (
            f"sets {amount}, which is no resource that a {owner} can have",
            f"name one such as {one_of(names)}",
        )
        yield Objection(amount.name, amount.path, fact, remedy)
    elif amount.is_malformed:
        fact = f"sets {amount}, which is no quantity"
        remedy = "write a number and a unit, such as `500m`, `1.5`, `512Mi` or `2G`, without a space or a `B`"
        yield Objection(amount.value, amount.path, fact, remedy, noticed=Noticed.ALWAYS)
    elif amount.quantity is not None and amount.quantity < ZERO:
        yield Objection(amount.value, amount.path, f"sets {amount}, which is less than zero", "drop the minus sign")
    elif not amount.is_divisible:
        whole = "multiple of the page size" if amount.is_huge_pages else "whole number"
        yield Objection(amount.value, amount.path, f"sets {amount}, which is no {whole}", f"set a {whole}")


def _to_request(request: Amount, limit: Amount | None) -> Iterator[Objection]:
    if limit is None and request.must_equal_limit:
        fact = f"sets {request} without a limit, which this resource must have"
        yield Objection(request.name, request.path, fact, f"set the same under `limits.{request.resource}`")
    if limit is None or request.quantity is None or limit.quantity is None:
        return
    if request.must_equal_limit and request.quantity != limit.quantity:
        fact = f"sets {request}, where the limit is `{limit.value}` and must be the same"
        yield Objection(request.value, request.path, fact, "make request and limit equal", related=limit.value)
    elif request.quantity > limit.quantity:
        fact = f"sets {request}, above the limit of `{limit.value}`"
        yield Objection(request.value, request.path, fact, "lower the request, or raise the limit", related=limit.value)


def _beyond_pod(pod: Pod, own: list[Amount]) -> Iterator[tuple[Container, Objection]]:
    """Limits of app containers above the Pod's own; those of init containers and sidecars are not checked."""
    most = {amount.resource: amount for amount in own if amount.part == "limits"}
    for container in pod.containers:
        for limit in amounts(container.node["resources"]):
            bound = most.get(limit.resource) if limit.part == "limits" else None
            if bound and bound.quantity and limit.quantity and limit.quantity > bound.quantity:
                fact = f"sets {limit}, above the Pod's own limit of `{bound.value}`"
                remedy = "lower it, or raise the Pod's own limit"
                yield container, Objection(limit.value, limit.path, fact, remedy, related=bound.value)


def _below_containers(pod: Pod, own: list[Amount]) -> Iterator[Objection]:
    """The Pod's own request, or the limit where that becomes its request, has to cover what its containers need."""
    terms = effective(pod).requests
    asked = {amount.resource for amount in own if amount.part == "requests"}
    for amount in own:
        term = terms.get(amount.resource)
        if term and amount.quantity is not None and (amount.part == "requests" or amount.resource not in asked):
            needed = max(term.running, term.peak.total if term.peak else ZERO)
            if amount.quantity < needed:
                together = needed.canonical(amount.resource)
                fact = f"sets {amount}, below the {together} that its containers request together"
                remedy = f"set at least `{together}`, or request less in the containers"
                yield Objection(amount.value, amount.path, fact, remedy, noticed=_noticed(pod, amount))


def _noticed(pod: Pod, amount: Amount) -> Noticed:
    """A template's requests are not defaulted, and are compared as they are written."""
    written = [amounts(container.node["resources"]) for container in (*pod.init_containers, *pod.containers)]
    parts = [{one.part for one in each if one.resource == amount.resource} for each in written]
    is_written = amount.part == "requests" and all(part != {"limits"} for part in parts)
    return Noticed.IN_TEMPLATES if is_written else Noticed.IN_PODS
