"""Where Pods may run: selectors of labels and nodes, affinity, tolerations, spreading."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection, one_of, permitted
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At
from initlint.kube.validation.values import Wrong, dns_subdomain, invalid, is_qualified, label_value

_NODE_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
_VALUE_MEANS = "use at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit"
_VALUE_SAYS = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


def labels(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Labels of anything (ValidateLabels), of which the API server speaks as a whole."""
    for key, value in at.entries():
        if not is_qualified(key.value) and not is_placeholder(key.value):
            says = f'Invalid value: "{key}": name part must consist of alphanumeric characters'
            wrong = Wrong("", "use letters, digits, `-`, `_` and `.`, after a domain and `/` if one is needed", says)
            fact = f"has a label `{key}` in `{case.name(at)}`, which is no key of a label"
            yield case.about(value, fact, wrong)._replace(where=key, field=at.path)
        yield from (one._replace(field=at.path) for one in _value(value, case))


def _value(at: At, case: ValidationCase) -> Iterator[Objection]:
    if not label_value(at.text) and not is_placeholder(at.text):
        yield case.wrong(at, Wrong("which is no value of a label", _VALUE_MEANS, invalid(at, _VALUE_SAYS)))


def selector(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A label selector."""
    yield from labels(at["matchLabels"], case)


def requirement(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One expression of a label selector (ValidateLabelSelectorRequirement)."""
    yield from _values(at, case)
    for value in at["values"].each():
        yield from _value(value, case)


def _values(at: At, case: ValidationCase) -> Iterator[Objection]:
    operator, values = at["operator"], list(at["values"].each())
    if operator.text in ("In", "NotIn") and not values:
        says = "Required value: must be specified when `operator` is 'In' or 'NotIn'"
        yield case.wrong(at["values"], Wrong(f"which `{operator}` needs", "name the values", says))
    elif operator.text in ("Exists", "DoesNotExist") and values:
        says = "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
        wrong = Wrong(f"which `{operator}` does not take", "remove them, or use `In` or `NotIn`", says)
        yield case.wrong(at["values"], wrong, related=operator.node)


def node_requirement(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One expression about nodes (ValidateNodeSelectorRequirement); about their fields it may say less."""
    operator, key = at["operator"], at["key"]
    of_fields = at.parent is not None and at.parent.step == "matchFields"
    if operator.text and operator.text not in (_NODE_OPERATORS[:2] if of_fields else _NODE_OPERATORS):
        problem = f"where Kubernetes allows {permitted(_NODE_OPERATORS[:2] if of_fields else _NODE_OPERATORS)}"
        close = [known for known in _NODE_OPERATORS if known.lower() == operator.text.lower()]
        remedy = f"write `{close[0]}`" if close else "use one of these"
        yield case.wrong(operator, Wrong(problem, remedy, invalid(operator, "not a valid selector operator")))
    if of_fields:
        yield from _field_requirement(at, case)
        return
    yield from _values(at, case)
    if operator.text in ("Gt", "Lt") and len(list(at["values"].each())) != 1:
        says = "Required value: must be specified single value when `operator` is 'Lt' or 'Gt'"
        yield case.wrong(at["values"], Wrong(f"where `{operator}` takes exactly one", "name one number", says))
    if key.text and not is_qualified(key.text) and not is_placeholder(key.text):
        says = invalid(key, "name part must consist of alphanumeric characters")
        remedy = "use letters, digits, `-`, `_` and `.`, after a domain and `/` if one is needed"
        yield case.wrong(key, Wrong("which is no key of a label", remedy, says))
    if case.version.validates_node_affinity_values and _is_required(at):
        for value in at["values"].each():
            yield from _value(value, case)


def _is_required(at: At) -> bool:
    """Only what is required is asked for values of labels."""
    return any(place.step == "requiredDuringSchedulingIgnoredDuringExecution" for place in at.ways())


def _field_requirement(at: At, case: ValidationCase) -> Iterator[Objection]:
    key, values = at["key"], list(at["values"].each())
    if at["operator"].text in ("In", "NotIn") and len(values) != 1:
        says = "Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        yield case.wrong(at["values"], Wrong("where a field takes exactly one value", "name one value", says))
    if key.text and key.text != "metadata.name":
        says = invalid(key, "not a valid field selector key")
        yield case.wrong(key, Wrong("where only `metadata.name` can be asked for", "write `metadata.name`", says))
    for value in values:
        if (wrong := dns_subdomain(value)) and not is_placeholder(value.text):
            yield case.wrong(value, wrong)


def toleration(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One toleration (ValidateTolerations)."""
    key, operator, value, effect = at["key"], at["operator"], at["value"], at["effect"]
    known = ("Exists", "Equal", *(("Lt", "Gt") if case.version.compares_taints else ()))
    if operator.text and operator.text not in known and not is_placeholder(operator.text):
        listed = ", ".join(f'"{name}"' for name in ("Equal", "Exists"))
        says = f'Unsupported value: "{operator}": supported values: {listed}'
        close = [name for name in known if name.lower() == operator.text.lower()]
        remedy = f"write `{close[0]}`" if close else f"set it to {one_of(known)}"
        yield case.wrong(operator, Wrong(f"where Kubernetes allows {permitted(known)}", remedy, says))
    elif not key.node.value and operator.text != "Exists":
        says = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        fact = f"has `{case.name(at)}` without a `key`, which tolerates everything and needs `operator: Exists`"
        wrong = Wrong("", "set `operator: Exists`, or name the key", f'Invalid value: "{operator}": {says}')
        yield case.about(operator if operator else at, fact, wrong)._replace(field=operator.path)
    elif operator.text == "Exists" and value.node.value:
        says = f"Invalid value: \"{value}\": value must be empty when `operator` is 'Exists'"
        wrong = Wrong("which `Exists` does not take", "remove it, or use `Equal`", says)
        yield case.wrong(value, wrong, related=operator.node)._replace(field=operator.path)
    elif operator.text in ("", "Equal") and not label_value(value.text) and not is_placeholder(value.text):
        wrong = Wrong("which is no value of a taint", _VALUE_MEANS, invalid(value, _VALUE_SAYS))
        yield case.wrong(value, wrong)._replace(field=operator.path)
    if at["tolerationSeconds"] and effect.text != "NoExecute" and not is_placeholder(effect.text):
        says = f"Invalid value: \"{effect}\": effect must be 'NoExecute' when `tolerationSeconds` is set"
        problem = "where the effect is not `NoExecute`"
        wrong = Wrong(problem, "set `effect: NoExecute`, or remove it", says)
        yield case.wrong(at["tolerationSeconds"], wrong)._replace(field=effect.path)


def spreading(at: At, case: ValidationCase) -> Iterator[Objection]:
    """All constraints on how the Pods spread (validateTopologySpreadConstraints)."""
    seen: dict[tuple[str, str], At] = {}
    for constraint in at["topologySpreadConstraints"].each():
        topology, action = constraint["topologyKey"], constraint["whenUnsatisfiable"]
        pair = (topology.text, action.text)
        if pair in seen and all(pair):
            wrong = Wrong("which another constraint is about, too", "keep one of them", f'Duplicate value: "{pair}"')
            yield case.wrong(topology, wrong, related=seen[pair].node)
        seen.setdefault(pair, topology)
        if constraint["minDomains"] and action.text == "ScheduleAnyway":
            says = invalid(constraint["minDomains"], "can only use minDomains if whenUnsatisfiable=DoNotSchedule")
            wrong = Wrong("which only `DoNotSchedule` can have", "remove it", says)
            yield case.wrong(constraint["minDomains"], wrong, related=action.node)


def pod_term(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Keys of labels that select by what the Pod itself has need a selector beside them."""
    for field in at.among("matchLabelKeys", "mismatchLabelKeys"):
        if not at["labelSelector"] and list(field.each()):
            says = "Forbidden: must not be specified when labelSelector is not set"
            yield case.wrong(field, Wrong("which needs a `labelSelector`", "add one, or remove it", says))
