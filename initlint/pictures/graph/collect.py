"""From the sources of a run to their graph."""

from __future__ import annotations

from initlint.across import graph_of
from initlint.graph.graph import Graph
from initlint.inputs import Inputs
from initlint.report import Report
from initlint.run import run_inputs
from initlint.settings import Settings


def collect_graph(inputs: Inputs, settings: Settings) -> tuple[Graph, Report]:
    """The graph of everything that was read, the context included, and the report of the check."""
    run = run_inputs(inputs, settings)
    return graph_of(run.analysed, [*inputs.sources, *inputs.context]), run.report
