"""A wait of a workload, with what stands behind what it waits for."""

from __future__ import annotations

from typing import NamedTuple

from initlint.graph.facts import WorkloadFacts
from initlint.graph.resolve import Behind
from initlint.graph.targets import Target
from initlint.graph.waits import Wanted


class WaitEdge(NamedTuple):
    """A workload that waits, for what, and what stands behind that."""

    workload: WorkloadFacts
    wait: Wanted
    target: Target
    behind: Behind
