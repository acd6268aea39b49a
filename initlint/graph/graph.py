"""Which workloads can never start, because they wait for each other or for themselves."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from initlint.finding import Mounted, Place
from initlint.graph.facts import Facts, ServiceFacts, WorkloadFacts
from initlint.graph.resolve import Behind, Resolver
from initlint.graph.waits import Target, Wanted
from initlint.kube.reach import Reach
from initlint.source import Source, Span


class Edge(NamedTuple):
    """A workload that waits, for what, and what stands behind that."""

    workload: WorkloadFacts
    wait: Wanted
    target: Target
    behind: Behind


class Start(NamedTuple):
    """How a workload comes to start: after how many others, and after which wait for which of them."""

    step: int = 0
    wait: Edge | None = None
    after: WorkloadFacts | None = None


@dataclass(frozen=True, eq=False)
class Graph:
    """All workloads of a run, and what they wait for, as far as the input shows it."""

    workloads: tuple[WorkloadFacts, ...]
    services: tuple[ServiceFacts, ...]
    edges: Mapping[WorkloadFacts, tuple[Edge, ...]]
    sources: Mapping[str, Source]

    @classmethod
    def of(cls, facts: Iterable[Facts], reach: Reach, sources: Iterable[Source]) -> Graph:
        """The graph of what the files of a run tell; it does not depend on their order."""
        known = [one for one in facts if not reach.is_patch(one.path)]
        known.sort(key=lambda one: (one.path, one.span))
        resolver = Resolver(known, reach)
        workloads = tuple(one for one in known if isinstance(one, WorkloadFacts))
        services = tuple(one for one in known if isinstance(one, ServiceFacts))
        edges = {one: tuple(_edges(one, resolver)) for one in workloads if one.waits}
        return cls(workloads, services, edges, {source.path: source for source in sources})

    def place(self, path: str, span: Span) -> Place:
        """A place in one of the files."""
        return Place(self.sources[path], span)

    def where(self, edge: Edge) -> Place | Mounted:
        """Where a wait stands: in the manifest, or in a file that its container runs from a ConfigMap."""
        wait, place = edge.wait, self.place(edge.workload.path, edge.wait.span)
        if wait.file is None:
            return place
        return Mounted(self.place(wait.file.path, wait.file.span), place, wait.title, wait.file.name)

    def edge_at(self, where: Place | Mounted) -> Edge:
        """The edge whose wait stands somewhere; raises KeyError where none does."""
        place = where.caller if isinstance(where, Mounted) else where
        return self._by_place[place.source.path, place.span]

    @cached_property
    def _by_place(self) -> dict[tuple[str, Span], Edge]:
        return {(one.path, edge.wait.span): edge for one, edges in self.edges.items() for edge in edges}

    @cached_property
    def starts(self) -> dict[WorkloadFacts, Start]:
        """How each workload comes to start, for those that do; in the order in which they do, step by step.

        What is not known is taken to be there: only known waits for known workloads hold anything up.
        """
        waiting = {one: _blocking(edges) for one, edges in self.edges.items()}
        missing = {one: len(groups) for one, groups in waiting.items()}
        started = {one: Start() for one in self.workloads if not missing.get(one)}
        gates = _gates(edge for groups in waiting.values() for group in groups for edge in group)
        opened, ended = set[int](), set[tuple[WorkloadFacts, Wanted]]()
        queue = list(started)
        for other in queue:
            for gate in gates.of.get(other, ()):
                for edge in gates.held[gate] if gate not in opened else ():
                    missing[edge.workload] -= (edge.workload, edge.wait) not in ended
                    ended.add((edge.workload, edge.wait))
                    if not missing[edge.workload] and edge.workload not in started:
                        started[edge.workload] = Start(started[other].step + 1, edge, other)
                        queue.append(edge.workload)
                opened.add(gate)
        return started

    @cached_property
    def stuck(self) -> dict[WorkloadFacts, Edge]:
        """The workloads that never start, each with the first wait that never ends.

        It is the largest set in which each waits for none but its members.
        """
        waiting = {one: _blocking(self.edges[one]) for one in self.workloads if one not in self.starts}
        gates = _gates(edge for groups in waiting.values() for group in groups for edge in group)
        opened = {gate for one in self.starts for gate in gates.of.get(one, ())}
        found = ((one, _first(groups, opened)) for one, groups in waiting.items())
        return {one: edge for one, edge in found if edge}

    @property
    def longest(self) -> tuple[Edge, ...]:
        """The longest chain of waits, from the workload that starts last; each waits for the next one."""
        last = max(self.starts, key=lambda one: self.starts[one].step, default=None)
        chain = []
        while last is not None:
            start = self.starts[last]
            chain += [start.wait] if start.wait else []
            last = start.after
        return tuple(chain)

    @cached_property
    def cycles(self) -> dict[WorkloadFacts, tuple[Edge, ...]]:
        """For each workload that waits for itself by way of others: the shortest way round, beginning with it."""
        found: dict[WorkloadFacts, tuple[Edge, ...]] = {}
        circling = _circling(self.stuck)
        for one in circling:
            way = found.get(one) or _way_round(one, circling)
            # All of them are on the same way, and each may begin it.
            for index, edge in enumerate(way):
                found.setdefault(edge.workload, (*way[index:], *way[:index]))
        return found

    @cached_property
    def self_waits(self) -> tuple[Edge, ...]:
        """The waits of those that wait for themselves, and not for another one that waits for them."""
        stuck = self.stuck.items()
        return tuple(edge for one, edge in stuck if one in edge.behind.workloads and one not in self.cycles)


def _edges(workload: WorkloadFacts, resolver: Resolver) -> Iterator[Edge]:
    for wait in workload.waits:
        for target in wait.targets:
            yield Edge(workload, wait, target, resolver.behind(target, workload))


def _blocking(edges: Iterable[Edge]) -> list[list[Edge]]:
    """The waits without which a workload does not start; of each, everything that would end it is known."""
    groups: dict[Wanted, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(edge.wait, []).append(edge)
    return [
        group
        for wait, group in groups.items()
        if wait.blocks and all(edge.behind.workloads and not edge.behind.at_once for edge in group)
    ]


class _Gates(NamedTuple):
    """What is held up by the same workloads together: by the identity of their tuple, as many waits may share one."""

    held: Mapping[int, Sequence[Edge]]
    of: Mapping[WorkloadFacts, Sequence[int]]


def _gates(edges: Iterable[Edge]) -> _Gates:
    held: dict[int, list[Edge]] = {}
    for edge in edges:
        held.setdefault(id(edge.behind.workloads), []).append(edge)
    of: dict[WorkloadFacts, list[int]] = {}
    for gate, (first, *_) in held.items():
        for other in first.behind.workloads:
            of.setdefault(other, []).append(gate)
    return _Gates(held, of)


def _first(groups: Iterable[Sequence[Edge]], opened: Container[int]) -> Edge | None:
    """The first wait that nothing which starts could end."""
    for group in groups:
        if not any(id(edge.behind.workloads) in opened for edge in group):
            return group[0]
    return None


def _circling(stuck: Mapping[WorkloadFacts, Edge]) -> dict[WorkloadFacts, Edge]:
    """Those for which others wait that never start; without those for which nobody waits, again and again."""
    gates = _gates(stuck.values())
    waiting = {gate: len(held) for gate, held in gates.held.items()}
    waited = {one: len(listed) for one, listed in gates.of.items()}
    left = dict(stuck)
    idle = [one for one in stuck if not waited.get(one)]
    while idle:
        edge = left.pop(idle.pop())
        gate = id(edge.behind.workloads)
        waiting[gate] -= 1
        for other in edge.behind.workloads if not waiting[gate] else ():
            waited[other] -= 1
            idle += [other] if not waited[other] and other in left else []
    return left


def _way_round(start: WorkloadFacts, edges: Mapping[WorkloadFacts, Edge]) -> tuple[Edge, ...]:
    """The shortest way from a workload through others back to itself; nothing if there is none."""
    before: dict[WorkloadFacts, WorkloadFacts] = {}
    passed = set[int]()
    queue = [start]
    for one in queue:
        others = edges[one].behind.workloads if one in edges else ()
        if one != start and start in others:
            return tuple(reversed([edges[step] for step in _back(one, start, before)]))
        for other in others if id(others) not in passed else ():
            if other not in before and other != start:
                before[other] = one
                queue.append(other)
        passed.add(id(others))
    return ()


def _back(
    one: WorkloadFacts, start: WorkloadFacts, before: Mapping[WorkloadFacts, WorkloadFacts]
) -> Iterator[WorkloadFacts]:
    while one != start:
        yield one
        one = before[one]
    yield start
