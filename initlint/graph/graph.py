"""Which workloads can never start, because they wait for each other or for themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from initlint.finding import Place
from initlint.graph.facts import Facts, WorkloadFacts
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


@dataclass(frozen=True, eq=False)
class Graph:
    """All workloads of a run, and what they wait for, as far as the input shows it."""

    workloads: tuple[WorkloadFacts, ...]
    edges: Mapping[WorkloadFacts, tuple[Edge, ...]]
    sources: Mapping[str, Source]

    @classmethod
    def of(cls, facts: Iterable[Facts], reach: Reach, sources: Iterable[Source]) -> Graph:
        """The graph of what the files of a run tell; it does not depend on their order."""
        known = [one for one in facts if not reach.is_patch(one.path)]
        resolver = Resolver(known, reach)
        workloads = sorted(
            (one for one in known if isinstance(one, WorkloadFacts)), key=lambda one: (one.path, one.span)
        )
        edges = {one: tuple(_edges(one, resolver)) for one in workloads if one.waits}
        return cls(tuple(workloads), edges, {source.path: source for source in sources})

    def place(self, path: str, span: Span) -> Place:
        """A place in one of the files."""
        return Place(self.sources[path], span)

    def edge_at(self, place: Place) -> Edge:
        """The edge whose wait stands at a place; raises KeyError where none does."""
        return self._by_place[place.source.path, place.span]

    @cached_property
    def _by_place(self) -> dict[tuple[str, Span], Edge]:
        return {(one.path, edge.wait.span): edge for one, edges in self.edges.items() for edge in edges}

    @cached_property
    def stuck(self) -> dict[WorkloadFacts, Edge]:
        """The workloads that never start, each with the first wait that never ends.

        What is not known may start: the largest set in which each waits for none but its members.
        """
        waiting = {one: _blocking(edges) for one, edges in self.edges.items()}
        stuck = {one for one, groups in waiting.items() if groups}
        dependents: dict[WorkloadFacts, list[WorkloadFacts]] = {}
        for one in stuck:
            for edge in _all(waiting[one]):
                for other in edge.behind.workloads:
                    dependents.setdefault(other, []).append(one)
        new = [one for one in self.workloads if one not in stuck]
        while new:
            for one in dependents.get(new.pop(), ()):
                if one in stuck and not _first(waiting[one], stuck):
                    stuck.discard(one)
                    new.append(one)
        found = ((one, _first(waiting[one], stuck)) for one in self.workloads if one in stuck)
        return {one: edge for one, edge in found if edge}

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


def _all(groups: Iterable[Iterable[Edge]]) -> Iterator[Edge]:
    return (edge for group in groups for edge in group)


def _first(groups: Iterable[Sequence[Edge]], stuck: Container[WorkloadFacts]) -> Edge | None:
    """The first wait that only workloads which never start could end."""
    for group in groups:
        if all(other in stuck for edge in group for other in edge.behind.workloads):
            return group[0]
    return None


def _circling(stuck: Mapping[WorkloadFacts, Edge]) -> dict[WorkloadFacts, Edge]:
    """Those for which others wait that never start; without those for which nobody waits, again and again."""
    waited = Counter(other for edge in stuck.values() for other in edge.behind.workloads)
    left = dict(stuck)
    idle = [one for one in stuck if not waited[one]]
    while idle:
        for other in left.pop(idle.pop()).behind.workloads:
            waited[other] -= 1
            idle += [other] if not waited[other] and other in left else []
    return left


def _way_round(start: WorkloadFacts, edges: Mapping[WorkloadFacts, Edge]) -> tuple[Edge, ...]:
    """The shortest way from a workload through others back to itself; nothing if there is none."""
    before: dict[WorkloadFacts, WorkloadFacts] = {}
    queue = [start]
    for one in queue:
        for other in edges[one].behind.workloads if one in edges else ():
            if other == start and one != start:
                return tuple(reversed([edges[step] for step in _back(one, start, before)]))
            if other not in before and other != start:
                before[other] = one
                queue.append(other)
    return ()


def _back(
    one: WorkloadFacts, start: WorkloadFacts, before: Mapping[WorkloadFacts, WorkloadFacts]
) -> Iterator[WorkloadFacts]:
    while one != start:
        yield one
        one = before[one]
    yield start
