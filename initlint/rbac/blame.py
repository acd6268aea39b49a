"""Which rule of a role, or which binding, might have let a ServiceAccount do something, and why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from initlint.finding import Place
from initlint.kube.terms.cluster import Offer, may_be, source_of
from initlint.rbac.access import EVERYWHERE
from initlint.rbac.account import AccessRequest, Account, matches
from initlint.rbac.roles import (
    ACCOUNTS,
    BINDINGS,
    CLUSTER_ROLE,
    Binding,
    Grant,
    Places,
    RbacRole,
    binding_of,
    everywhere,
    places_of,
    role_of,
)
from initlint.text.source import Source, Span

_MOST = 3
"""More places than these do not make it clearer."""


class Blamed(NamedTuple):
    """A place that decides that something is not allowed, and how."""

    place: Place
    message: str


class _Shown(NamedTuple):
    """An object that decides: as it was offered, where its parts stand, and in which source."""

    offer: Offer
    places: Places
    source: Source

    def at(self, span: Span, message: str) -> Blamed:
        return Blamed(Place(self.source, span), message)


def blamed(account: Account, request: AccessRequest, own: Source) -> list[Blamed]:
    """Where it is decided that a ServiceAccount may not do what it asks for; `own` is the source of its Pod."""
    shown = list(_evidence(account, own))
    bindings = [one for one in shown if one.offer.kind == BINDINGS]
    found = [one for binding in bindings for one in _of_binding(binding, account, request, shown)]
    if not found:
        found = [one for binding in bindings for one in _of_another(binding, account, request, shown)]
    return list(dict.fromkeys(found))[:_MOST]


def withheld(account: Account, own: Source) -> list[Blamed]:
    """Where the ServiceAccount says that its token is not mounted."""
    accounts = (one for one in _evidence(account, own) if one.offer.kind == ACCOUNTS)
    off = (one for one in accounts if one.offer.facts[0] == "False")
    return [one.at(one.places.parts[0][0], "this keeps the token out of Pods that do not ask for it") for one in off]


def _evidence(account: Account, own: Source) -> Iterator[_Shown]:
    """Each object as its manifest offers it, with its source; that of the Pod is the one at hand."""
    for one in sorted(account.evidence, key=lambda offer: (offer.by, offer.facts)):
        kind, namespace, name, *facts = one.facts
        offer = Offer(kind, namespace or None, name, tuple(facts), by=one.by)
        if source := source_of(one, own):
            yield _Shown(offer, places_of(offer), source)


def _of_binding(one: _Shown, account: Account, request: AccessRequest, shown: Iterable[_Shown]) -> Iterator[Blamed]:
    """Why a binding does not let the ServiceAccount do it, or names another one by mistake."""
    binding, wanted = binding_of(one.offer), request.namespace or account.namespace
    for subject, (_, place) in zip(binding.subjects, one.places.parts, strict=True):
        if subject.kind != ACCOUNTS or subject.name != account.name:
            continue
        if subject.namespace and account.namespace and subject.namespace != account.namespace:
            yield one.at(place, f"this names the ServiceAccount of namespace `{subject.namespace}`")
        elif binding.kind == "RoleBinding" and one.offer.namespace and wanted not in (None, one.offer.namespace):
            yield one.at(one.places.namespace, f"what it grants holds in namespace `{one.offer.namespace}` only")
        else:
            yield from _of_role(one, binding, request, shown)


def _of_role(one: _Shown, binding: Binding, request: AccessRequest, shown: Iterable[_Shown]) -> Iterator[Blamed]:
    roles = list(_roles(one, binding, shown))
    for role in roles:
        yield from _of_rules(role, role_of(role.offer), request)
    if not roles:
        known = f"{binding.role_kind} `{binding.role}`"
        yield one.at(one.places.main, f"this binds {known}, which does not let anybody {_wanted(request)}")


def _of_rules(one: _Shown, role: RbacRole, request: AccessRequest) -> Iterator[Blamed]:
    """The rules that lack one thing only; if there are none, the role."""
    found = [
        one.at(places[at], why)
        for grant, places in zip(role.grants, one.places.parts, strict=True)
        for at, why in _lacking(grant, request)
    ]
    what = f"{one.offer.kind} `{one.offer.name}` has no rule for `{_title(request)}`"
    yield from found or (one.at(one.places.main, what),)


def _lacking(grant: Grant, request: AccessRequest) -> Iterator[tuple[int, str]]:
    """What a rule lacks, as the index of the list at fault, if it lacks just one thing."""
    parent, _, sub = request.resource.partition("/")
    found = matches(grant, request)
    if found.count(False) != 1:
        return
    match found.index(False):
        case 0:
            yield 0, f"this allows {_listed(grant.verbs)} only"
        case 1:
            group = f"API group `{request.group}`" if request.group else 'the core API group, `""`'
            yield 1, f"`{parent}` are in {group}, which is not among these"
        case 2 if sub and all(matches(grant, request._replace(resource=parent))):
            yield 2, f"`{request.resource}` is not among these"
        case 3:
            yield 3, f"this holds for {_listed(grant.names)} only"


def _of_another(one: _Shown, account: Account, request: AccessRequest, shown: Iterable[_Shown]) -> Iterator[Blamed]:
    """A binding that lets another ServiceAccount do it."""
    binding, wanted = binding_of(one.offer), request.namespace or account.namespace
    reaches = binding.kind != "RoleBinding" or one.offer.namespace in (None, wanted)
    roles = [role_of(role.offer) for role in _roles(one, binding, shown)]
    known = everywhere().get(binding.role) if binding.role_kind == CLUSTER_ROLE else None
    grants = [grant for role in (*roles, *([known] if known else ())) for grant in role.grants]
    if reaches and any(all(matches(grant, request)) for grant in grants):
        for subject, (place, _) in zip(binding.subjects, one.places.parts, strict=True):
            if subject.kind == ACCOUNTS:
                yield one.at(place, f"ServiceAccount `{subject.name}` may, by this binding")


def _roles(one: _Shown, binding: Binding, shown: Iterable[_Shown]) -> Iterator[_Shown]:
    """The roles of the input that a binding gives."""
    for role in shown:
        is_there = binding.role_kind == CLUSTER_ROLE or may_be(role.offer.namespace, one.offer.namespace)
        if (role.offer.kind, role.offer.name) == (binding.role_kind, binding.role) and is_there:
            yield role


def _title(request: AccessRequest) -> str:
    resource, slash, sub = request.resource.partition("/")
    return f"{resource}{'.' if request.group else ''}{request.group}{slash}{sub}"


def _wanted(request: AccessRequest) -> str:
    where = " in all namespaces" if request.namespace == EVERYWHERE else ""
    return f"`{request.verb}` `{_title(request)}`{where}"


def _listed(words: Iterable[str]) -> str:
    *others, last = (f"`{word}`" for word in words)
    return f"{', '.join(others)} and {last}" if others else last
