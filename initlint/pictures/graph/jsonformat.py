"""The graph for programs: one JSON object, in which null is what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from initlint.graph.edge import WaitEdge
from initlint.graph.facts import ServiceFacts, WorkloadFacts
from initlint.graph.graph import Graph
from initlint.pictures.encode import encode_object, encode_place
from initlint.pictures.graph import words
from initlint.reporters import Display
from initlint.reporters.encode import encode, whole
from initlint.shell.questions.longest import Longest
from initlint.text.source import Span

VERSION = 1


def render(graph: Graph, display: Display) -> str:
    """The text of the object."""
    chain = graph.longest
    found = {
        "version": VERSION,
        "workloads": [_workload(one, graph) for one in graph.workloads],
        "services": [_service(one, graph) for one in graph.services],
        "cycles": [[encode_object(edge.workload.ref) for edge in way] for way in words.cycles(graph)],
        "longest_chain": {
            "objects": [encode_object(one.ref) for one in words.members(chain, graph)],
            "bound_seconds": _seconds(words.longest(chain)),
        },
    }
    return encode(found, indent=2, encoding=display.encoding)


def _workload(one: WorkloadFacts, graph: Graph) -> Mapping[str, object]:
    return {
        "object": encode_object(one.ref),
        "place": _place(one.path, one.span, graph),
        "kustomizations": sorted(one.roots) if one.roots else None,
        "never_starts": one in graph.never_starting,
        "waits": [_wait(edge, graph) for edge in graph.edges.get(one, ())],
    }


def _wait(edge: WaitEdge, graph: Graph) -> Mapping[str, object]:
    service, file, path = edge.behind.service, edge.wait.file, edge.wait.path or edge.workload.path
    return {
        "container": edge.wait.container,
        "for": words.target(edge),
        "place": _place(file.path, file.span, graph) if file else _place(path, edge.wait.span, graph),
        "bound_seconds": _seconds(edge.wait.longest),
        "blocks": edge.wait.blocks,
        "service": {"name": service.name, "namespace": service.namespace} if service else None,
        "objects": _objects(edge.behind.workloads) or None,
    }


def _service(one: ServiceFacts, graph: Graph) -> Mapping[str, object]:
    return {"name": one.name, "namespace": one.namespace, "place": _place(one.path, one.span, graph)}


def _seconds(longest: Longest | None) -> float | int | None:
    return whole(longest.seconds) if longest else None


def _objects(workloads: Sequence[WorkloadFacts]) -> list[Mapping[str, object]]:
    return [encode_object(one.ref) for one in workloads]


def _place(path: str, span: Span, graph: Graph) -> Mapping[str, object]:
    return encode_place(path, graph.place(path, span).start)
