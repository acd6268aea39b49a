"""Permissions as they come into one cluster: in the namespaces that kustomizations give to accounts and bindings."""

from __future__ import annotations

import json
from collections.abc import Iterator

from initlint.kube.kustomize.applied import Applied
from initlint.kube.kustomize.named import Written
from initlint.kube.kustomize.patches import RBAC
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import Offer
from initlint.rbac.known import Found, KnownAccess
from initlint.rbac.roles import ACCOUNTS, BINDINGS, Binding, BindingSubject, binding_of, of_object

_DEFAULT = "default"


class PlacedAccess:
    """What is known, as the kustomization in the folder `root` makes it; of what others take, what they make of it."""

    def __init__(self, known: KnownAccess, reach: Reach, root: str) -> None:
        self._known, self._reach, self._root = known, reach, root
        self.patched = set[Offer]()
        """The objects that are as patches make them, which say all of it in words."""

    def accounts(self, name: str) -> Iterator[Offer]:
        """The ServiceAccounts of a name."""
        return (placed for one in self._known.accounts.get(name, ()) for placed, _ in self._placed(one))

    def roles(self, kind: str, name: str) -> Iterator[Offer]:
        """The roles of a kind and name."""
        return (placed for one in self._known.roles.get(kind, {}).get(name, ()) for placed, _ in self._placed(one))

    def bindings(self, name: str) -> Iterator[Found]:
        """The bindings that name a ServiceAccount so."""
        return (placed for one in self._known.bindings.get(name, ()) for placed in self._bindings(one))

    def all_bindings(self) -> Iterator[Found]:
        """Those that name any ServiceAccount."""
        return (found for name in list(self._known.bindings) for found in self.bindings(name))

    def shared(self) -> Iterator[tuple[str, Found]]:
        """The bindings that name a user or a group, with that."""
        # A list, for the roles that they give may be read on the way.
        for subject, listed in list(self._known.shared.items()):
            yield from ((subject, placed) for one in listed for placed in self._bindings(one))

    def _placed(self, one: Offer) -> Iterator[tuple[Offer, Applied]]:
        known = self._patched(one)
        for applied in self._applied(one):
            namespace = applied.place(one.namespace)
            placed = known if namespace == one.namespace else known._replace(namespace=namespace)
            self.patched |= {placed} if known is not one else set()
            yield placed, applied

    def _patched(self, one: Offer) -> Offer:
        """An object as patches make it; the same where that is not known, or names other accounts."""
        binding = binding_of(one) if one.kind == BINDINGS else None
        kind = binding.kind if binding else one.kind
        if not self._reach.touches(RBAC, kind, one.name, one.by):
            return one
        node = self._reach.made(RBAC, Written(kind, one.name, one.namespace or "", one.by), self._root)
        found = next(of_object(node), None) if node else None
        is_other = binding and found and _named(binding_of(found)) != _named(binding)
        return one._replace(facts=found.facts) if found and not is_other else one

    def _applied(self, one: Offer) -> Iterator[Applied]:
        seen = self._reach.seen(one.by, self._root)
        yield from (seen,) if seen else self._reach.applied(one.by).values()

    def _bindings(self, found: Found) -> Iterator[Found]:
        offer, _, named = found
        for placed, applied in self._placed(offer):
            binding = binding_of(placed)
            subject = next(one for one in binding.subjects if one[:2] == named[:2])
            subjects = {one: self._subject(one, applied) for one in binding.subjects}
            if all(one == other for one, other in subjects.items()):
                yield placed, binding, subject
            else:
                changed = binding._replace(subjects=tuple(subjects[one] for one in binding.subjects))
                yield _saying(placed, changed), changed, subjects[subject]

    def _subject(self, subject: BindingSubject, applied: Applied) -> BindingSubject:
        """Whom a binding names in the end: an account of the same kustomization, or one that is called `default`.

        What names another stays as it is (kustomize's NamespaceTransformer, and its references by name).
        """
        if subject.kind != ACCOUNTS or not applied.namespace:
            return subject
        written = {one.namespace or _DEFAULT for one in self._known.accounts.get(subject.name, ()) if self._is_own(one)}
        is_moved = subject.name == _DEFAULT or (subject.namespace or _DEFAULT) in written
        return subject._replace(namespace=applied.namespace) if is_moved else subject

    def _is_own(self, one: Offer) -> bool:
        return self._reach.seen(one.by, self._root) is not None


def _named(binding: Binding) -> list[tuple[str, str]]:
    return sorted((one.kind, one.name) for one in binding.subjects)


def _saying(offer: Offer, binding: Binding) -> Offer:
    return offer._replace(facts=(json.dumps(binding), *offer.facts[1:]))
