"""What is known of sources already: those that do not change from one round to the next are analysed once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from initlint.bundle import Bundle
from initlint.engine import ReadSource, Summary, read
from initlint.kube.terms.cluster import Offer, Question
from initlint.parallel import Analysed, Tick, analyse_readings, bundle_of, mute
from initlint.settings import Settings
from initlint.text.source import Source


class _Remembered(NamedTuple):
    """A summary, the reading that it was made of, and the answers."""

    reading: ReadSource
    summary: Summary
    answers: Mapping[Question, Sequence[Offer]]

    def holds(self, bundle: Bundle) -> bool:
        """Whether the others still answer the same."""
        return all(bundle.answer(question) == answer for question, answer in self.answers.items())


class Memory:
    """What is known of the sources of a run, each of which is kept so that its identity is its own."""

    def __init__(self) -> None:
        self._readings: dict[tuple[int, bool], ReadSource] = {}
        self._known: dict[tuple[int, Settings], _Remembered] = {}

    def analyse(
        self, sources: Sequence[Source], settings: Settings, tick: Tick, context: Collection[str] = ()
    ) -> Analysed:
        """What `analyse_all` gives, of which only what may have changed is analysed."""
        readings = [self._read(source, settings.is_complete) for source in sources]
        bundle = bundle_of(readings)
        muted = mute(readings, context)
        new = [one for one in readings if not self._is_known(one.source, settings, bundle)]
        for reading, summary in zip(new, analyse_readings(new, bundle, settings, tick, muted), strict=True):
            answers = {question: bundle.answer(question) for question in summary.questions}
            self._known[id(reading.source), settings] = _Remembered(reading, summary, answers)
        return Analysed(bundle, [self._known[id(source), settings].summary for source in sources])

    def _read(self, source: Source, is_complete: bool) -> ReadSource:
        key = id(source), is_complete
        if key not in self._readings:
            self._readings[key] = read(source, is_complete)
        return self._readings[key]

    def _is_known(self, source: Source, settings: Settings, bundle: Bundle) -> bool:
        known = self._known.get((id(source), settings))
        return known is not None and known.holds(bundle)
