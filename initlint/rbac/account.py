"""What a Pod may ask of the API server: the ServiceAccount that it runs as, as far as the input shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from initlint.kube.kustomize.patches import ACCOUNT_IS
from initlint.kube.pods.container import Container
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.cluster import Offer
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.unknown import Part, Unknown
from initlint.rbac.access import ACCESS, BOUND, EVERYWHERE, EVIDENCE, GRANT, MISSING, MISTAKEN, MOUNTED, PLACED, UNKNOWN
from initlint.rbac.roles import ROLE, Grant, grant_of
from initlint.text.tree import Node

_TOKEN_PATHS = ("/var/run/secrets/kubernetes.io/serviceaccount", "/run/secrets/kubernetes.io/serviceaccount")
ANY_NAME = "?"
"""A name that is not known."""


class AccessRequest(NamedTuple):
    """What is asked of the API server: `resource` with a subresource if it has one.

    Without a `name` all objects are meant. Without a `namespace` it is that of the Pod, of all namespaces `*`.
    """

    verb: str
    group: str
    resource: str
    name: str | None = None
    namespace: str | None = None


class Account(NamedTuple):
    """A ServiceAccount: the bindings that name it, and what they and others let it do, by namespace.

    `is_known`: no role, and no kustomization, may let it do more. `mistaken` says of bindings that mean it, but name
    another. `is_complete`: no binding is hidden. `evidence` are the objects that decide it, for `blame` to read.
    """

    name: str
    namespace: str | None
    bindings: tuple[str, ...]
    grants: tuple[tuple[str | None, Grant], ...]
    is_known: bool
    mistaken: tuple[str, ...]
    is_mounted: bool | None
    is_complete: bool = False
    evidence: tuple[Offer, ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether the input shows what it may do: bindings that name it, or that there are none."""
        return self.is_known and bool(self.bindings or self.mistaken or self.is_complete)

    def may(self, request: AccessRequest) -> bool:
        """Whether one of the rules allows it, or may do so (RuleAllows in the RBAC authorizer)."""
        namespace = request.namespace or self.namespace
        return any(_reaches(scope, namespace) and all(matches(grant, request)) for scope, grant in self.grants)


def account_of(pod: Pod) -> Account:
    """The ServiceAccount of a Pod; nothing is known of it unless the input says so.

    Raises Unknown where a patch may give it another one.
    """
    own = pod.node["serviceAccountName"] or pod.node["serviceAccount"]
    name = _patched(pod) or own.value or "default"
    if is_placeholder(name):
        raise Unknown(f"the ServiceAccount is unknown: `{name}` is filled in")
    namespace, path = pod.workload.ref.namespace, pod.node.source.path
    facts = {fact for one in pod.cluster.ask(ACCESS, namespace, name, path) for fact in one.facts}
    grants = (json.loads(fact) for fact in _saying(GRANT, facts))
    mounted = {*_saying(MOUNTED, facts)}
    placed = _saying(PLACED, facts)

    def is_absent(role: str) -> bool:
        """Whether there is no such role; a ClusterRole is in none of the namespaces that the input shows."""
        return pod.cluster.is_complete and role.startswith(f"{ROLE} ")

    return Account(
        name,
        (placed[0] or None) if placed else namespace,
        tuple(_saying(BOUND, facts)),
        tuple((scope, grant_of(grant)) for scope, grant in grants),
        UNKNOWN not in facts and all(map(is_absent, _saying(MISSING, facts))),
        tuple(_saying(MISTAKEN, facts)),
        mounted == {"True"} if len(mounted) == 1 else None,
        pod.cluster.is_complete,
        tuple(pod.cluster.ask(EVIDENCE, namespace, name, path)),
    )


def _patched(pod: Pod) -> str:
    """The ServiceAccount that patches give to a Pod, which all of them must say; empty if none does."""
    if Part.ACCOUNT not in pod.unknown:
        return ""
    workload = pod.workload
    facts = [one.facts for one in pod.cluster.patches(workload.kind, workload.ref.name, pod.node.source.path)]
    told = [_saying(ACCOUNT_IS, one) for one in facts if Part.ACCOUNT.name in one]
    names = {name for one in told for name in one}
    if pod.partial or not workload.is_whole or len(names) != 1 or not all(told):
        pod.require(Part.ACCOUNT)
    name = names.pop()
    if not name or is_placeholder(name):
        pod.require(Part.ACCOUNT)
    return name


def tokenless(container: Container, account: Account) -> Node | None:
    """Why a container has no token: the setting that says so, a Missing one where it is the ServiceAccount's.

    None if it has one, or may have (ServiceAccount admission: shouldAutomount, mountServiceAccountToken).
    """
    own = container.pod.node["automountServiceAccountToken"]
    is_off = own.truth is False or (not own and account.is_mounted is False and account.is_known)
    is_mounted_otherwise = any(_holds_token(one.path.value) for one in container.mounts)
    return own if is_off and not is_mounted_otherwise else None


def _holds_token(path: str) -> bool:
    """Whether a token may lie below a path where programs look for it."""
    return bool(path) and any(f"{place}/".startswith(f"{path.rstrip('/')}/") for place in _TOKEN_PATHS)


def _reaches(scope: str | None, namespace: str | None) -> bool:
    """Whether what holds in one namespace, or everywhere, holds or may hold in another; `*` is all of them."""
    if scope == EVERYWHERE:
        return True
    return namespace != EVERYWHERE and (scope is None or namespace is None or scope == namespace)


def matches(grant: Grant, request: AccessRequest) -> tuple[bool, bool, bool, bool]:
    """Whether a rule is about the verb, the group, the resource and the name that are asked for, or may be.

    VerbMatches, APIGroupMatches, ResourceMatches and ResourceNameMatches in the RBAC authorizer's `RuleAllows`.
    """
    resource, _, sub = request.resource.partition("/")
    resources = {"*", request.resource, f"*/{sub}" if sub else resource}
    return (
        not {"*", request.verb}.isdisjoint(grant.verbs),
        not {"*", request.group}.isdisjoint(grant.groups),
        not resources.isdisjoint(grant.resources),
        not grant.names or request.name in (ANY_NAME, *grant.names),
    )


def _saying(prefix: str, facts: Iterable[str]) -> list[str]:
    return sorted(fact.removeprefix(prefix) for fact in facts if fact.startswith(prefix))
