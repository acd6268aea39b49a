"""Names, labels and annotations of objects and of Pod templates (ValidateObjectMeta)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At
from initlint.kube.validation.scheduling import labels
from initlint.kube.validation.values import ValueCheck, Wrong, dns_label, dns_subdomain, invalid, is_qualified
from initlint.text.tree import Mapping

# The names of its Jobs have 11 characters more, and 63 at most.
_LONGEST_CRON_JOB = 52


def metadata(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Metadata of the object itself and of its Pods; that of Jobs and claims yet to come is not looked at."""
    above = at.parent
    if above is case.root or (above is not None and above.step == "template"):
        yield from labels(at["labels"], case)
        yield from _annotations(at["annotations"], case)


def named(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The name and the namespace of the object itself; what cannot be decoded has none that is known."""
    if at["metadata"].node and not isinstance(at["metadata"].node, Mapping):
        return
    name, generated, namespace = (at["metadata"][field] for field in ("name", "generateName", "namespace"))
    if (wrong := dns_label(namespace)) and not is_placeholder(namespace.text):
        yield case.wrong(namespace, wrong)
    if not name.node.value and not generated.node.value:
        says = "Required value: name or generateName is required"
        yield case.wrong(name, Wrong("which every object needs", "name it", says))
    elif name.text and not is_placeholder(name.text):
        if wrong := _check(case)(name):
            yield case.wrong(name, wrong)
        elif case.workload.kind == "CronJob" and len(name.text) > _LONGEST_CRON_JOB:
            says = invalid(name, f"must be no more than {_LONGEST_CRON_JOB} characters")
            problem = "which is too long: the names of its Jobs are longer"
            yield case.wrong(name, Wrong(problem, f"use at most {_LONGEST_CRON_JOB} characters", says))


def _check(case: ValidationCase) -> ValueCheck:
    """The Pods of a StatefulSet are hosts of its name."""
    return dns_label if case.workload.kind == "StatefulSet" else dns_subdomain


def _annotations(at: At, case: ValidationCase) -> Iterator[Objection]:
    for key, value in at.entries():
        if not is_qualified(key.value.lower()) and not is_placeholder(key.value):
            says = f'Invalid value: "{key}": name part must consist of alphanumeric characters'
            wrong = Wrong("", "use letters, digits, `-`, `_` and `.`, after a domain and `/` if one is needed", says)
            fact = f"has an annotation `{key}` in `{case.name(at)}`, which is no key of an annotation"
            yield case.about(value, fact, wrong)._replace(where=key, field=at.path)
