"""What the API server makes of a container's `restartPolicy` and `restartPolicyRules`, version by version."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.pods.container import Container, Role
from initlint.kube.terms.objection import Noticed, Objection, one_of, permitted
from initlint.kube.terms.placeholder import is_placeholder
from initlint.text.tree import Node, Scalar

_EMPTY = '""'


def restart_objections(container: Container) -> Iterator[Objection]:
    """What the API server refuses or drops (validateContainerRestartPolicy, dropContainerRestartRules).

    `Always` where there are no sidecars is left out: whoever writes it wants a sidecar, not a policy.
    """
    policy, rules = container.node["restartPolicy"], container.node["restartPolicyRules"]
    honoured = container.pod.cluster.version.container_restart_policies(init=container.is_init)
    wants_sidecar = container.is_init and policy.value == "Always"
    is_judged = isinstance(policy, Scalar) and policy and not wants_sidecar and not is_placeholder(policy.value)
    if is_judged and policy.value not in honoured:
        yield _to_policy(container, policy, honoured)
    elif any(rules):
        yield from _to_rules(container, rules)


def _to_policy(container: Container, policy: Node, honoured: tuple[str, ...]) -> Objection:
    version, known = container.pod.cluster.version, one_of(honoured) if honoured else ""
    fact = f"sets `restartPolicy: {policy.value or _EMPTY}`, "
    remedy = (f"set it to {known}, or remove it" if known else "remove it") + _other_versions(container)
    if version.drops_container_restart_policies(init=container.is_init):
        return Objection(
            policy, "restartPolicy", fact + _drops(container), remedy, _without(container, policy), allowed=honoured
        )
    fact += (
        f"where Kubernetes {version} allows {permitted(honoured)}"
        if known
        else f"which Kubernetes {version} does not allow there"
    )
    noticed = Noticed.IN_TEMPLATES if version.has_container_restart_policies else Noticed.ALWAYS
    return Objection(policy, "restartPolicy", fact, remedy, noticed=noticed, allowed=honoured)


def _other_versions(container: Container) -> str:
    version = container.pod.cluster.version
    return "" if version.has_restart_rules else ": other policies of a container need Kubernetes 1.35"


def _drops(container: Container) -> str:
    return f"which Kubernetes {container.pod.cluster.version} drops without a word"


def _without(container: Container, policy: Node) -> str:
    if container.is_init and policy.value.lower() == "always":
        return "it is no sidecar, and nothing after it starts until it exits"
    return "it restarts as the Pod's own policy says"


def _to_rules(container: Container, rules: Node) -> Iterator[Objection]:
    """Before 1.34 they are an unknown field, which the schema tells."""
    version, field = container.pod.cluster.version, "restartPolicyRules"
    key, fact = container.node.key(field), f"sets `{field}`"
    if version.drops_restart_rules:
        remedy = "remove them, or raise the target version: restart rules need Kubernetes 1.35"
        yield Objection(key, field, f"{fact}, {_drops(container)}", remedy, "they never apply")
    if not version.has_restart_rules:
        return
    if not container.node["restartPolicy"]:
        remedy = "set a `restartPolicy` beside them"
        yield Objection(key, field, f"{fact} without a `restartPolicy`, which rules need", remedy)
    if container.role is Role.SIDECAR and not version.allows_sidecar_restart_rules:
        fact += f", which Kubernetes {version} does not allow in a sidecar"
        yield Objection(key, field, fact, "remove them: a sidecar always restarts")
    else:
        yield from _to_actions(container, rules)


def _to_actions(container: Container, rules: Node) -> Iterator[Objection]:
    version = container.pod.cluster.version
    known = version.restart_actions
    for index, action in enumerate(rule["action"] for rule in rules):
        if action and action.value not in known and not is_placeholder(action.value):
            fact = f"has a restart rule with `action: {action}`, where Kubernetes {version} allows {permitted(known)}"
            place = f"restartPolicyRules[{index}].action"
            yield Objection(action, place, fact, f"set it to {one_of(known)}", allowed=known)
