"""The graph as a Mermaid flowchart: workloads, the Services between them, and red what never starts."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.graph.edge import WaitEdge
from initlint.graph.graph import Graph
from initlint.pictures.graph import words
from initlint.pictures.mermaid import label
from initlint.reporters import Display

_STUCK = "stroke:#d1242f,stroke-width:3px"


def render(graph: Graph, display: Display) -> str:
    """One flowchart; who neither waits nor is waited for is left out."""
    return "\n".join(["flowchart LR", *_lines(graph, display)])


def _lines(graph: Graph, display: Display) -> Iterator[str]:
    edges = [edge for several in graph.edges.values() for edge in several]
    involved = {*graph.edges, *(one for edge in edges for one in edge.behind.workloads)}
    shown = [one for one in graph.workloads if one in involved]
    nodes = {one: f"w{index}" for index, one in enumerate(shown)}
    for one, node in nodes.items():
        yield f"  {node}[{label(display, words.name(one))}]"
    targets = {_key(edge): edge for edge in edges}
    names = {key: f"t{index}" for index, key in enumerate(targets)}
    for key, edge in targets.items():
        service = edge.behind.service
        text = f"Service {service.name}" if service else words.target(edge)
        yield f"  {names[key]}([{label(display, text)}])"
    for edge in edges:
        yield f"  {nodes[edge.workload]} -->|{label(display, _limit(edge))}| {names[_key(edge)]}"
    for key, edge in targets.items():
        yield from (f"  {names[key]} --- {nodes[one]}" for one in edge.behind.workloads)
    yield from (f"  style {node} {_STUCK}" for one, node in nodes.items() if one in graph.never_starting)


def _key(edge: WaitEdge) -> tuple[object, ...]:
    """What makes one node of several targets: the Service that they all come to, or else the name."""
    service = edge.behind.service
    said = (service.path, service.span) if service else edge.target
    return said, edge.behind.workloads


def _limit(edge: WaitEdge) -> str:
    return f"{edge.wait.container}: {words.target(edge)}, {words.limit(edge)}"
