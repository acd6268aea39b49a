"""What the input lets a ServiceAccount do: the roles that its bindings give it, added up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from initlint.kube.kustomize.patches import RBAC
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import PATCHED, Offer, Question, may_be
from initlint.rbac.known import Found, KnownAccess
from initlint.rbac.roles import (
    ACCOUNTS,
    BINDINGS,
    CLUSTER_ROLE,
    Binding,
    Grant,
    RbacRole,
    binding_of,
    everywhere,
    role_of,
)
from initlint.text.source import Source

ACCESS = "permissions of a ServiceAccount"
MOUNTED, BOUND, MISTAKEN, MISSING, GRANT, UNKNOWN = (
    "mounted ", "bound ", "mistaken ", "missing ", "grant ", "unknown",
)  # fmt: skip
"""How the facts of an answer begin."""

EVIDENCE = "what decides the permissions of a ServiceAccount"

EVERYWHERE = "*"
"""The scope of what holds in all namespaces."""

# What is shown of the bindings of others: as many as one may look at.
_MOST = 20
_MAKING = frozenset({"create", "update", "patch", "*"})
_PREFIX = "system:serviceaccount"
_EVERYONE = "system:authenticated"
# How the groups and users begin that ServiceAccounts are.
_ALL_ACCOUNTS = (_PREFIX, _EVERYONE)
_Given = tuple[Offer | None, tuple[Grant, ...] | None]


class Access:
    """What the files with permissions say, which are read when something asks for the first time."""

    def __init__(self, offers: Iterable[Offer], reach: Reach, sources: Mapping[str, Source]) -> None:
        self._reach = reach
        self._known = KnownAccess((sources[path] for path in sorted({one.by for one in offers})), reach)

    def answer(self, question: Question) -> Iterator[Offer]:
        """What is known of the ServiceAccount that a file asks for; nothing if nothing is."""
        self._known.read(question.name or "", *_ALL_ACCOUNTS)
        facts = sorted({*self._of_account(question), *self._of_bindings(question), *self._mistaken(question)})
        if facts:
            yield Offer(ACCESS, question.namespace, question.name or "", tuple(facts))

    def evidence(self, question: Question) -> Iterator[Offer]:
        """The objects that decide it, each as it is offered, with its kind and name before what it says."""
        self._known.read(question.name or "", *_ALL_ACCOUNTS)
        for one in {*self._deciding(question)}:
            shown = (one.kind, one.namespace or "", one.name, *one.facts)
            yield Offer(EVIDENCE, question.namespace, question.name or "", shown, by=one.by)

    def _deciding(self, question: Question) -> Iterator[Offer]:
        """The objects of the input that say what a ServiceAccount may do; if none does, the bindings of others."""
        name = question.name or ""
        yield from (one for one in self._known.accounts.get(name, ()) if may_be(one.namespace, question.namespace))
        naming = [*self._naming(question.namespace, name), *self._known.bindings.get(name, ())]
        for offer, binding, _ in naming or self._of_others(question.namespace):
            yield offer
            yield from (role for role, _ in self._given(binding, offer.namespace) if role)

    def _of_others(self, namespace: str | None) -> Iterator[Found]:
        """Bindings that name other ServiceAccounts of a namespace, a few of them."""
        self._known.read_all()
        others = (found for listed in self._known.bindings.values() for found in listed)
        here = (found for found in others if may_be(found[2].namespace or found[0].namespace, namespace))
        yield from sorted(here, key=lambda found: found[0][:-1])[:_MOST]

    def makes(self, resource: str, namespace: str | None) -> bool:
        """Whether a program of the input may create or change objects of a resource of the core in a namespace."""
        return any(
            may_be(scope, namespace) or scope == EVERYWHERE
            for scope, grant in self._making
            if not {resource, "*"}.isdisjoint(grant.resources)
        )

    @cached_property
    def _making(self) -> list[tuple[str | None, Grant]]:
        """Rules by which ServiceAccounts may make objects, but those that elect leaders; each with its scope."""
        self._known.read_all()
        named = [
            found
            for by_name in (self._known.bindings, self._known.shared)
            for listed in by_name.values()
            for found in listed
        ]
        return [
            (EVERYWHERE if binding.kind != "RoleBinding" else offer.namespace, grant)
            for offer, binding, subject in named
            if (subject.kind == ACCOUNTS or subject.name.startswith(_PREFIX)) and "leader" not in binding.role
            for _, grants in self._given(binding, offer.namespace)
            for grant in grants or ()
            if not {"", "*"}.isdisjoint(grant.groups) and not _MAKING.isdisjoint(grant.verbs)
        ]

    def _of_account(self, question: Question) -> Iterator[str]:
        """Whether its token is mounted where the Pod does not say."""
        for one in self._known.accounts.get(question.name or "", ()):
            if may_be(one.namespace, question.namespace) and not self._reach.is_patch(one.by):
                is_certain = one.namespace == question.namespace and self._is_seen(one, question)
                yield f"{MOUNTED}{one.facts[0]}" if is_certain else UNKNOWN

    def _of_bindings(self, question: Question) -> Iterator[str]:
        for offer, binding, subject in self._naming(question.namespace, question.name or ""):
            scope = offer.namespace if binding.kind == "RoleBinding" else EVERYWHERE
            if subject.kind == ACCOUNTS:
                yield f"{BOUND}{binding.kind} `{offer.name}`"
            found = list(self._given(binding, offer.namespace))
            if not all(self._is_seen(one, question) for one in (offer, *(role for role, _ in found if role))):
                yield UNKNOWN
            if not found:
                yield f"{MISSING}{binding.role_kind} {binding.role}"
            for grant in (grant for _, grants in found for grant in grants or ()):
                yield f"{GRANT}{json.dumps([scope, grant])}"
            if any(grants is None for _, grants in found):
                yield UNKNOWN

    def _mistaken(self, question: Question) -> Iterator[str]:
        """Bindings that name a ServiceAccount in a namespace where there is none, but one in that of the Pod."""
        known = {one.namespace for one in self._known.accounts.get(question.name or "", ())}
        for offer, binding, subject in self._known.bindings.get(question.name or "", ()):
            if subject.namespace and question.namespace in known and not known & {subject.namespace, None}:
                yield f"{MISTAKEN}{binding.kind} `{offer.name}` names the one of namespace `{subject.namespace}`"

    def _naming(self, namespace: str | None, name: str) -> Iterator[Found]:
        """The bindings that name the ServiceAccount, or a group or user that it is (serviceaccount.UserInfo)."""
        for found in self._known.bindings.get(name, ()):
            if may_be(found[2].namespace or found[0].namespace, namespace):
                yield found
        # A list, for the roles that they give may be read on the way.
        for subject, listed in list(self._known.shared.items()):
            if _is_meant(subject, namespace, name):
                yield from listed

    def _given(self, binding: Binding, namespace: str | None) -> Iterator[_Given]:
        """The rules of the role that a binding gives, with the object that says so; None where they are not known."""
        self._known.read(binding.role)
        for one in self._known.roles.get(binding.role_kind, {}).get(binding.role, ()):
            if binding.role_kind == CLUSTER_ROLE or may_be(one.namespace, namespace):
                yield one, self._whole(role_of(one))
        if binding.role_kind == CLUSTER_ROLE and (known := everywhere().get(binding.role)):
            yield None, self._whole(known)

    def _whole(self, role: RbacRole) -> tuple[Grant, ...] | None:
        """The rules of a role with those of the ClusterRoles that it gathers by their labels."""
        if not role.gathers:
            return None if role.gathers is None else role.grants
        self._known.read_all()
        others = (role_of(one) for listed in self._known.roles[CLUSTER_ROLE].values() for one in listed)
        parts = [other for other in others if any({*labels} <= {*other.labels} for labels in role.gathers)]
        if any(part.gathers for part in parts) or not (parts or role.grants):
            return None
        return (*role.grants, *(grant for part in parts for grant in part.grants))

    def _is_seen(self, offer: Offer, question: Question) -> bool:
        """Whether an object is for the file that asks what its own file says."""
        if self._reach.is_apart(question.path or "", offer.by):
            return False
        kind = binding_of(offer).kind if offer.kind == BINDINGS else offer.kind
        patches = self._reach.patches(Question(PATCHED, None, f"{kind}/{offer.name}", offer.by))
        return not any(RBAC in patch.facts for patch in patches)


def _is_meant(subject: str, namespace: str | None, name: str) -> bool:
    """Whether a group or a user is, or may be, one that the ServiceAccount is."""
    if subject in (f"{_PREFIX}s", _EVERYONE):
        return True
    if subject.startswith(f"{_PREFIX}s:"):
        return may_be(subject.removeprefix(f"{_PREFIX}s:"), namespace)
    user = subject.removeprefix(f"{_PREFIX}:").split(":") if subject.startswith(f"{_PREFIX}:") else []
    return len(user) == 2 and user[1] == name and may_be(user[0], namespace)
