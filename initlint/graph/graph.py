"""Which workloads can never start, because they wait for each other or for themselves."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeGuard

from initlint.finding import Mounted, Place
from initlint.graph.cycles import Circle, Gates
from initlint.graph.edge import WaitEdge
from initlint.graph.facts import Facts, ServiceFacts, WorkloadFacts, scaled
from initlint.graph.installed import in_turn
from initlint.graph.needs import ObjectFacts, ObjectNeed
from initlint.graph.resolve import Resolver
from initlint.graph.turns import comes_later
from initlint.graph.waits import Wanted
from initlint.graph.ways import WayRound
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import may_be
from initlint.text.source import Source, Span


class WorkloadStart(NamedTuple):
    """How a workload comes to start: after how many others, and after which wait for which of them."""

    step: int = 0
    wait: WaitEdge | None = None
    after: WorkloadFacts | None = None


@dataclass(frozen=True, eq=False)
class Graph:
    """All workloads of a run, and what they wait for, as far as the input shows it."""

    workloads: tuple[WorkloadFacts, ...]
    services: tuple[ServiceFacts, ...]
    edges: Mapping[WorkloadFacts, tuple[WaitEdge, ...]]
    sources: Mapping[str, Source]
    objects: tuple[ObjectFacts, ...] = ()

    @classmethod
    def of(cls, facts: Iterable[Facts | ObjectFacts], reach: Reach, sources: Iterable[Source]) -> Graph:
        """The graph of what the files of a run tell; it does not depend on their order."""
        every = sorted(facts, key=lambda one: (one.path, one.span))
        told = [one for one in every if not reach.holds_patches(one.path)]
        known = [scaled(in_turn(one, reach), reach) for one in told if _is_somewhere(one, reach)]
        resolver = Resolver(known, reach)
        workloads = tuple(one for one in known if isinstance(one, WorkloadFacts))
        services = tuple(one for one in known if isinstance(one, ServiceFacts))
        edges = {one: tuple(_edges(one, resolver)) for one in workloads if one.waits}
        objects = tuple(in_turn(one, reach) for one in told if isinstance(one, ObjectFacts))
        return cls(workloads, services, edges, {source.path: source for source in sources}, objects)

    def place(self, path: str, span: Span) -> Place:
        """A place in one of the files."""
        return Place(self.sources[path], span)

    def where(self, edge: WaitEdge) -> Place | Mounted:
        """Where a wait stands: in the manifest, or in a file that its container runs from a ConfigMap."""
        wait, place = edge.wait, self.place(edge.wait.path or edge.workload.path, edge.wait.span)
        if wait.file is None:
            return place
        return Mounted(self.place(wait.file.path, wait.file.span), place, wait.title, wait.file.name)

    def subject_at(self, where: Place | Mounted) -> tuple[WorkloadFacts, str]:
        """The workload, and its container, that wait for or need what stands somewhere; KeyError where none does."""
        place = where.caller if isinstance(where, Mounted) else where
        return self._by_place[place.source.path, place.span]

    @cached_property
    def _by_place(self) -> dict[tuple[str, Span], tuple[WorkloadFacts, str]]:
        needed = {(one.path, need.span): (one, "") for one in self.workloads for need in one.needs}
        waits = ((one, edge.wait) for one, edges in self.edges.items() for edge in edges)
        return needed | {(wait.path or one.path, wait.span): (one, wait.container) for one, wait in waits}

    @cached_property
    def starts(self) -> dict[WorkloadFacts, WorkloadStart]:
        """How each workload comes to start, for those that do; in the order in which they do, step by step.

        What is not known is taken to be there: only known waits for known workloads hold anything up.
        """
        waiting = {one: _blocking(edges) for one, edges in self.edges.items() if not one.is_idle}
        missing = {one: len(groups) for one, groups in waiting.items()}
        started = {one: WorkloadStart() for one in self.workloads if not missing.get(one)}
        gates = Gates.before(edge for groups in waiting.values() for group in groups for edge in group)
        opened, ended = set[int](), set[tuple[WorkloadFacts, Wanted]]()
        queue = list(started)
        for other in queue:
            for gate in gates.of.get(other, ()):
                for edge in gates.held[gate] if gate not in opened else ():
                    missing[edge.workload] -= (edge.workload, edge.wait) not in ended
                    ended.add((edge.workload, edge.wait))
                    if not missing[edge.workload] and edge.workload not in started:
                        started[edge.workload] = WorkloadStart(started[other].step + 1, edge, other)
                        queue.append(edge.workload)
                opened.add(gate)
        return started

    @cached_property
    def stuck(self) -> dict[WorkloadFacts, tuple[WaitEdge, ...]]:
        """The workloads that never start, each with its waits that never end.

        It is the largest set in which each waits for none but its members.
        """
        waiting = {one: _blocking(self.edges[one]) for one in self.workloads if one not in self.starts}
        gates = Gates.before(edge for groups in waiting.values() for group in groups for edge in group)
        opened = {gate for one in self.starts for gate in gates.of.get(one, ())}
        return {one: tuple(_vain(groups, opened)) for one, groups in waiting.items()}

    @cached_property
    def never_starting(self) -> frozenset[WorkloadFacts]:
        """Those that wait for themselves or each other, for what an installer makes only afterwards, or for such."""
        late = {*(edge.workload for edge in self.late), *(one for one, _, _ in self.lacking)}
        found = late | self.stuck.keys()
        new = late
        while new:
            others = (one for one in self.edges if one not in found and not one.is_idle)
            new = {one for one in others if any(_is_vain(group, found) for group in _blocking(self.edges[one]))}
            found |= new
        return frozenset(found)

    @property
    def longest(self) -> tuple[WaitEdge, ...]:
        """The longest chain of waits, from the workload that starts last; each waits for the next one."""
        last = max(self.starts, key=lambda one: self.starts[one].step, default=None)
        chain = []
        while last is not None:
            start = self.starts[last]
            chain += [start.wait] if start.wait else []
            last = start.after
        return tuple(chain)

    @cached_property
    def cycles(self) -> tuple[WayRound, ...]:
        """For each wait by which a workload waits for itself by way of others: the shortest way round."""
        return Circle(self.stuck).ways()

    @cached_property
    def self_waits(self) -> tuple[WaitEdge, ...]:
        """The waits of those that wait for themselves, but for those by which they wait for each other."""
        told = {(way.first.workload, way.first.wait.where) for way in self.cycles}
        found = {
            (one, edge.wait.where): edge
            for one, edges in self.stuck.items()
            for edge in reversed(edges)
            if one in edge.behind.workloads and (one, edge.wait.where) not in told
        }
        return tuple(sorted(found.values(), key=lambda edge: (edge.workload.path, edge.wait.where)))

    @cached_property
    def vanishing(self) -> tuple[WaitEdge, ...]:
        """The waits for Jobs that are deleted once they are done, of workloads whose Pods may start at any time."""
        return tuple(
            edge
            for one in self.workloads
            if one.ref.kind not in ("Job", "Pod")
            for edge in self.edges.get(one, ())
            if edge.wait.blocks and len(edge.wait.targets) == 1 and any(job.removal for job in edge.behind.workloads)
        )

    @cached_property
    def late(self) -> tuple[WaitEdge, ...]:
        """The waits for what an installer makes only once the one that waits is done, of one release."""
        return tuple(
            edge
            for one, edges in self.edges.items()
            for group in _blocking(edges)
            for edge in group[:1]
            if not one.is_idle and all(_is_late(one, other) for edge in group for other in edge.behind.workloads)
        )

    def turns(self, *several: WorkloadFacts | ObjectFacts) -> Iterator[tuple[Place, str]]:
        """Where it stands when some objects are made, each with what messages call it."""
        for one in several:
            if one.turn and one.turn.by and one.turn.span:
                yield self.place(one.path, one.turn.span), one.title

    @cached_property
    def lacking(self) -> tuple[tuple[WorkloadFacts, ObjectNeed, ObjectFacts], ...]:
        """What workloads cannot start without and an installer makes only once they are done, of one release."""
        named: dict[tuple[str, str], list[ObjectFacts]] = {}
        for one in self.objects:
            named.setdefault((one.kind, one.name), []).append(one)
        running = (one for one in self.workloads if not one.is_idle)
        wanted = ((one, need, named.get((need.kind, need.name), ())) for one in running for need in one.needs)
        return tuple((one, need, found[0]) for one, need, found in wanted if found and _are_late(one, found))


def _is_somewhere(one: Facts | ObjectFacts, reach: Reach) -> TypeGuard[Facts]:
    """Whether an object comes into a cluster as it is told."""
    is_of_any = not isinstance(one, WorkloadFacts) or any(map(one.is_of, reach.applied(one.path)))
    return not isinstance(one, ObjectFacts) and is_of_any


def _are_late(one: WorkloadFacts, found: Iterable[ObjectFacts]) -> bool:
    """Whether each object of the same name that may be meant is made too late."""
    meant = [other for other in found if may_be(other.namespace, one.ref.namespace)]
    return bool(meant) and all(other.namespace == one.ref.namespace and _is_late(one, other) for other in meant)


def _is_late(one: WorkloadFacts, other: WorkloadFacts | ObjectFacts) -> bool:
    """Whether a workload is made before something else of its release, which is made only once it is done."""
    if one.turn is None or other.turn is None or not comes_later(other.turn, one.turn):
        return False
    return one.turn.is_with(other.turn)


def _edges(workload: WorkloadFacts, resolver: Resolver) -> Iterator[WaitEdge]:
    for wait in workload.waits:
        for target in wait.targets:
            yield WaitEdge(workload, wait, target, resolver.behind(target, workload))


def _blocking(edges: Iterable[WaitEdge]) -> list[list[WaitEdge]]:
    """The waits without which a workload does not start; of each, everything that would end it is known."""
    groups: dict[Wanted, list[WaitEdge]] = {}
    for edge in edges:
        groups.setdefault(edge.wait, []).append(edge)
    return [
        group
        for wait, group in groups.items()
        if wait.blocks and all(edge.behind.workloads and not edge.behind.at_once for edge in group)
    ]


def _is_vain(group: Iterable[WaitEdge], never: Container[WorkloadFacts]) -> bool:
    """Whether nothing that starts could end a wait."""
    return all(one in never for edge in group for one in edge.behind.workloads)


def _vain(groups: Iterable[Sequence[WaitEdge]], opened: Container[int]) -> Iterator[WaitEdge]:
    """The waits that nothing which starts could end."""
    for group in groups:
        if not any(id(edge.behind.workloads) in opened for edge in group):
            yield from group
