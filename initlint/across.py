"""Run the rules that look at all workloads of a run together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from initlint.asbuilt import patched_at
from initlint.diagnose import NamedSubject, RuleSubject, diagnose
from initlint.engine import failure
from initlint.finding import Diagnostic, Mounted, Place
from initlint.graph.facts import WorkloadFacts
from initlint.graph.graph import Graph
from initlint.parallel import Analysed
from initlint.rule import Rule
from initlint.settings import Settings, all_rules, rules_to_run
from initlint.text.source import Source, Span
from initlint.text.tree import Breach


def graph_of(analysed: Analysed, sources: Sequence[Source]) -> Graph:
    """The graph of a run."""
    return Graph.of((one for summary in analysed.summaries for one in summary.facts), analysed.bundle.reach, sources)


def check_graph(analysed: Analysed, sources: Sequence[Source], settings: Settings) -> Iterator[Diagnostic]:
    """What the rules that run on the graph find, each as the settings for its file want it."""
    rules = [rule for rule in all_rules(settings) if rule.target is Graph]
    facts = (one for summary in analysed.summaries for one in summary.facts if isinstance(one, WorkloadFacts))
    if not any(one.waits or one.needs for one in facts):
        return
    try:
        graph = graph_of(analysed, sources)
    except Exception as error:  # a bug of ours, which must not hide what else is found
        yield from _broken(failure(Span(0, 0), "who waits for whom", error), sources[0], settings)
        return
    for rule in rules:
        try:
            # What several kustomizations build may be wrong in each of them.
            found = {(one.place, one.object, one.message): one for one in _found(rule, graph, settings)}
            yield from found.values()
        except Exception as error:  # a bug of the rule, which must not hide what others find
            yield from _broken(failure(Span(0, 0), f"rule `{rule.name}`", error), sources[0], settings)


def _found(rule: Rule, graph: Graph, settings: Settings) -> Iterator[Diagnostic]:
    for finding in rule.run(graph):
        where = finding.where
        if not isinstance(where, Place | Mounted):
            raise TypeError("what is found in several files is at a place in one of them")
        source = (where.caller if isinstance(where, Mounted) else where).source
        workload, container = graph.subject_at(where)
        for own in rules_to_run(settings.for_path(source.path)):
            if own.code == rule.code:
                found = diagnose(own, finding, NamedSubject(source, workload.ref, container))
                yield _of_patched(found, workload, graph)


def _of_patched(found: Diagnostic, workload: WorkloadFacts, graph: Graph) -> Diagnostic:
    """A finding with the patches that make it so; what stands in a patch is of the object that is patched."""
    if found.caller is None and found.path != workload.path:
        return replace(found, caller=graph.place(workload.path, workload.span))
    places = (graph.place(path, span) for path, span in workload.patched_at)
    return replace(found, related=(*found.related, *patched_at(places)))


def _broken(breach: Breach, source: Source, settings: Settings) -> Iterator[Diagnostic]:
    for rule in rules_to_run(settings):
        if rule.target is Breach:
            yield from (diagnose(rule, one, RuleSubject(source)) for one in rule.run(breach))
