"""A whole run: every source read, then analysed with what the others answer; one report in one fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from initlint.across import check_graph
from initlint.asbuilt import new, whole
from initlint.diagnose import merge_callers
from initlint.engine import Summary
from initlint.finding import Diagnostic
from initlint.inputs import Inputs
from initlint.kube.terms.owner import repeated
from initlint.parallel import AnalyseAll, Analysed, Tick, analyse_all
from initlint.report import Report
from initlint.rule import Rule
from initlint.settings import Settings, all_rules, status
from initlint.stale import stale, stale_ignores, suppress
from initlint.suppress import Suppression
from initlint.text.source import Source, Span


class Run(NamedTuple):
    """The report of a run, and what it was made from."""

    report: Report
    analysed: Analysed


def check_inputs(inputs: Inputs, settings: Settings, *, tick: Tick = int) -> Report:
    """Check all that was read; what could not be, or was left alone, is part of the report."""
    return run_inputs(inputs, settings, tick=tick).report


def run_inputs(inputs: Inputs, settings: Settings, *, tick: Tick = int) -> Run:
    """The same, with what the report was made from."""
    run = run_sources(inputs.sources, settings, context=inputs.context, tick=tick)
    skipped = tuple(sorted([*inputs.skipped, *run.report.skipped]))
    return run._replace(report=replace(run.report, skipped=skipped, problems=tuple(sorted(inputs.problems))))


def check_sources(sources: Sequence[Source], settings: Settings, *, context: Sequence[Source] = ()) -> Report:
    """Check the sources, as `run_sources` does."""
    return run_sources(sources, settings, context=context).report


def run_sources(
    sources: Sequence[Source],
    settings: Settings,
    *,
    context: Sequence[Source] = (),
    tick: Tick = int,
    analyse: AnalyseAll = analyse_all,
) -> Run:
    """Check the sources; those of the context answer their questions, and are not reported.

    What runs a script of theirs may stand in the context: what is found in the script is reported.

    Raises InitlintError where the settings cannot be followed.
    """
    reported = {source.path for source in sources}
    everything = [*sources, *(source for source in context if source.path not in reported)]
    everything.sort(key=lambda source: source.path)
    analysed = analyse(everything, settings, tick, {one.path for one in everything} - reported)
    built = [one for summary in analysed.summaries for one in summary.built]
    patches: dict[str, set[Span]] = {}
    for path, span in (patch for summary in analysed.summaries for patch in summary.patches):
        patches.setdefault(path, set()).add(span)
    found = [one for one, _ in built]
    every = [one._replace(diagnostics=tuple(whole(one.diagnostics, found, patches))) for one in analysed.summaries]
    summaries = [one for one in every if one.path in reported]
    in_scripts = _in_scripts(one for one in every if one.path not in reported)
    across = [*check_graph(analysed, everything, settings), *in_scripts]
    plain = [*across, *(one for summary in every for one in summary.diagnostics)]
    across = [one for one in across if not reported.isdisjoint((one.home, one.path))]
    across += new(built, plain, reported)
    comments = [one for summary in every for one in summary.suppressions]
    report = _report(summaries, _diagnostics(summaries, across, comments, settings), settings)
    report = replace(report, files=len(sources), skipped=tuple(sorted(report.skipped)))
    return Run(report, analysed)


def _in_scripts(summaries: Iterable[Summary]) -> Iterator[Diagnostic]:
    """What is found in files that containers of these sources run, which may be those of others."""
    return (one for summary in summaries for one in summary.diagnostics if one.caller)


def _report(summaries: Sequence[Summary], diagnostics: Iterable[Diagnostic], settings: Settings) -> Report:
    """What the summaries tell; an object that only repeats another one is none, and nothing is found in it."""
    everyone = [one for summary in summaries for one in summary.checked]
    copies = repeated(everyone)
    checked = tuple(one for one in everyone if (one.path, one.object) not in copies)
    return Report(
        diagnostics=tuple(one for one in diagnostics if not one.object or (one.home, one.object) not in copies),
        files=len(summaries),
        workloads=sum(not one.is_part for one in checked),
        target_version=str(settings.version),
        skipped=tuple(one for summary in summaries for one in summary.skipped),
        notes=tuple(sorted({note for summary in summaries for note in summary.notes})),
        checked=checked,
        rules=tuple(rule.facts for rule in all_rules(settings)),
    )


def _diagnostics(
    summaries: list[Summary], across: list[Diagnostic], comments: Sequence[Suppression], settings: Settings
) -> tuple[Diagnostic, ...]:
    """What is found, then silenced, then what is wrong with the silencing.

    `across` is what is found across files; `comments` may stand in files that are not reported, for what is found in
    these.
    """
    found = [*(diagnostic for summary in summaries for diagnostic in summary.diagnostics), *across]
    specific = _most_specific(found, all_rules(settings))
    suppressions = [one for summary in summaries for one in summary.suppressions]
    notes = [note for summary in summaries for note in summary.notes]
    checked = [one for summary in summaries for one in summary.checked]
    useless = [*stale(specific, suppressions, notes, settings), *stale_ignores(specific, checked, notes, settings)]
    judged = [replace(one, status=status(one, settings)) for one in [*specific, *useless]]
    return tuple(merge_callers(sorted(suppress(judged, comments), key=lambda one: one.order)))


def _most_specific(found: list[Diagnostic], rules: Iterable[Rule]) -> list[Diagnostic]:
    """Drop what a more specific rule says of the same container and defect: one defect is one finding."""
    superseding = {rule.name: rule.supersedes for rule in rules}
    spoken = {(name, *_about(one)) for one in found if one.defect for name in superseding[one.rule]}
    return [one for one in found if not one.defect or (one.rule, *_about(one)) not in spoken]


def _about(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.home, diagnostic.object, diagnostic.container, diagnostic.defect
