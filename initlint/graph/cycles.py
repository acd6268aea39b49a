"""The ways round of those that wait for each other: of each wait that never ends, the shortest one that it lies on."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple, TypeAlias

from initlint.graph.edge import WaitEdge
from initlint.graph.facts import WorkloadFacts
from initlint.graph.waits import Spot
from initlint.graph.ways import Hop, Midst, WayRound, on_ring

_MOST_STEPS = 200_000
"""So many steps are taken for the shortest ways; of those that are left, workloads without any get a longer one."""

_Vertex: TypeAlias = WorkloadFacts | int
_Neighbours: TypeAlias = Callable[[_Vertex], Iterable[_Vertex]]


class Gates(NamedTuple):
    """What is held up by the same workloads together: by the identity of their tuple, as many waits may share one."""

    held: Mapping[int, Sequence[WaitEdge]]
    of: Mapping[WorkloadFacts, Sequence[int]]

    @classmethod
    def before(cls, edges: Iterable[WaitEdge]) -> Gates:
        """Those that stand before these waits."""
        held: dict[int, list[WaitEdge]] = {}
        for edge in edges:
            held.setdefault(id(edge.behind.workloads), []).append(edge)
        of: dict[WorkloadFacts, list[int]] = {}
        for gate, (first, *_) in held.items():
            for other in first.behind.workloads:
                of.setdefault(other, []).append(gate)
        return cls(held, of)


@dataclass(eq=False)
class Circle:
    """Workloads that never start, each with the waits of it that never end."""

    waiting: Mapping[WorkloadFacts, Sequence[WaitEdge]]
    steps: int = 0
    told: dict[tuple[WorkloadFacts, Spot], WayRound] = field(default_factory=dict)
    _having: set[WorkloadFacts] = field(default_factory=set)
    _midsts: dict[_Vertex, Midst] = field(default_factory=dict)

    @cached_property
    def gates(self) -> Gates:
        """What holds them up."""
        return Gates.before(edge for edges in self.waiting.values() for edge in edges)

    def ways(self) -> tuple[WayRound, ...]:
        """For each wait that lies on a way round through others: the shortest one, beginning with it."""
        edges = [edge for edges in self.waiting.values() for edge in edges if self._others(edge)]
        for edge in edges:
            if edge.workload not in self._having:
                self._find(edge)
        for edge in edges:
            if (edge.workload, edge.wait.where) not in self.told and self.steps < _MOST_STEPS:
                self._find(edge)
        order = dict.fromkeys((edge.workload, edge.wait.where) for edge in edges)
        return tuple(self.told[key] for key in order if key in self.told)

    def _find(self, edge: WaitEdge) -> None:
        """The shortest way with a wait, or one through the midst; each wait of a ring may begin it."""
        others = self._others(edge)
        if self.steps >= _MOST_STEPS:
            self._tell(self._midst(edge.workload).way(edge, others))
            return
        ring = (edge, *self._back(edge.workload, others))
        for index, one in enumerate(ring):
            if (one.workload, one.wait.where) not in self.told:
                self._tell(on_ring(ring, index))

    def _tell(self, way: WayRound) -> None:
        self.told[way.first.workload, way.first.wait.where] = way
        self._having.add(way.first.workload)

    def _midst(self, one: WorkloadFacts) -> Midst:
        """That of the workloads which wait for each other with this one."""
        component = self._components[one]
        if component not in self._midsts:
            ways = (partial(hops, set()) for hops in (self._before_one, self._behind_one))
            self._midsts[component] = Midst(one, *ways)
        return self._midsts[component]

    def _before_one(self, passed: set[int], one: WorkloadFacts) -> Iterator[Hop]:
        return ((edge, edge.workload) for edge in self._held_by(one, passed))

    def _behind_one(self, passed: set[int], one: WorkloadFacts) -> Iterator[Hop]:
        for edge in self.waiting[one]:
            if id(edge.behind.workloads) not in passed:
                yield from ((edge, other) for other in self._others(edge))
            passed.add(id(edge.behind.workloads))

    def _others(self, edge: WaitEdge) -> dict[WorkloadFacts, None]:
        """Those behind a wait that wait for the one that waits, directly or by way of others."""
        component, own = self._components[edge.workload], edge.workload
        others = (one for one in edge.behind.workloads if one is not own and self._components.get(one) is component)
        return dict.fromkeys(others)

    def _back(self, end: WorkloadFacts, starts: Container[WorkloadFacts]) -> Iterator[WaitEdge]:
        """The shortest way from one of these workloads, sought from its end."""
        after: dict[WorkloadFacts, tuple[WaitEdge, WorkloadFacts]] = {}
        passed, queue = set[int](), [end]
        for one in queue:
            if one in starts:
                break
            for edge in self._held_by(one, passed):
                if edge.workload not in after and edge.workload is not end:
                    after[edge.workload] = (edge, one)
                    queue.append(edge.workload)
        while one is not end:
            edge, one = after[one]
            yield edge

    def _held_by(self, one: WorkloadFacts, passed: set[int]) -> Iterator[WaitEdge]:
        for gate in self.gates.of.get(one, ()):
            for edge in self.gates.held[gate] if gate not in passed else ():
                self.steps += 1
                yield edge
            passed.add(gate)

    @cached_property
    def _components(self) -> Mapping[_Vertex, _Vertex]:
        """Of each workload and gate one that stands for all from which it is reached and which it reaches."""
        found: dict[_Vertex, _Vertex] = {}
        for root in reversed(list(_finished(self.waiting, self._after))):
            if root not in found:
                _flood(root, self._before, found)
        return found

    def _after(self, vertex: _Vertex) -> Iterator[_Vertex]:
        if isinstance(vertex, int):
            yield from (one for one in self.gates.held[vertex][0].behind.workloads if one in self.waiting)
        else:
            yield from (id(edge.behind.workloads) for edge in self.waiting[vertex])

    def _before(self, vertex: _Vertex) -> Iterator[_Vertex]:
        if isinstance(vertex, int):
            yield from (edge.workload for edge in self.gates.held[vertex])
        else:
            yield from self.gates.of.get(vertex, ())


def _finished(roots: Iterable[_Vertex], neighbours: _Neighbours) -> Iterator[_Vertex]:
    """All that is reached, each when all that is reached from it is done."""
    seen = set[_Vertex]()
    for root in roots:
        path = [(root, iter(neighbours(root)))] if root not in seen else []
        seen.add(root)
        while path:
            vertex, rest = path[-1]
            step = next((one for one in rest if one not in seen), None)
            if step is None:
                path.pop()
                yield vertex
            else:
                seen.add(step)
                path.append((step, iter(neighbours(step))))


def _flood(root: _Vertex, neighbours: _Neighbours, found: dict[_Vertex, _Vertex]) -> None:
    """Let a vertex stand for all that it comes to and that nothing stands for yet."""
    found[root] = root
    queue = [root]
    for vertex in queue:
        new = [one for one in neighbours(vertex) if one not in found]
        found.update((one, root) for one in new)
        queue += dict.fromkeys(new)
