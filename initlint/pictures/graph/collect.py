"""From the sources of a run to their graph."""

from __future__ import annotations

from collections.abc import Sequence

from initlint.across import graph_of
from initlint.engine import Summary
from initlint.graph.graph import Graph
from initlint.inputs import Inputs
from initlint.parallel import Task, Tick, analyse_all
from initlint.report import Report
from initlint.run import check_inputs
from initlint.settings import Settings


def collect_graph(inputs: Inputs, settings: Settings) -> tuple[Graph, Report]:
    """The graph of everything that was read, the context included, and the report of the check."""
    found: dict[str, Summary] = {}

    def analyse(tasks: Sequence[Task], settings: Settings, tick: Tick) -> list[Summary]:
        summaries = analyse_all(tasks, settings, tick)
        found.update((one.path, one) for one in summaries)
        return summaries

    report = check_inputs(inputs, settings, analyse=analyse)
    return graph_of(list(found.values()), [*inputs.sources, *inputs.context]), report
