"""The waits that patches add to the workloads of a run: those of init containers which they add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from initlint.graph.facts import Facts, WorkloadFacts
from initlint.kube.kustomize.named import Written
from initlint.kube.kustomize.reach import Reach

_Patches = Mapping[tuple[str, str], Sequence[WorkloadFacts]]


def with_patches(known: Sequence[Facts], patches: Iterable[WorkloadFacts], reach: Reach) -> Sequence[Facts]:
    """What the files of a run tell, with what patches add to it; of overlays that differ, only where one adds waits."""
    waiting: dict[tuple[str, str], list[WorkloadFacts]] = {}
    for one in patches:
        if one.waits:
            waiting.setdefault((one.ref.kind, one.ref.name), []).append(one)
    if not waiting:
        return known
    found = {one: dict(_meant(one, waiting, reach)) for one in known if isinstance(one, WorkloadFacts)}
    shared = {one for one in found if len(reach.applied(one.path)) > 1}
    is_clear = len({folder for one in shared for folder in found[one].values()}) < 2
    return [
        _with(one, found[one]) if isinstance(one, WorkloadFacts) and (is_clear or one not in shared) else one
        for one in known
    ]


def _meant(one: WorkloadFacts, waiting: _Patches, reach: Reach) -> Iterator[tuple[WorkloadFacts, str]]:
    """The patches for a workload, each with the folder of the kustomization that applies it."""
    for patch in waiting.get((one.ref.kind, one.ref.name), ()) if one.asks_cluster else ():
        written = Written(one.ref.kind, one.ref.name, one.ref.namespace or "", one.path)
        if folder := reach.patched_by(written, patch.path):
            yield patch, folder


def _with(one: WorkloadFacts, patches: Iterable[WorkloadFacts]) -> WorkloadFacts:
    added = tuple(wait for patch in patches for wait in patch.waits)
    return replace(one, waits=(*one.waits, *added)) if added else one
