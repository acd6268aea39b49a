"""Show who waits for whom."""

from __future__ import annotations

from initlint.cli.pictures import picture
from initlint.pictures.graph.collect import collect_graph

graph = picture(
    "graph",
    collect_graph,
    "Show who waits for whom. Across all manifests, with the cycles and the longest chain of waits.",
)
