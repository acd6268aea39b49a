"""What LimitRanges of the input set in a container that does not say how much it needs (LimitRanger)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from initlint.finding import Place
from initlint.kube.terms.cluster import CONTAINER_LIMITS, Offer, titled
from initlint.kube.terms.quantity import Quantity, parse
from initlint.text.source import Span
from initlint.text.tree import Node

if TYPE_CHECKING:
    from initlint.kube.pods.pod import Pod


class Default(NamedTuple):
    """What a LimitRange sets, where that stands, and how it is called.

    `amount` is None where it is not known: the LimitRange may be that of another namespace, or another one differs.
    """

    amount: Quantity | None
    name: str = ""
    place: Place | None = None

    @property
    def owner(self) -> str:
        """The LimitRange, as messages name it."""
        return titled("LimitRange", self.name)


def offer(root: Node) -> Offer:
    """What a LimitRange offers to containers that say nothing, each amount with its place."""
    metadata, facts = root["metadata"], dict[str, Node]()
    for item in root["spec"]["limits"]:
        if item["type"].value == "Container":
            facts.update(_given(item))
    listed = (amount_fact(what, facts[what]) for what in sorted(facts))
    namespace, name = metadata["namespace"].value or None, metadata["name"].value
    return Offer(CONTAINER_LIMITS, namespace, name, (root["kind"].value, *listed), by=root.source.path)


def _given(item: Node) -> Iterator[tuple[str, Node]]:
    """What it sets, the last that counts: `max` is the default limit, that or `min` the request (SetDefaults_…)."""
    for part, keys in (("limits", ("max", "default")), ("requests", ("min", "max", "default", "defaultRequest"))):
        yield from ((f"{part}.{resource.value}", amount) for key in keys for resource, amount in item[key].items())


def amount_fact(what: str, amount: Node) -> str:
    """An amount and its place, for an offer to hold."""
    return f"{what}={amount.value}={amount.start}={amount.end}"


def place_of(pod: Pod, one: Offer, span: list[str]) -> Place | None:
    """Where an amount of an offer stands, if its source is at hand."""
    source = pod.node.source if one.by == pod.node.source.path else one.source
    start, end = map(int, span)
    return Place(source, Span(start, end)) if source else None


def defaults(pod: Pod) -> Mapping[str, Default]:
    """What is set in containers of a Pod, by what they do not say, as `limits.memory`."""
    namespace = pod.workload.ref.namespace
    perhaps = pod.cluster.ask(CONTAINER_LIMITS, namespace)
    surely = pod.cluster.ask(CONTAINER_LIMITS, namespace, None, pod.node.source.path) if perhaps else ()
    found: dict[str, Default] = {}
    for one in perhaps:
        for what, text, *span in (told.rsplit("=", 3) for told in one.facts[1:]):
            amount = parse(text) if one in surely and not pod.resources else None
            new = Default(amount and amount.rounded(), one.name, place_of(pod, one, span))
            found[what] = new if found.get(what, new).amount == new.amount else Default(None)
    return found
