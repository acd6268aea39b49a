"""Who made an object: what a cluster answers holds Pods and Jobs beside the workloads whose templates they repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from initlint.finding import ObjectRef
from initlint.report import Checked
from initlint.text.tree import Node

# What they make differs in names and in what is injected; what a Node or a custom resource owns may be anything.
_COPYING = (
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "ReplicaSet",
    "ReplicationController",
    "Rollout",
    "StatefulSet",
)
# The controllers of ReplicaSets that name them by their own name and the hash of the template, and the label with it.
_BY_HASH = (
    ("apps/v1", "Deployment", "pod-template-hash"),
    ("argoproj.io/v1alpha1", "Rollout", "rollouts-pod-template-hash"),
)


def owners(node: Node) -> Iterator[ObjectRef]:
    """The controller of an object, and of a ReplicaSet's Pod what the ReplicaSet was made for."""
    metadata = node["metadata"]
    namespace = metadata["namespace"].value or None
    for reference in metadata["ownerReferences"]:
        kind, name = reference["kind"].value, reference["name"].value
        if reference["controller"].truth is not True or kind not in _COPYING:
            continue
        yield ObjectRef(reference["apiVersion"].value, kind, namespace, name)
        if kind == "ReplicaSet":
            yield from _behind(metadata, namespace, name)


def _behind(metadata: Node, namespace: str | None, replica_set: str) -> Iterator[ObjectRef]:
    for api_version, kind, label in _BY_HASH:
        suffix = f"-{metadata['labels'][label]}"
        if len(suffix) > 1 and replica_set.endswith(suffix):
            yield ObjectRef(api_version, kind, namespace, replica_set.removesuffix(suffix))


def repeated(objects: Iterable[Checked]) -> set[tuple[str, ObjectRef]]:
    """The objects that say what another one says: their owner, or one before them with the same owner."""
    known = list(objects)
    said = {one.object for one in known}
    repeating = set()
    for one in known:
        if not said.isdisjoint(one.owners):
            repeating.add((one.path, one.object))
        said.update(one.owners[:1])
    return repeating
