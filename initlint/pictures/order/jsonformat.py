"""The start-up of Pods for programs: one JSON object, in which null is what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from initlint.kube.pods.container import Role
from initlint.kube.pods.startup import Effective, Term
from initlint.pictures.encode import encode_object, encode_place
from initlint.pictures.order import words
from initlint.pictures.order.model import Phase, PodOrder
from initlint.reporters import Display
from initlint.reporters.encode import encode, whole

VERSION = 1
_ROLES = {Role.INIT: "init", Role.SIDECAR: "sidecar", Role.MAIN: "app"}


def render(orders: Sequence[PodOrder], display: Display) -> str:
    """The text of the object."""
    return encode({"version": VERSION, "pods": [_pod(one) for one in orders]}, indent=2, encoding=display.encoding)


def _pod(order: PodOrder) -> Mapping[str, object]:
    costs = order.effective
    return {
        "object": encode_object(order.object),
        "place": encode_place(order.path, order.start),
        "phases": [_phase(phase) for phase in order.phases],
        "effective": _effective(costs) if costs and costs.overhead_is_known else None,
        "qos": str(costs.qos) if costs and costs.qos else None,
    }


def _phase(phase: Phase) -> Mapping[str, object]:
    return {
        "container": phase.container,
        "role": _ROLES[phase.role],
        "after": list(phase.after),
        "gate": phase.gate.value,
        "reads": phase.volumes("reads"),
        "writes": phase.volumes("writes"),
        "bound_seconds": whole(phase.bound_seconds),
    }


def _effective(costs: Effective) -> Mapping[str, object]:
    return {"requests": _amounts(costs.requests), "limits": _amounts(costs.limits)}


def _amounts(terms: Mapping[str, Term]) -> Mapping[str, str]:
    return {term.resource: term.total.canonical(term.resource) for term in words.terms(terms)}
