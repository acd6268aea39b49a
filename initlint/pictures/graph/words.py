"""What people read of a graph, whatever the format draws around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from initlint.graph.edge import WaitEdge
from initlint.graph.facts import WorkloadFacts
from initlint.graph.graph import Graph
from initlint.kube.terms.expansion import shown
from initlint.shell.questions.longest import Longest


def name(one: WorkloadFacts) -> str:
    """A workload in its namespace, with the kustomizations that build it so, where they patch it."""
    named = f"{one.ref} in {one.ref.namespace}" if one.ref.namespace else str(one.ref)
    return f"{named} ({', '.join(sorted(one.roots))})" if one.roots else named


def wait(edge: WaitEdge) -> str:
    """What is waited for, by which container, and for how long."""
    if edge.wait.is_once:
        return f"asks {target(edge)}, and fails without an answer ({edge.wait.title})"
    return f"waits for {target(edge)}, {limit(edge)} ({edge.wait.title})"


def target(edge: WaitEdge) -> str:
    """What is waited for, as the script says it."""
    if len(edge.wait.targets) == 1 and edge.wait.text:
        return edge.wait.text
    port = f":{edge.target.port}" if edge.target.is_host and edge.target.port else ""
    return f"{shown(edge.target.name)}{port}"


def limit(edge: WaitEdge) -> str:
    """How long one attempt takes at most."""
    if edge.wait.is_once:
        return "one try"
    return str(edge.wait.longest or endless([edge]))


def endless(chain: Sequence[WaitEdge]) -> str:
    """Why it cannot be said how long waits take, one after the other."""
    without = [edge for edge in chain if not edge.wait.longest]
    return "how long is not known" if all(edge.wait.ends for edge in without) else "without a limit"


def behind(edge: WaitEdge) -> str:
    """What stands behind it."""
    if not edge.behind.workloads:
        return "nothing of the input is known to stand behind it"
    what = " or ".join(name(one) for one in edge.behind.workloads)
    service = f"Service {edge.behind.service.name}: " if edge.behind.service else ""
    return f"{service}{what}{', whose name is there at once' if edge.behind.at_once else ''}"


def longest(chain: Sequence[WaitEdge]) -> Longest | None:
    """How long the waits of a chain last at most, one after the other; None if one of them has no known limit."""
    known = [edge.wait.longest for edge in chain if edge.wait.longest]
    if not known or len(known) < len(chain):
        return None
    return Longest(sum(one.seconds for one in known), is_rough=any(one.is_rough for one in known))


def members(chain: Sequence[WaitEdge], graph: Graph) -> list[WorkloadFacts]:
    """The workloads of a chain of waits that ends, from the one that starts last."""
    after = graph.starts[chain[-1].workload].after if chain else None
    return [*(edge.workload for edge in chain), *([after] if after else [])]


def cycles(graph: Graph) -> Iterator[tuple[WaitEdge, ...]]:
    """Each way round once, and who waits for itself."""
    told = set[frozenset[int]]()
    rings = {id(way.ring): way for way in reversed(graph.cycles) if way.ring}
    ways = (tuple(way) for way in graph.cycles if rings.get(id(way.ring)) is way)
    for edges in (*ways, *((edge,) for edge in graph.self_waits)):
        key = frozenset(id(edge.workload) for edge in edges)
        if key not in told:
            told.add(key)
            yield edges
