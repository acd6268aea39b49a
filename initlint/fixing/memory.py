"""What is known of sources already: those that do not change from one round to the next are analysed once."""

from __future__ import annotations

from collections.abc import Sequence

from initlint.engine import Summary
from initlint.kube.terms.cluster import Offer
from initlint.parallel import Task, Tick, analyse_all
from initlint.settings import Settings
from initlint.text.source import Source

_Key = tuple[int, tuple[Offer, ...], Settings]


class Memory:
    """The summaries of a run, each with its source, which is kept so that its identity is its own."""

    def __init__(self) -> None:
        self._known: dict[_Key, tuple[Source, Summary]] = {}

    def analyse(self, tasks: Sequence[Task], settings: Settings, tick: Tick) -> list[Summary]:
        """A summary of each task, as `analyse_all` gives it."""
        new = [task for task in tasks if _key(task, settings) not in self._known]
        for task, summary in zip(new, analyse_all(new, settings, tick), strict=True):
            self._known[_key(task, settings)] = task[0], summary
        return [self._known[_key(task, settings)][1] for task in tasks]


def _key(task: Task, settings: Settings) -> _Key:
    source, imports = task
    return id(source), imports, settings
