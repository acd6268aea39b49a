"""The facts of a run by the names and labels that their objects have in the end, where kustomizations take these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from initlint.graph.facts import Facts, ServiceFacts, WorkloadFacts, patched
from initlint.kube.kustomize.applied import ALONE, Applied, Labels
from initlint.kube.kustomize.reach import Reach


class Seen(NamedTuple):
    """What an object is in the end; `labels` are those of a workload's Pods, or those that a Service selects by."""

    namespace: str | None
    name: str
    labels: Labels
    is_known: bool


class Index:
    """The facts that come through one kustomization last, or through none."""

    def __init__(self, facts: Iterable[Facts], reach: Reach, root: str) -> None:
        self.seen: dict[Facts, Seen] = {}
        self.services: dict[tuple[str | None, str], list[ServiceFacts]] = {}
        self.objects: dict[tuple[str, str], list[WorkloadFacts]] = {}
        self.labelled: dict[tuple[str, str], list[WorkloadFacts]] = {}
        for one in facts:
            applied = reach.seen(one.path, root)
            if applied and isinstance(one, ServiceFacts):
                known = patched(one, reach, root)
                self._add_service(known or one, applied, is_known=known is not None)
            elif applied and isinstance(one, WorkloadFacts):
                self._add_workload(one, applied)

    def _add_service(self, one: ServiceFacts, applied: Applied, *, is_known: bool) -> None:
        namespace, name = applied.place(one.namespace), applied.name(one.name)
        self.seen[one] = Seen(namespace, name, applied.selecting(one.selector), is_known and applied.is_known)
        self.services.setdefault((namespace, name), []).append(one)

    def _add_workload(self, one: WorkloadFacts, applied: Applied) -> None:
        name, labels = applied.name(one.ref.name), applied.labelled(one.labels)
        self.seen[one] = Seen(applied.place(one.ref.namespace), name, labels, applied.is_known)
        self.objects.setdefault((one.ref.kind.lower(), name), []).append(one)
        for label in labels:
            self.labelled.setdefault(label, []).append(one)


class Indices:
    """An index for each kustomization whose objects are asked for."""

    def __init__(self, facts: Iterable[Facts], reach: Reach) -> None:
        self._reach = reach
        self._facts: dict[str, list[Facts]] = {}
        for one in facts:
            for root in reach.applied(one.path):
                if not isinstance(one, WorkloadFacts) or one.is_of(root):
                    self._facts.setdefault(root, []).append(one)
        self._made: dict[str, tuple[Index, ...]] = {}

    def of(self, root: str) -> Sequence[Index]:
        """What comes into one cluster with what one kustomization takes: that, and what none does."""
        if root not in self._made:
            taken = self._facts.get(root, ()) if root != ALONE else self._taken()
            index = Index(taken, self._reach, root)
            alone = Index(self._facts.get(ALONE, ()), self._reach, ALONE) if root == ALONE else self.of(ALONE)[1]
            self._made[root] = (index, alone)
        return self._made[root]

    def _taken(self) -> Iterable[Facts]:
        """What any kustomization takes, once."""
        return dict.fromkeys(one for root, listed in self._facts.items() if root != ALONE for one in listed)
