"""A whole run: every source analysed, the questions of each answered by the others, one report in one fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from initlint.bundle import Bundle
from initlint.engine import Summary
from initlint.finding import Diagnostic
from initlint.parallel import analyse_all
from initlint.report import Problem, Report, Skipped
from initlint.rule import Rule
from initlint.settings import Settings, all_rules, status
from initlint.source import Source


def check_sources(
    sources: Sequence[Source],
    settings: Settings,
    problems: Iterable[Problem] = (),
    skipped: Iterable[Skipped] = (),
) -> Report:
    """Check the sources; raises InitlintError where the settings cannot be followed."""
    summaries = _summaries(sorted(sources, key=lambda source: source.path), settings)
    found = [diagnostic for summary in summaries for diagnostic in summary.diagnostics]
    judged = [replace(one, status=status(one, settings)) for one in _most_specific(found, all_rules(settings))]
    return Report(
        diagnostics=tuple(sorted(judged, key=lambda one: one.order)),
        files=len(sources),
        workloads=sum(summary.workloads for summary in summaries),
        target_version=str(settings.version),
        skipped=tuple(sorted([*skipped, *(one for summary in summaries for one in summary.skipped)])),
        problems=tuple(sorted(problems)),
        notes=tuple(sorted(note for summary in summaries for note in summary.notes)),
    )


def _summaries(sources: list[Source], settings: Settings) -> list[Summary]:
    """Analyse each source; then again those whose questions another one answers."""
    summaries = analyse_all([(source, ()) for source in sources], settings)
    bundle = Bundle(offer for summary in summaries for offer in summary.offers)
    answered = enumerate(bundle.answer(summary.questions) for summary in summaries)
    again = [(index, imports) for index, imports in answered if imports]
    renewed = analyse_all([(sources[index], imports) for index, imports in again], settings)
    for (index, _), summary in zip(again, renewed, strict=True):
        summaries[index] = summary
    return summaries


def _most_specific(found: list[Diagnostic], rules: Iterable[Rule]) -> list[Diagnostic]:
    """Drop what a more specific rule says of the same container and defect: one defect is one finding."""
    superseding = {rule.name: rule.supersedes for rule in rules}
    spoken = {(name, *_about(one)) for one in found if one.defect for name in superseding[one.rule]}
    return [one for one in found if not one.defect or (one.rule, *_about(one)) not in spoken]


def _about(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.path, diagnostic.object, diagnostic.container, diagnostic.defect
