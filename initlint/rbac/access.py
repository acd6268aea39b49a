"""What the input lets a ServiceAccount do: the roles that its bindings give it, added up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from initlint.kube.kustomize.patches import RBAC
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import Offer, Question, may_be
from initlint.rbac.known import Found, KnownAccess
from initlint.rbac.placed import PlacedAccess
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
MOUNTED, BOUND, MISTAKEN, MISSING, GRANT, PLACED, UNKNOWN = (
    "mounted ", "bound ", "mistaken ", "missing ", "grant ", "placed ", "unknown",
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
        """What is known of the ServiceAccount that a file asks for; nothing if nothing is.

        What kustomizations make different things of is not known, but for the namespace of the Pod itself.
        """
        ways = self._ways(question)
        own = ways[0].namespace if len(ways) == 1 else None
        found = {frozenset(way.facts(own)) for way in ways}
        facts = {*found.pop()} if len(found) == 1 else {UNKNOWN}
        if facts and own != question.namespace:
            facts.add(f"{PLACED}{own or ''}")
        if facts:
            yield Offer(ACCESS, question.namespace, question.name or "", tuple(sorted(facts)))

    def evidence(self, question: Question) -> Iterator[Offer]:
        """The objects that decide it, each as it is offered, with its kind and name before what it says."""
        for one in {offer for way in self._ways(question)[:1] for offer in way.deciding()}:
            shown = (one.kind, one.namespace or "", one.name, *one.facts)
            yield Offer(EVIDENCE, question.namespace, question.name or "", shown, by=one.by)

    def _ways(self, question: Question) -> list[AccountAccess]:
        """The ServiceAccount as it is in each cluster that the file that asks comes into."""
        self._known.read(question.name or "", *_ALL_ACCOUNTS)
        return [
            AccountAccess(
                self._known, self._reach, PlacedAccess(self._known, self._reach, root),
                question.name or "", own.place(question.namespace), question.path or "",
            )
            for root, own in self._reach.asked_in(question).items()
        ]  # fmt: skip

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
            for _, grants in given(binding, offer.namespace, self._known)
            for grant in grants or ()
            if not {"", "*"}.isdisjoint(grant.groups) and not _MAKING.isdisjoint(grant.verbs)
        ]


class AccountAccess(NamedTuple):
    """What is known of a ServiceAccount, which the Pods of a file run as, in one cluster."""

    known: KnownAccess
    reach: Reach
    placed: PlacedAccess
    name: str
    namespace: str | None
    path: str

    def facts(self, own: str | None) -> Iterator[str]:
        """What is granted, and by which bindings; `own` is what the own namespace is called in them."""
        yield from self._of_account()
        yield from self._of_bindings(own)
        yield from self._mistaken()

    def deciding(self) -> Iterator[Offer]:
        """The objects of the input that say what it may do; if none does, the bindings of others."""
        yield from (one for one in self.placed.accounts(self.name) if may_be(one.namespace, self.namespace))
        for offer, binding, _ in [*self._naming(), *self.placed.bindings(self.name)] or self._of_others():
            yield offer
            yield from (role for role, _ in given(binding, offer.namespace, self.known, self.placed) if role)

    def _of_others(self) -> Iterator[Found]:
        """Bindings that name other ServiceAccounts of a namespace, a few of them."""
        self.known.read_all()
        others = self.placed.all_bindings()
        here = (found for found in others if may_be(found[2].namespace or found[0].namespace, self.namespace))
        yield from sorted(here, key=lambda found: found[0][:-1])[:_MOST]

    def _of_account(self) -> Iterator[str]:
        """Whether its token is mounted where the Pod does not say."""
        for one in self.placed.accounts(self.name):
            if may_be(one.namespace, self.namespace) and not self.reach.is_patch(one.by):
                is_certain = one.namespace == self.namespace and self._is_seen(one)
                yield from (f"{MOUNTED}{fact}" for fact in ((one.facts[0],) if is_certain else ("True", "False")))

    def _of_bindings(self, own: str | None) -> Iterator[str]:
        for offer, binding, subject in self._naming():
            scope = offer.namespace if binding.kind == "RoleBinding" else EVERYWHERE
            if subject.kind == ACCOUNTS:
                yield f"{BOUND}{binding.kind} `{offer.name}`"
            found = list(given(binding, offer.namespace, self.known, self.placed))
            if not all(self._is_seen(one) for one in (offer, *(role for role, _ in found if role))):
                yield UNKNOWN
            if not found:
                yield f"{MISSING}{binding.role_kind} {binding.role}"
            for grant in (grant for _, grants in found for grant in grants or ()):
                yield f"{GRANT}{json.dumps([own if scope == self.namespace else scope, grant])}"
            if any(grants is None for _, grants in found):
                yield UNKNOWN

    def _mistaken(self) -> Iterator[str]:
        """Bindings that name a ServiceAccount in a namespace where there is none, but one in that of the Pod."""
        known = {one.namespace for one in self.placed.accounts(self.name)}
        for offer, binding, subject in self.placed.bindings(self.name):
            if subject.namespace and self.namespace in known and not known & {subject.namespace, None}:
                yield f"{MISTAKEN}{binding.kind} `{offer.name}` names the one of namespace `{subject.namespace}`"

    def _naming(self) -> Iterator[Found]:
        """The bindings that name the ServiceAccount, or a group or user that it is (serviceaccount.UserInfo)."""
        for found in self.placed.bindings(self.name):
            if may_be(found[2].namespace or found[0].namespace, self.namespace):
                yield found
        for subject, found in self.placed.shared():
            if _is_meant(subject, self.namespace, self.name):
                yield found

    def _is_seen(self, offer: Offer) -> bool:
        """Whether an object is for the file that asks what its own file says."""
        if self.reach.is_apart(self.path, offer.by):
            return False
        kind = binding_of(offer).kind if offer.kind == BINDINGS else offer.kind
        return offer in self.placed.patched or not self.reach.touches(RBAC, kind, offer.name, offer.by)


def given(
    binding: Binding, namespace: str | None, known: KnownAccess, placed: PlacedAccess | None = None
) -> Iterator[_Given]:
    """The rules of the role that a binding gives, with the object that says so; None where they are not known."""
    known.read(binding.role)
    written = known.roles.get(binding.role_kind, {}).get(binding.role, ())
    for one in placed.roles(binding.role_kind, binding.role) if placed else written:
        if binding.role_kind == CLUSTER_ROLE or may_be(one.namespace, namespace):
            yield one, _whole(role_of(one), known)
    if binding.role_kind == CLUSTER_ROLE and (common := everywhere().get(binding.role)):
        yield None, _whole(common, known)


def _whole(role: RbacRole, known: KnownAccess) -> tuple[Grant, ...] | None:
    """The rules of a role with those of the ClusterRoles that it gathers by their labels."""
    if not role.gathers:
        return None if role.gathers is None else role.grants
    known.read_all()
    others = (role_of(one) for listed in known.roles[CLUSTER_ROLE].values() for one in listed)
    parts = [other for other in others if any({*labels} <= {*other.labels} for labels in role.gathers)]
    if any(part.gathers for part in parts) or not (parts or role.grants):
        return None
    return (*role.grants, *(grant for part in parts for grant in part.grants))


def _is_meant(subject: str, namespace: str | None, name: str) -> bool:
    """Whether a group or a user is, or may be, one that the ServiceAccount is."""
    if subject in (f"{_PREFIX}s", _EVERYONE):
        return True
    if subject.startswith(f"{_PREFIX}s:"):
        return may_be(subject.removeprefix(f"{_PREFIX}s:"), namespace)
    user = subject.removeprefix(f"{_PREFIX}:").split(":") if subject.startswith(f"{_PREFIX}:") else []
    return len(user) == 2 and user[1] == name and may_be(user[0], namespace)
