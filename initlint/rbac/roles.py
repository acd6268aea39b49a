"""Roles, bindings and ServiceAccounts as a manifest offers them to others, and the roles that every cluster has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from initlint.kube.terms.cluster import Offer
from initlint.kube.terms.homes import RBAC_GROUP, group_of, manifests
from initlint.shipped import data
from initlint.text.documents import documents
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Node

ACCOUNTS, BINDINGS = "ServiceAccount", "binding of a role"
ROLE, CLUSTER_ROLE = "Role", "ClusterRole"
RULED = "file with permissions of ServiceAccounts"

_RULE = ("verbs", "apiGroups", "resources", "resourceNames")

_FILE = Path(__file__).with_name("roles.yaml")


class Grant(NamedTuple):
    """A rule of a role, in the words of the API."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    names: tuple[str, ...] = ()


class BindingSubject(NamedTuple):
    """Whom a binding gives a role."""

    kind: str
    name: str
    namespace: str | None = None


class Binding(NamedTuple):
    """A RoleBinding or ClusterRoleBinding: which role it gives, and whom."""

    kind: str
    role_kind: str
    role: str
    subjects: tuple[BindingSubject, ...]


class RbacRole(NamedTuple):
    """A Role or ClusterRole; `gathers` are the labels of those that are part of it, None if that is not known."""

    grants: tuple[Grant, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    gathers: tuple[tuple[tuple[str, str], ...], ...] | None = ()


class Places(NamedTuple):
    """Spans of what a role, a binding or a ServiceAccount says.

    `main` is a role's name or the one that a binding refers to. The `parts` are the lists of each rule, the name and
    the namespace of each subject, or the setting for the token.
    """

    main: Span
    parts: tuple[tuple[Span, ...], ...]
    namespace: Span = Span(0, 0)


def offers(root: Node) -> Iterator[Offer]:
    """That a file holds an object which decides what a ServiceAccount may do; few runs ask what it says."""
    group, kind = group_of(root), root["kind"].value
    if group == RBAC_GROUP or (group, kind) == ("", ACCOUNTS):
        yield Offer(RULED, None, "", by=root.source.path)


def of_file(source: Source) -> Iterator[Offer]:
    """What the objects of a file say of the permissions of ServiceAccounts."""
    for document in documents(source):
        for node in manifests(document.root) if isinstance(document, Document) else ():
            yield from of_object(node)


def of_object(root: Node) -> Iterator[Offer]:
    """What one object says of that; what a patch has put into it stands where it is named."""
    group, kind = group_of(root), root["kind"].value
    if (group, kind) == ("", ACCOUNTS):
        token = root["automountServiceAccountToken"]
        is_mounted = str(token.truth is not False)
        yield _offer(ACCOUNTS, root, is_mounted, Places(root["metadata"]["name"].span, ((_span(token, root),),)))
    elif group == RBAC_GROUP and kind in (ROLE, CLUSTER_ROLE):
        lists = tuple(tuple(_span(rule[key], root) for key in _RULE) for rule in root["rules"])
        yield _offer(kind, root, json.dumps(_role(root)), Places(root["metadata"]["name"].span, lists))
    elif group == RBAC_GROUP and kind in ("RoleBinding", "ClusterRoleBinding"):
        subjects = tuple((_span(one["name"], root), _span(one["namespace"], root)) for one in root["subjects"])
        places = Places(_span(root["roleRef"]["name"], root), subjects, root["metadata"]["namespace"].span)
        yield _offer(BINDINGS, root, json.dumps(_binding(root)), places)


def _span(node: Node, root: Node) -> Span:
    return node.span if node.source is root.source else root["metadata"]["name"].span


def _offer(kind: str, root: Node, fact: str, places: Places) -> Offer:
    metadata = root["metadata"]
    namespace = metadata["namespace"].value or None
    return Offer(kind, namespace, metadata["name"].value, (fact, json.dumps(places)), by=root.source.path)


def places_of(offer: Offer) -> Places:
    """Where the parts of what is offered stand in its file."""
    main, parts, namespace = json.loads(offer.facts[1])
    return Places(Span(*main), tuple(tuple(Span(*span) for span in part) for part in parts), Span(*namespace))


def _role(root: Node) -> RbacRole:
    grants = (Grant(*(_texts(rule[key]) for key in _RULE)) for rule in root["rules"])
    selectors = list(root["aggregationRule"]["clusterRoleSelectors"])
    is_plain = not any(one["matchExpressions"] for one in selectors)
    gathers = tuple(_labels(one["matchLabels"]) for one in selectors) if is_plain else None
    return RbacRole(tuple(grants), _labels(root["metadata"]["labels"]), gathers)


def _binding(root: Node) -> Binding:
    subjects = (BindingSubject(one["kind"].value, one["name"].value, one["namespace"].value or None)
                for one in root["subjects"])  # fmt: skip
    role = root["roleRef"]
    return Binding(root["kind"].value, role["kind"].value, role["name"].value, tuple(subjects))


def _texts(nodes: Node) -> tuple[str, ...]:
    return tuple(node.value for node in nodes)


def _labels(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((key.value, value.value) for key, value in node.items())


def role_of(offer: Offer) -> RbacRole:
    """The role that is offered."""
    grants, labels, gathers = json.loads(offer.facts[0])
    selectors = None if gathers is None else tuple(_pairs(one) for one in gathers)
    return RbacRole(tuple(map(grant_of, grants)), _pairs(labels), selectors)


def grant_of(raw: Iterable[Iterable[str]]) -> Grant:
    """A rule, as JSON holds it."""
    return Grant(*map(tuple, raw))


def _pairs(raw: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in raw)


def binding_of(offer: Offer) -> Binding:
    """The binding that is offered."""
    kind, role_kind, role, subjects = json.loads(offer.facts[0])
    return Binding(kind, role_kind, role, tuple(BindingSubject(*one) for one in subjects))


@cache
def everywhere() -> dict[str, RbacRole]:
    """The ClusterRoles for users that every cluster has, with the labels of those that become part of them."""
    raw = data(_FILE)
    found: dict[str, RbacRole] = {}
    for name in reversed(raw):
        part = found.get(raw[name].get("also", ""), RbacRole())
        grants = (_known(rule) for rule in raw[name]["rules"])
        label = (f"{RBAC_GROUP}/aggregate-to-{name}", "true")
        found[name] = RbacRole((*grants, *part.grants), gathers=(*(part.gathers or ()), (label,)))
    return found


def _known(rule: dict[str, str]) -> Grant:
    return Grant(tuple(rule["verbs"].split()), tuple(rule.get("groups", "").split() or [""]),
                 tuple(rule["resources"].split()))  # fmt: skip
