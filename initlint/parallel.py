"""Analyse many sources in this process or in several: the results are the same, in the order of the sources."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from initlint.engine import Summary, analyse
from initlint.garbage import collect_rarely
from initlint.kube.terms.cluster import Offer
from initlint.settings import Settings, rules_to_run
from initlint.text.source import Source

WORTH_IT = 3_000_000
"""Characters of input from which further processes gain more than they cost to start."""

Task = tuple[Source, tuple[Offer, ...]]


Tick = Callable[[int], object]
"""Told how many tasks are done, each time one is."""


AnalyseAll = Callable[[Sequence[Task], Settings, Tick], list[Summary]]


def analyse_all(tasks: Sequence[Task], settings: Settings, tick: Tick) -> list[Summary]:
    """A summary of each task; rules do not travel between processes, each loads them from their folders."""
    jobs = settings.jobs or _worth(tasks)
    work = [(settings, task) for task in tasks]
    if jobs == 1 or len(tasks) < 2:
        return list(_ticking(map(_analyse, work), tick))
    from concurrent.futures import ProcessPoolExecutor  # costs more than it takes to check a file

    with ProcessPoolExecutor(jobs, initializer=collect_rarely) as pool:
        return list(_ticking(pool.map(_analyse, work, chunksize=max(1, len(work) // (jobs * 8))), tick))


def _ticking(summaries: Iterable[Summary], tick: Tick) -> Iterator[Summary]:
    for done, summary in enumerate(summaries, 1):
        yield summary
        tick(done)


def _worth(tasks: Sequence[Task]) -> int:
    characters = sum(len(source.text) for source, _ in tasks)
    return (os.cpu_count() or 1) if characters > WORTH_IT else 1


def _analyse(work: tuple[Settings, Task]) -> Summary:
    settings, (source, imports) = work
    rules = rules_to_run(settings.for_path(source.path))
    return analyse(source, rules, settings.version, imports, settings.commands, settings.is_complete)
