"""Deployments, ReplicaSets, DaemonSets, StatefulSets, ReplicationControllers (validation.go of apps and core)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Noticed, Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase, shortened
from initlint.kube.validation.place import At
from initlint.kube.validation.values import Wrong, dotless, invalid

_MISMATCH = "`selector` does not match template `labels`"
# What SetDefaults_Deployment sets as `progressDeadlineSeconds`.
_DEADLINE = 600


def selecting(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A selector has to say something, and to match the labels of the Pods."""
    selector = at["selector"]
    terms = [*selector["matchLabels"].entries(), *selector["matchExpressions"].each()]
    if selector and not terms:
        says = f"Invalid value: empty selector is invalid for {case.workload.kind.lower()}"
        yield case.wrong(selector, Wrong("which selects nothing", "name the labels of its Pods", says))
    elif selector:
        yield from _matching(at, selector, case)
    yield from _deadline(at["template"]["spec"], case)


def _matching(at: At, selector: At, case: ValidationCase) -> Iterator[Objection]:
    labels = at["template"]["metadata"]["labels"]
    known = {key.value: value.node.value for key, value in labels.entries()}
    asked = list(selector["matchLabels"].entries())
    unmatched = next((value for key, value in asked if known.get(key.value) != value.node.value), None)
    unmatched = unmatched or next((one for one in selector["matchExpressions"].each() if not _holds(one, known)), None)
    texts = [*known, *known.values(), *(value.node.value for _, value in asked)]
    # A template without any labels is not all there is of it.
    if known and unmatched is not None and not any(is_placeholder(text) for text in texts):
        yield _mismatch(labels, unmatched, case)


def _mismatch(labels: At, unmatched: At, case: ValidationCase) -> Objection:
    fact = f"has Pods whose labels its selector does not match, by `{case.name(unmatched)}`"
    if not unmatched.is_list_item:
        fact += f", which is `{shortened(unmatched.text)}`"
    wrong = Wrong("", "make labels and selector the same", f"Invalid value: {_MISMATCH}")
    found = case.about(unmatched, fact, wrong, related=labels.where)
    return found._replace(field=labels.path)


def _holds(expression: At, known: dict[str, str]) -> bool:
    """Whether labels are as an expression demands; what is not understood may hold."""
    key, operator = expression["key"].text, expression["operator"].text
    values = [value.node.value for value in expression["values"].each()]
    if operator in ("In", "Exists"):
        return key in known and (operator == "Exists" or known[key] in values)
    if operator == "NotIn":
        return known.get(key) not in values
    return not (operator == "DoesNotExist" and key in known)


def _deadline(spec: At, case: ValidationCase) -> Iterator[Objection]:
    """Only Pods that are meant to end may have a deadline."""
    kind = "ReplicaSet" if case.workload.kind == "Deployment" else case.workload.kind
    if spec["activeDeadlineSeconds"]:
        says = f"Forbidden: activeDeadlineSeconds in {kind} is not Supported"
        problem = f"which the Pods of a {case.workload.kind} cannot have"
        yield case.wrong(spec["activeDeadlineSeconds"], Wrong(problem, "remove it", says), noticed=Noticed.ALWAYS)


def deployment(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A Deployment, beside its selector."""
    deadline, ready = at["progressDeadlineSeconds"], at["minReadySeconds"].number or 0
    limit = deadline.number if deadline else _DEADLINE
    if limit is not None and 0 <= limit <= ready:
        place = deadline if deadline else at["minReadySeconds"]
        says = "Invalid value: must be greater than minReadySeconds"
        problem = f"where the Pods have to be ready for {ready} seconds and have {limit} to get there"
        wrong = Wrong(problem, "raise `progressDeadlineSeconds`", says)
        yield case.wrong(place, wrong)._replace(field=deadline.path)
    strategy = at["strategy"]
    if strategy["type"].text == "Recreate" and strategy["rollingUpdate"]:
        says = "Forbidden: may not be specified when strategy `type` is 'Recreate'"
        problem = "where the strategy is `Recreate`"
        wrong = Wrong(problem, "remove it", says)
        yield case.wrong(strategy["rollingUpdate"], wrong, related=strategy["type"].node)


def rolling(at: At, case: ValidationCase) -> Iterator[Objection]:
    """How many Pods of a Deployment may be too few or too many (ValidateRollingUpdateDeployment)."""
    fewer, more = _amount(at["maxUnavailable"]), _amount(at["maxSurge"])
    if fewer == 0 and more == 0:
        says = "Invalid value: may not be 0 when `maxSurge` is 0"
        wrong = Wrong("where `maxSurge` is 0, too, so that nothing could be replaced", "raise one of them", says)
        yield case.wrong(at["maxUnavailable"], wrong, related=at["maxSurge"].node)
    yield from _at_most_all(at["maxUnavailable"], case)


def rolling_daemons(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The same of a DaemonSet, where exactly one of the two is not 0 (ValidateRollingUpdateDaemonSet)."""
    fewer, more = at["maxUnavailable"], at["maxSurge"]
    surge = _amount(more) if more else 0
    unavailable = _amount(fewer) if fewer else 1
    if surge and unavailable:
        says = "Invalid value: may not be set when maxUnavailable is non-zero"
        wrong = Wrong("where `maxUnavailable` is not 0", "set `maxUnavailable: 0`", says)
        yield case.wrong(more, wrong)
    elif surge == 0 and unavailable == 0:
        says = "Required value: cannot be 0 when maxSurge is 0"
        yield case.wrong(fewer, Wrong("where `maxSurge` is 0, too", "raise one of them", says))
    yield from _at_most_all(fewer, case)
    yield from _at_most_all(more, case)


def _amount(at: At) -> int | None:
    """A number or a percentage; None if it is neither, or left to its default."""
    if at.number is not None:
        return at.number
    digits = at.text.removesuffix("%")
    return int(digits) if digits.isascii() and digits.isdigit() and at.text.endswith("%") else None


def _at_most_all(at: At, case: ValidationCase) -> Iterator[Objection]:
    if at.text.endswith("%") and (_amount(at) or 0) > 100:
        says = invalid(at, "must not be greater than 100%")
        yield case.wrong(at, Wrong("which is more than all", "set at most `100%`", says))


def stateful_set(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A StatefulSet, beside its selector."""
    service = at["serviceName"]
    if case.version.needs_valid_services and (wrong := dotless(service)) and not is_placeholder(service.text):
        yield case.wrong(service, wrong)
    strategy = at["updateStrategy"]
    if strategy["type"].text == "OnDelete" and strategy["rollingUpdate"]:
        says = "Invalid value: only allowed for updateStrategy 'RollingUpdate'"
        wrong = Wrong("where the strategy is `OnDelete`", "remove it", says)
        yield case.wrong(strategy["rollingUpdate"], wrong, related=strategy["type"].node)


def controller(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A ReplicationController, whose selector is a mapping of labels, by default those of its Pods."""
    selector, labels = at["selector"], at["template"]["metadata"]["labels"]
    known = {key.value: value.node.value for key, value in labels.entries()}
    asked = list(selector.entries())
    if not asked and not known and at["template"]:
        says = "Required value"
        wrong = Wrong("which it needs, as its Pods have no labels", "give its Pods labels", says)
        yield case.wrong(selector, wrong)
    unmatched = next((value for key, value in asked if known.get(key.value) != value.node.value), None)
    texts = [*known.values(), *(value.node.value for _, value in asked)]
    if known and unmatched is not None and not any(is_placeholder(text) for text in texts):
        yield _mismatch(labels, unmatched, case)
    yield from _deadline(at["template"]["spec"], case)
