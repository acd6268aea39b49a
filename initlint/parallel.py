"""Analyse many sources in this process or in several: the results are the same, in the order of the sources."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from initlint.bundle import Bundle
from initlint.engine import ReadSource, Summary, analyse, read
from initlint.errors import InitlintError
from initlint.garbage import collect_rarely
from initlint.kube.terms.cluster import Cluster
from initlint.settings import Settings, rules_to_run
from initlint.text.source import Source

WORTH_IT = 3_000_000
"""Characters of input from which further processes gain more than they cost to start."""

Tick = Callable[[int], object]
"""Told how many sources are analysed, each time one is."""


class Analysed(NamedTuple):
    """What the sources of a run tell each other, and a summary of each."""

    bundle: Bundle
    summaries: list[Summary]


AnalyseAll = Callable[[Sequence[Source], Settings, Tick, Collection[str]], Analysed]


def analyse_all(
    sources: Sequence[Source], settings: Settings, tick: Tick = int, context: Collection[str] = ()
) -> Analysed:
    """Read all sources, then analyse each, with what the others answer it.

    Those whose paths are in `context` only answer.
    """
    readings = [read(source, settings.is_complete) for source in sources]
    bundle = bundle_of(readings)
    return Analysed(bundle, analyse_readings(readings, bundle, settings, tick, mute(readings, context)))


def mute(readings: Iterable[ReadSource], context: Collection[str]) -> Collection[str]:
    """The paths of the context, unless what is found in these could stand in a script of another source."""
    return () if any(one.holds_scripts and one.source.path not in context for one in readings) else context


def bundle_of(readings: Sequence[ReadSource]) -> Bundle:
    """What the sources tell each other."""
    return Bundle((offer for one in readings for offer in one.offers), (one.source for one in readings))


def analyse_readings(
    readings: Sequence[ReadSource], bundle: Bundle, settings: Settings, tick: Tick, muted: Collection[str] = ()
) -> list[Summary]:
    """A summary of each reading, in their order; rules do not travel between processes, each loads them anew.

    No rule runs on those whose paths are in `muted`.

    Raises InitlintError where something ends one of the processes.
    """
    work = Work([one.source for one in readings], bundle, settings, readings, muted)
    jobs = settings.jobs or _worth(work.sources)
    numbers = range(len(readings))
    if jobs == 1 or len(readings) < 2:
        return list(_ticking(map(work.summary, numbers), tick))
    from concurrent.futures import ProcessPoolExecutor  # costs more than it takes to check a file
    from concurrent.futures.process import BrokenProcessPool

    size = max(1, len(readings) // (jobs * 8))
    try:
        with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(work,)) as pool:
            return list(_ticking(pool.map(_summary, numbers, chunksize=size), tick))
    except BrokenProcessPool as error:
        raise InitlintError(
            f"one of {jobs} processes was killed, perhaps for want of memory: try `--jobs 1`"
        ) from error


class Work:
    """What each process needs to analyse some sources, of which the bundle may hold more.

    A process that does not inherit it is sent no trees, and reads a source again when that is due.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        bundle: Bundle,
        settings: Settings,
        readings: Sequence[ReadSource] = (),
        muted: Collection[str] = (),
    ) -> None:
        self.sources = sources
        self.bundle = bundle
        self.settings = settings
        self.readings = readings
        self.muted = muted

    def __reduce__(self) -> tuple[object, ...]:
        return Work, (self.sources, self.bundle, self.settings, (), self.muted)

    def summary(self, number: int) -> Summary:
        """What is found in one source."""
        settings, source = self.settings, self.sources[number]
        reading = self.readings[number] if self.readings else read(source, settings.is_complete)
        cluster = Cluster(settings.version, self.bundle, settings.commands, settings.is_complete)
        return analyse(reading, rules_to_run(settings.for_path(source.path)), cluster, self.muted)


_at_work: list[Work] = []
"""What this process was begun for, if it is one of several."""


def _begin(work: Work) -> None:
    from threading import Thread

    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    _at_work.append(work)


def _end_with_parent() -> None:
    """Whatever ends the run ends this process, which would wait for ever on a pipe that its siblings hold, too."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


def _summary(number: int) -> Summary:
    return _at_work[-1].summary(number)


def _ticking(summaries: Iterable[Summary], tick: Tick) -> Iterator[Summary]:
    for done, summary in enumerate(summaries, 1):
        yield summary
        tick(done)


def _worth(sources: Sequence[Source]) -> int:
    characters = sum(len(one.text) for one in sources)
    return (os.cpu_count() or 1) if characters > WORTH_IT else 1
