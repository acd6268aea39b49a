"""The objects that a manifest holds, by kind and name, with the keys of those that Pods read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from initlint.kube.inventory import making
from initlint.kube.kustomize import generators
from initlint.kube.kustomize.kustomization import is_kustomization
from initlint.kube.terms.cluster import EXISTING, Offer
from initlint.kube.terms.homes import group_of
from initlint.kube.terms.placeholder import is_placeholder
from initlint.regex import regex
from initlint.text.tree import Node

CUSTOM, CHART = "custom resource", "chart"
OTHER = "other custom resource"
"""One whose controller makes nothing that carries its name."""
KEYS, LISTED, CLAIMS = "key ", "keys in ", "claim "
"""How facts begin: a key of a ConfigMap or Secret, a file that lists some, and the name of a template for claims."""
UNKNOWN_KEYS = "other keys"
FOR_SECRETS = "of which Secrets are made"
ANY_NAME = "<any>"

# What stands for objects that somebody else renders.
_CHARTS = ("HelmRelease", "HelmChart", "Application", "ApplicationSet", "Kustomization", "Subscription", "GitRepo",
           "PackageInstall")  # fmt: skip
_REMOTE = regex(r"://|^git@|\?ref=|^github\.com/|^[\w.-]+\.(?:com|org|io)/")
_WITH_KEYS = ("ConfigMap", "Secret")
# Annotations and labels by which controllers add keys, or copy the object to other namespaces.
_FILLED = regex(r"inject|replicat|reflect|sync|copy|mirror|service-account\.name")
_COPIED = regex(r"replicat|reflect|sync|copy|mirror")


def offers(root: Node) -> Iterator[Offer]:
    """What is there because of an object: itself, what it generates, and what may be made because of it."""
    if is_kustomization(root) and not root["spec"]:
        yield from _of_kustomization(root)
        return
    kind = root["kind"].value
    if kind in _CHARTS:
        yield Offer(EXISTING, None, f"{CHART}/{root['metadata']['name'].value}", by=root.source.path)
    elif kind:
        yield _itself(root)
        yield from making.offers(root)


def _itself(root: Node) -> Offer:
    group, kind, metadata = group_of(root), root["kind"].value, root["metadata"]
    if making.is_of_others(group):
        kind = CUSTOM if making.makes_others(group, kind) else OTHER
    name = metadata["name"].value or f"{metadata['generateName'].value}{ANY_NAME}"
    marks = [key.value for listed in ("annotations", "labels") for key, _ in metadata[listed].items()]
    namespace = None if any(map(_COPIED.search, marks)) else metadata["namespace"].value or None
    return Offer(EXISTING, namespace, f"{kind}/{name}", tuple(_facts(root, marks)), by=root.source.path)


def _facts(root: Node, marks: list[str]) -> Iterator[str]:
    if root["kind"].value in _WITH_KEYS:
        yield from _keys(root, marks)
    elif making.is_of_others(group_of(root)) and "Secret" in root["kind"].value:
        yield FOR_SECRETS
    elif root["kind"].value == "StatefulSet":
        yield from (f"{CLAIMS}{one['metadata']['name'].value}" for one in root["spec"]["volumeClaimTemplates"])


def _keys(root: Node, marks: list[str]) -> Iterator[str]:
    """Where it is, and the keys; controllers fill what has none, and what is marked for them."""
    keys = {key.value for part in ("data", "stringData", "binaryData") for key, _ in root[part].items()}
    name = root["metadata"]["name"].span
    yield f"{name.start}-{name.end}"
    if not keys or any(map(_FILLED.search, marks)) or "service-account" in root["type"].value:
        yield UNKNOWN_KEYS
    yield from (UNKNOWN_KEYS if is_placeholder(key) and "$" in key else f"{KEYS}{key}" for key in sorted(keys))


def _of_kustomization(root: Node) -> Iterator[Offer]:
    """Charts and what lies elsewhere may hold anything; generators make objects whose names get a hash."""
    listed = [one.value for key in ("resources", "bases", "components") for one in root[key]]
    renders = any(root[key] for key in ("helmCharts", "helmChartInflationGenerator", "generators"))
    if renders or any(map(_REMOTE.search, listed)):
        yield Offer(EXISTING, None, f"{CHART}/", by=root.source.path)
    for kind in _WITH_KEYS:
        for one in root[f"{kind[0].lower()}{kind[1:]}Generator"]:
            namespace = one["namespace"].value or root["namespace"].value or None
            facts = tuple(_generated(one))
            yield Offer(EXISTING, namespace, f"{kind}/{one['name'].value}", facts, by=root.source.path)


def _generated(generator: Node) -> Iterator[str]:
    """The keys of literals and files, and where others are listed; what is merged with another object may have more."""
    name = generator["name"].span
    yield f"{name.start}-{name.end}"
    if generator["behavior"].value in ("merge", "replace"):
        yield UNKNOWN_KEYS
    yield from (f"{LISTED}{path}" for path in generators.lists(generator))
    yield from (f"{KEYS}{one.value.partition('=')[0]}" for one in generator["literals"])
    for one in generator["files"]:
        key, is_named, _ = one.value.partition("=")
        yield f"{KEYS}{key if is_named else posixpath.basename(one.value)}"
