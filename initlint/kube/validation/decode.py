"""The walk through an object by its types: what cannot be decoded, what is missing, and what validation asks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

from initlint.kube.pods.pod import Workload
from initlint.kube.terms.objection import Noticed, Objection
from initlint.kube.terms.placeholder import is_filled_in, is_placeholder
from initlint.kube.terms.quantity import read_quantity
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.fields import DEMANDS, NONE, FieldDemand
from initlint.kube.validation.mistakes import (
    A_LIST,
    A_MAPPING,
    A_STRING,
    is_misspelt,
    is_pending,
    missing,
    mistyped,
    unknown,
    unserved,
)
from initlint.kube.validation.place import At
from initlint.kube.validation.rules import RULES
from initlint.kube.validation.table import Field, TypeTable, table
from initlint.kube.validation.values import Wrong
from initlint.text.scalarkind import NULL_WORDS, ScalarKind
from initlint.text.tree import Mapping, Node, Scalar, Sequence

_ACCEPTED = {
    "string": (ScalarKind.STRING,),
    "boolean": (ScalarKind.BOOLEAN,),
    "int32": (ScalarKind.INTEGER, ScalarKind.NUMBER),
    "int64": (ScalarKind.INTEGER, ScalarKind.NUMBER),
    "number": (ScalarKind.INTEGER, ScalarKind.NUMBER),
    "quantity": (ScalarKind.STRING, ScalarKind.INTEGER, ScalarKind.NUMBER),
    "int-or-string": (ScalarKind.STRING, ScalarKind.INTEGER, ScalarKind.NUMBER),
}
_WORDS = {
    "string": A_STRING,
    "boolean": "`true` or `false`",
    "int32": "a whole number",
    "int64": "a whole number",
    "number": "a number",
    "quantity": "a quantity",
    "int-or-string": "a whole number or a string",
}
_LIMITS = {"int32": 2**31, "int-or-string": 2**31, "int64": 2**63}
# The schema demands them, the API server does without.
_OPTIONAL = frozenset(
    {
        ("HTTPHeader", "value"),
        ("ISCSIVolumeSource", "lun"),
        ("PodFailurePolicy", "rules"),
        ("PodFailurePolicyOnPodConditionsPattern", "status"),
        ("PodFailurePolicyRule", "onPodConditions"),
        ("PreferredSchedulingTerm", "preference"),
        ("SleepAction", "seconds"),
        ("StatefulSetSpec", "serviceName"),
        ("Sysctl", "value"),
    }
)
# What rules of their own tell: invalid-restart-policy and sidecar-unsupported.
_TOLD_ELSEWHERE = frozenset({("Container", "restartPolicy")})
_OF_SIDECARS = frozenset({"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"})
# A StatefulSet names its Pods itself.
_OF_HOSTS = frozenset({"hostname", "subdomain"})


@dataclass(frozen=True)
class ObjectVerdict:
    """What the API server objects to: what cannot be decoded, what the schema misses, what only validation says."""

    unfit: list[Objection] = field(default_factory=list)
    missing: list[Objection] = field(default_factory=list)
    invalid: list[Objection] = field(default_factory=list)


@lru_cache(maxsize=64)
def verdict(workload: Workload) -> ObjectVerdict:
    """The verdict about an object of Kubernetes' own; each rule asks for a part of it."""
    case = ValidationCase(workload)
    found = ObjectVerdict()
    if case.is_served:
        _Walk(case, table(case.version), found).object(case.root, workload.kind, is_judged=True)
    else:
        found.unfit.append(unserved(case))
    return found


@dataclass(frozen=True)
class _Walk:
    """One way through one object. What the API server does not look at is decoded, and not judged."""

    case: ValidationCase
    table: TypeTable
    found: ObjectVerdict

    def object(self, at: At, type_name: str, *, is_judged: bool) -> None:
        node = at.node
        if not isinstance(node, Mapping):
            self.mistyped(at, A_MAPPING)
            return
        fields, demands = self.table.fields(type_name), DEMANDS.get(type_name, NONE)
        for key, value in node.items():
            name = key.value
            known = fields.get(name)
            if known is None:
                self.unknown(at, key, type_name)
            elif not _is_null(value):
                judged = is_judged and self.is_looked_at(at, type_name, name)
                self.field(At(value, at, name), known, demands.get(name) if judged else None, is_judged=judged)
        if is_judged:
            self.missing(at, type_name)
            for rule in RULES.get(type_name, ()):
                self.found.invalid.extend(rule(at, self.case))

    def is_looked_at(self, at: At, type_name: str, name: str) -> bool:
        """Whether a field is validated: it is not dropped, nor forbidden as a whole."""
        if type_name == "Container" and name in _OF_SIDECARS and _is_init(at):
            return at.node["restartPolicy"].value == "Always" and self.case.version.knows_sidecars
        if self.case.workload.kind == "StatefulSet" and type_name == "PodSpec" and name in _OF_HOSTS:
            return False
        if name == "ownerReferences" and at.parent is not self.case.root:
            return False
        return self.case.version.keeps(type_name, name)

    def field(self, at: At, known: Field, demand: FieldDemand | None, *, is_judged: bool) -> None:
        node = at.node
        if known.shape == "[":
            self.list(at, known, demand, is_judged=is_judged)
        elif known.shape == "{" and isinstance(node, Mapping):
            for key, value in node.items():
                self.value(At(value, at, key.value), known, None, is_judged=is_judged)
        elif known.shape == "{":
            self.mistyped(at, A_MAPPING)
        else:
            self.value(at, known, demand, is_judged=is_judged)

    def list(self, at: At, known: Field, demand: FieldDemand | None, *, is_judged: bool) -> None:
        if not isinstance(at.node, Sequence):
            self.mistyped(at, A_LIST)
        elif demand and demand.is_required and not len(at.node):
            self.empty(at)
        for item in at.each():
            self.value(_filled(item) if known.is_object else item, known, demand, is_judged=is_judged)

    def value(self, at: At, known: Field, demand: FieldDemand | None, *, is_judged: bool) -> None:
        if _is_null(at.node) or known.type == "any":
            return
        if known.is_object:
            self.object(at, known.type, is_judged=is_judged)
        elif not isinstance(at.node, Scalar) or not _fits(at, known.type):
            self.mistyped(at, _WORDS[known.type])
        elif known.type == "quantity" and is_judged:
            self.quantity(at)
        elif demand:
            self.demand(at, known, demand)

    def demand(self, at: At, known: Field, demand: FieldDemand) -> None:
        if demand.is_required and known.type == "string" and not at.node.value:
            self.empty(at)
        elif (wrong := demand.check(at)) and not is_placeholder(at.node.value):
            self.found.invalid.append(self.case.wrong(at, wrong))

    def quantity(self, at: At) -> None:
        """Those of resources are told by the rule invalid-resources."""
        text = at.node.value
        if read_quantity(at.node) is None and not is_placeholder(text) and not _is_resource(at):
            remedy = "write a number and a unit, such as `512Mi` or `2G`, without a space or a `B`"
            says = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            wrong = Wrong("which is no quantity", remedy, says)
            self.found.invalid.append(self.case.wrong(at, wrong, noticed=Noticed.ALWAYS))

    def empty(self, at: At) -> None:
        wrong = Wrong("which must not be empty", f"set `{at.step}`", "Required value")
        self.found.invalid.append(self.case.wrong(at, wrong))

    def missing(self, at: At, type_name: str) -> None:
        """Fields that are not there, by the schema or by validation alone."""
        for name, is_of_schema in _needed(self.table, type_name):
            value = at.node[name]
            if not value and not _is_text(value) and not self.is_misspelt(at, name, type_name):
                found = self.found.missing if is_of_schema else self.found.invalid
                found.append(missing(self.case, at[name]))

    def is_misspelt(self, at: At, name: str, type_name: str) -> bool:
        fields = self.table.fields(type_name)
        return is_misspelt(name, [key.value for key, _ in at.node.items() if key.value not in fields])

    def unknown(self, at: At, key: Scalar, type_name: str) -> None:
        if (type_name, key.value) not in _TOLD_ELSEWHERE:
            self.found.unfit.append(unknown(self.case, self.table, At(key, at, key.value), type_name))

    def mistyped(self, at: At, expected: str) -> None:
        if not is_pending(at.node, expected):
            self.found.unfit.append(mistyped(self.case, at, expected))


@cache
def _needed(known: TypeTable, type_name: str) -> tuple[tuple[str, bool], ...]:
    """The fields that a type must have, each with whether the schema says so."""
    demands, fields = DEMANDS.get(type_name, NONE), known.fields(type_name)
    demanded = {name for name, demand in demands.items() if demand.is_required}
    needed = ((name, of.is_required) for name, of in fields.items() if of.is_required or name in demanded)
    return tuple((name, of_schema) for name, of_schema in needed if (type_name, name) not in _OPTIONAL)


def _is_null(node: Node) -> bool:
    return node.value in NULL_WORDS and isinstance(node, Scalar) and node.kind is ScalarKind.NULL


def _filled(item: At) -> At:
    """The item of a list of objects as Go decodes it: null is one without any field."""
    node = item.node
    if not _is_null(node) or is_filled_in(node):
        return item
    return At(Mapping(node.source, node.start, node.end, [], flow=True), item.parent, item.step)


def _is_resource(at: At) -> bool:
    """Whether it is an amount of a container or Pod, and not of a claim."""
    ways = [place.step for place in at.ways()]
    is_claim = "volumeClaimTemplate" in ways or "volumeClaimTemplates" in ways
    return not is_claim and "resources" in ways


def _is_text(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind is not ScalarKind.NULL


def _is_init(at: At) -> bool:
    return at.parent is not None and at.parent.step == "initContainers"


def _fits(at: At, type_name: str) -> bool:
    """Whether a scalar can be decoded as what is expected; `1.0` is a whole number, `1.5` is none."""
    node = at.node
    assert isinstance(node, Scalar)
    if node.kind not in _ACCEPTED[type_name]:
        return False
    if type_name not in _LIMITS or node.kind is ScalarKind.STRING:
        return True
    number = at.number
    return number is not None and -_LIMITS[type_name] <= number < _LIMITS[type_name]
