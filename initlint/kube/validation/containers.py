"""Containers: their ports, how they may be resized and restarted (validateContainerCommon, validateInitContainers)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Noticed, Objection
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At, repeated
from initlint.kube.validation.values import PORT, Wrong, invalid

_MOST_RULES = 20
_MOST_VALUES = 255


def container(at: At, case: ValidationCase) -> Iterator[Objection]:
    """What is asked of one container beyond its fields."""
    image = at["image"]
    if image.text.strip(" \t\r\n") != image.text:
        says = invalid(image, "must not have leading or trailing whitespace")
        wrong = Wrong("which must not begin or end with a space", "remove the space", says)
        yield case.wrong(image, wrong, noticed=Noticed.IN_PODS)
    yield from _port_names(at, case)
    if case.version.keeps("Container", "resizePolicy"):
        yield from _resizing(at, case)
    if case.version.keeps("Container", "restartPolicyRules"):
        yield from _restart_rules(at, case)


def _port_names(at: At, case: ValidationCase) -> Iterator[Objection]:
    for name, first in repeated(port["name"] for port in at["ports"].each()):
        problem = "which another of its ports is called, too"
        wrong = Wrong(problem, "rename one of them", f'Duplicate value: "{name}"')
        yield case.wrong(name, wrong, related=first.node)


def port(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A host's port may be 0, which is none."""
    host = at["hostPort"]
    if host.number and (wrong := PORT(host)):
        yield case.wrong(host, wrong)


def _resizing(at: At, case: ValidationCase) -> Iterator[Objection]:
    policies = list(at["resizePolicy"].each())
    for name, first in repeated(policy["resourceName"] for policy in policies):
        wrong = Wrong("which has a policy already", "keep one of them", f'Duplicate value: "{name}"')
        yield case.wrong(name, wrong, related=first.node)
    for restart in (policy["restartPolicy"] for policy in policies):
        if restart.text == "RestartContainer":
            yield from _restarting(at, restart, case)


def _restarting(at: At, restart: At, case: ValidationCase) -> Iterator[Objection]:
    """A resize cannot restart what never restarts, nor, from 1.36, a regular init container."""
    policy = case.spec["restartPolicy"]
    says = "must not be set to 'RestartContainer' for non-sidecar initContainers"
    if policy.text == "Never":
        problem = "where the Pod's `restartPolicy` is `Never`"
        words = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
        wrong = Wrong(problem, "set it to `NotRequired`", invalid(restart, words))
        yield case.wrong(restart, wrong, related=policy.node)
    elif _is_regular_init(at, case) and case.version.forbids_restarting_init_containers:
        problem = "which a regular init container cannot have"
        yield case.wrong(restart, Wrong(problem, "set it to `NotRequired`", invalid(restart, says)))._replace(
            field=restart.path
        )


def _is_regular_init(at: At, case: ValidationCase) -> bool:
    is_init = at.parent is not None and at.parent.step == "initContainers"
    return is_init and at["restartPolicy"].text != "Always" and case.version.knows_sidecars


def _restart_rules(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Policies and actions are told by the rule invalid-restart-policy."""
    rules = list(at["restartPolicyRules"].each())
    if len(rules) > _MOST_RULES:
        says = f"Too many: {len(rules)}: must have at most {_MOST_RULES} items"
        wrong = Wrong(f"which are more than {_MOST_RULES}", f"keep at most {_MOST_RULES}", says)
        yield case.wrong(at["restartPolicyRules"], wrong)
    for rule in rules:
        values = list(rule["exitCodes"]["values"].each())
        if not rule["exitCodes"]:
            wrong = Wrong("which a rule needs", "say which exit codes it is for", "Required value: must be specified")
            yield case.wrong(rule["exitCodes"], wrong)
        elif len(values) > _MOST_VALUES:
            says = f"Too many: {len(values)}: must have at most {_MOST_VALUES} items"
            wrong = Wrong(f"which are more than {_MOST_VALUES}", f"keep at most {_MOST_VALUES}", says)
            yield case.wrong(rule["exitCodes"]["values"], wrong)
