"""Analyse many sources in this process or in several: the results are the same, in the order of the sources."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from initlint.engine import Summary, analyse
from initlint.kube.cluster import Offer
from initlint.settings import Settings, rules_to_run
from initlint.source import Source

WORTH_IT = 3_000_000
"""Characters of input from which further processes gain more than they cost to start."""

Task = tuple[Source, tuple[Offer, ...]]


def analyse_all(tasks: Sequence[Task], settings: Settings) -> list[Summary]:
    """A summary of each task; rules do not travel between processes, each loads them from their folders."""
    jobs = settings.jobs or _worth(tasks)
    if jobs == 1 or len(tasks) < 2:
        return [_analyse((settings, task)) for task in tasks]
    with ProcessPoolExecutor(jobs) as pool:
        work = [(settings, task) for task in tasks]
        return list(pool.map(_analyse, work, chunksize=max(1, len(work) // (jobs * 8))))


def _worth(tasks: Sequence[Task]) -> int:
    characters = sum(len(source.text) for source, _ in tasks)
    return (os.cpu_count() or 1) if characters > WORTH_IT else 1


def _analyse(work: tuple[Settings, Task]) -> Summary:
    settings, (source, imports) = work
    return analyse(source, _rules(settings), settings.version, imports)


_rules = cache(rules_to_run)
