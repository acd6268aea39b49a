"""Ways round of workloads that wait for each other: rings of waits, and longer ways through a place in their midst."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TypeAlias

from initlint.graph.edge import WaitEdge
from initlint.graph.facts import WorkloadFacts

Hop: TypeAlias = tuple[WaitEdge, WorkloadFacts]
"""A wait, and one of the workloads behind it."""


@dataclass(frozen=True, eq=False, slots=True)
class WayRound:
    """Waits, each for the workload of the next one, the last for that of the first.

    `ring` is what several ways have in common, each of which begins elsewhere on it; empty where that is too long.
    """

    first: WaitEdge
    last: WaitEdge
    size: int
    walk: Callable[[], Iterator[WaitEdge]]
    ring: tuple[WaitEdge, ...] = ()

    def __iter__(self) -> Iterator[WaitEdge]:
        return self.walk()

    def __len__(self) -> int:
        return self.size


def on_ring(ring: tuple[WaitEdge, ...], start: int) -> WayRound:
    """The way that begins at one of the waits of a ring."""
    return WayRound(ring[start], ring[start - 1], len(ring), partial(_round, ring, start), ring)


def _round(ring: tuple[WaitEdge, ...], start: int) -> Iterator[WaitEdge]:
    return islice(chain(ring, ring), start, start + len(ring))


class Midst:
    """A workload from which all the others of its circle are reached, and that all of them reach.

    `before` are the waits of those that wait for one, `behind` the waits of one, each with what is on its other end.
    """

    def __init__(
        self,
        hub: WorkloadFacts,
        before: Callable[[WorkloadFacts], Iterable[Hop]],
        behind: Callable[[WorkloadFacts], Iterable[Hop]],
    ) -> None:
        self._towards, self._near = _tree(hub, before)
        self._from, self._far = _tree(hub, behind)

    def way(self, edge: WaitEdge, starts: Iterable[WorkloadFacts]) -> WayRound:
        """The way from a wait, by one of the workloads behind it, through the midst and back to who waits."""
        end = edge.workload
        start = min(starts, key=lambda one: self._near[one])
        last = self._from[end][0] if end in self._from else [edge, *self._up(start)][-1]
        size = 1 + self._near[start] + self._far[end]
        return WayRound(edge, last, size, partial(self._walk, edge, start))

    def _walk(self, edge: WaitEdge, start: WorkloadFacts) -> Iterator[WaitEdge]:
        yield edge
        yield from self._up(start)
        down = list(self._down(edge.workload))
        yield from reversed(down)

    def _up(self, one: WorkloadFacts) -> Iterator[WaitEdge]:
        while one in self._towards:
            edge, one = self._towards[one]
            yield edge

    def _down(self, one: WorkloadFacts) -> Iterator[WaitEdge]:
        while one in self._from:
            edge, one = self._from[one]
            yield edge


def _tree(
    hub: WorkloadFacts, neighbours: Callable[[WorkloadFacts], Iterable[Hop]]
) -> tuple[Mapping[WorkloadFacts, Hop], Mapping[WorkloadFacts, int]]:
    """From each workload that is reached from one: the step back, and how many there are."""
    back: dict[WorkloadFacts, Hop] = {}
    far, queue = {hub: 0}, [hub]
    for one in queue:
        for edge, other in neighbours(one):
            if other not in far:
                far[other], back[other] = far[one] + 1, (edge, one)
                queue.append(other)
    return back, far
