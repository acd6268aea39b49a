"""The API server's verdict about a workload, as far as it is known: nothing about patches and what they fill in."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.kustomize.patches import has_directive
from initlint.kube.pods.pod import Workload
from initlint.kube.terms.objection import Objection
from initlint.kube.terms.unknown import EVERYTHING, Part, Unknown
from initlint.kube.validation.decode import verdict
from initlint.regex import regex

_CONTAINER = regex(r"(?:^|\.)(?:initC|c)ontainers(?:\[\d+\]\.(\w+))?")
_VOLUMES = regex(r"(?:^|\.)spec\.volumes\b")
_PARTS = {
    "image": Part.IMAGES,
    "command": Part.COMMANDS,
    "args": Part.COMMANDS,
    "volumeMounts": Part.MOUNTS,
    "volumeDevices": Part.MOUNTS,
    "resources": Part.RESOURCES,
}


def schema_objections(workload: Workload) -> Iterator[Objection]:
    """What the schema of the target version does not allow."""
    _require_whole(workload)
    found = verdict(workload)
    yield from found.unfit
    # What has no Pod at all may be completed by a patch.
    yield from found.missing if workload.pods else ()


def invalid_objections(workload: Workload) -> Iterator[Objection]:
    """What validation refuses, and no rule of its own tells. May raise Unknown once it has told what is known."""
    _require_whole(workload)
    pods, unknown = workload.pods, set[Part]()
    for objection in verdict(workload).invalid if pods else ():
        part = _part_of(objection.field)
        if part is not None and part in pods[0].unknown:
            unknown.add(part)
        else:
            yield objection
    if unknown:
        pods[0].require(*sorted(unknown, key=lambda part: part.name))


def _require_whole(workload: Workload) -> None:
    if not workload.node["apiVersion"].value:
        raise Unknown("it has no `apiVersion`, as what is put together later has none")
    if not workload.is_built_in:
        raise Unknown(f"a {workload.kind} is not one of Kubernetes' own")
    if not workload.pods and (workload.cluster.is_patch(workload.node.source.path) or has_directive(workload.node)):
        raise Unknown("it is a patch")
    for pod in workload.pods:
        if pod.unknown.keys() >= EVERYTHING:
            pod.require(*Part)


def _part_of(field: str) -> Part | None:
    """The part of a Pod that a field belongs to, if it is one that patches are known to change."""
    if match := _CONTAINER.search(field):
        return _PARTS.get(match[1], Part.CONTAINERS)
    return Part.VOLUMES if _VOLUMES.search(field) else None
