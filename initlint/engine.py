"""Read a source, and run rules on it: nothing mutated, a rule that fails is contained and everything else goes on."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from initlint.asbuilt import InBuild, in_build, is_only_built, parts_of, still, with_builds
from initlint.bundle import offers
from initlint.diagnose import RuleSubject, diagnose, merge_uses
from initlint.finding import Diagnostic
from initlint.graph.facts import Facts, facts
from initlint.graph.needs import ObjectFacts
from initlint.kube.inventory import existing
from initlint.kube.kustomize.kustomization import held_patches, is_kustomization
from initlint.kube.pods.configmaps import is_holding
from initlint.kube.pods.container import (
    AppContainer,
    Container,
    InitContainer,
    RegularInitContainer,
    Role,
    SidecarContainer,
)
from initlint.kube.pods.locate import locate
from initlint.kube.pods.manifest import Manifest
from initlint.kube.pods.pod import Pod, Workload
from initlint.kube.terms.build import Build
from initlint.kube.terms.cluster import CONFIG_MAPS, SECRETS, UNREAD, Cluster, Offer, Question
from initlint.kube.terms.homes import manifests
from initlint.kube.terms.owner import owners
from initlint.kube.terms.unknown import Unknown
from initlint.report import Checked, Note, Skipped
from initlint.rule import Rule, Target
from initlint.suppress import Suppression, for_callers, suppressions
from initlint.text.documents import Outcome, Template, documents
from initlint.text.source import Source, Span
from initlint.text.tree import Breach, Document, Node, SyntaxProblem, walk
from initlint.text.tree import Mapping as MappingNode
from initlint.text.tree import Sequence as SequenceNode

# Budgets: rules compare containers with each other, and items of lists, such as mounts with volumes.
MAX_CONTAINERS = 1_000
MAX_ITEMS = 2_000


class ReadSource(NamedTuple):
    """A source that has been read: its documents, and what they offer to others."""

    source: Source
    outcomes: tuple[Outcome, ...]
    offers: tuple[Offer, ...]

    @property
    def holds_scripts(self) -> bool:
        """Whether containers of other sources may run something that stands in it."""
        return not self.source.is_manifest or any(one.kind in (CONFIG_MAPS, SECRETS) for one in self.offers)


class Summary(NamedTuple):
    """All that is found in one source; picklable, so that it may come from another process.

    `built` is what is found in its workloads as kustomizations build them, of which some may be found without that;
    `patches` are those of which that is made, by their files.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...]
    checked: tuple[Checked, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[Note, ...]
    questions: frozenset[Question]
    suppressions: tuple[Suppression, ...]
    facts: tuple[Facts | ObjectFacts, ...] = ()
    built: tuple[InBuild, ...] = ()
    patches: frozenset[tuple[str, Span]] = frozenset()


def read(source: Source, is_complete: bool = False) -> ReadSource:
    """Read a source; where the input is complete, what it holds is offered, too."""
    outcomes = tuple(documents(source))
    return ReadSource(source, outcomes, tuple(_offers(source, outcomes, is_complete)))


def _offers(source: Source, outcomes: Iterable[Outcome], is_complete: bool) -> Iterator[Offer]:
    for outcome in outcomes:
        for node in _objects(outcome) if isinstance(outcome, Document) else ():
            yield from offers(node)
            if is_complete:
                yield from existing.offers(node)
        if is_complete and not isinstance(outcome, Document):
            # What is not understood may hold any object.
            yield Offer(UNREAD, None, source.path)


def _objects(document: Document) -> list[Node]:
    return list(manifests(document.root)) or [document.root]


def analyse(reading: ReadSource, rules: Sequence[Rule], cluster: Cluster, muted: Collection[str] = ()) -> Summary:
    """Find what the rules say about one source, in a cluster that nobody else asks. Pure: no I/O, no state.

    Nothing is looked for in what stands in the files of the paths in `muted` alone.
    """
    analysis = _Analysis(reading.source, rules, cluster, muted)
    for outcome in reading.outcomes:
        analysis.take(outcome)
    return analysis.summary()


def excess(workload: Workload) -> Breach | None:
    """What a workload has too much of for the rules to look at it."""
    for pod in workload.pods:
        if len(pod.init_containers) + len(pod.containers) > MAX_CONTAINERS:
            return Breach(pod.node.span, f"the Pod has more than {MAX_CONTAINERS:,} containers")
    node, text = workload.node, workload.node.source.text
    # Between two items stands a comma or the end of a line: most objects need not be looked through.
    between = sum(text.count(mark, node.start, node.end) for mark in (",", "\n", "\r"))
    for part in walk(node) if between >= MAX_ITEMS else ():
        if isinstance(part, SequenceNode | MappingNode) and len(part.entries) > MAX_ITEMS:
            what = "items in one list" if isinstance(part, SequenceNode) else "keys in one mapping"
            return Breach(part.span, f"the {workload.kind} has more than {MAX_ITEMS:,} {what}")
    return None


def failure(span: Span, what: str, error: Exception) -> Breach:
    """That something has a bug, and where."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{what} failed at {frame.filename}:{frame.lineno}: {type(error).__name__}: {error}"
    return Breach(span, said, is_bug=True)


@dataclass
class _Analysis:
    """The way of one source through the rules."""

    source: Source
    rules: Sequence[Rule]
    cluster: Cluster
    muted: Collection[str] = ()
    diagnostics: list[Diagnostic] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    facts: list[Facts | ObjectFacts] = field(default_factory=list)
    built: list[InBuild] = field(default_factory=list)
    patches: set[tuple[str, Span]] = field(default_factory=set)

    @property
    def is_muted(self) -> bool:
        """Whether what is found in the source itself is nothing to anybody."""
        return self.source.path in self.muted

    def take(self, outcome: Document | SyntaxProblem | Breach | Template) -> None:
        if isinstance(outcome, Template):
            line = self.source.position(outcome.span.start).line
            self.skipped.append(Skipped(self.source.path, outcome.reason, line))
        elif isinstance(outcome, Document):
            self.document(outcome)
        else:
            self.problem(outcome)

    def problem(self, problem: SyntaxProblem | Breach) -> None:
        """Problems are findings, too: the rule that runs on them says how they are reported."""
        for rule in self.rules if not self.is_muted else ():
            if rule.target is type(problem):
                found = (diagnose(rule, finding, RuleSubject(self.source)) for finding in rule.run(problem))
                self.diagnostics.extend(found)

    def document(self, document: Document) -> None:
        objects = _objects(document)
        workloads = tuple(filter(None, (locate(node, self.cluster) for node in objects)))
        self.checked.extend(self.looked_at(workload) for workload in workloads)
        is_within = self.within_budget(workloads)
        facts, found = len(self.facts), len(self.diagnostics)
        self.tell(objects, workloads if is_within else ())
        if workloads and is_within:
            manifest = Manifest(document, workloads)
            self.diagnostics.extend(self.found(manifest) if not self.is_muted else ())
            self.suppressions.extend(suppressions(self.source, manifest))
            for workload in workloads:
                self.take_builds(workload, document, facts, found)
        elif any(map(is_holding, objects)) or not self.source.is_manifest:
            self.suppressions.extend(for_callers(self.source, document))
        for patch in (one for node in objects if is_kustomization(node) for one in held_patches(node)):
            self.document(patch)

    def found(self, manifest: Manifest) -> list[Diagnostic]:
        """What the rules find in the workloads of a document."""
        views = self.views(manifest)
        rules = [rule for rule in self.rules if self.cluster.is_complete or not rule.needs_complete]
        found = [one for rule in rules for one in self.run(rule, views.get(rule.target, ()), manifest)]
        return merge_uses(found, manifest.document)

    def take_builds(self, workload: Workload, document: Document, facts: int, found: int) -> None:
        """What there is in a workload as kustomizations build it; of its document are what is behind these indices."""
        builds = list(self.cluster.builds(workload.node, document.span if any(document.span) else document.root.span))
        built = [(build, self.analysed(build)) for build in builds]
        found_there = [
            (in_build(one, build, workload), parts_of(build))
            for build, of_build in built
            for one in of_build.diagnostics
        ]
        self.built.extend(found_there)
        if is_only_built(builds):
            self.diagnostics[found:] = still(self.diagnostics[found:], workload, (one for one, _ in found_there))
        told_there = [(build, of_build.facts) for build, of_build in built]
        self.facts[facts:] = with_builds(self.facts[facts:], workload, told_there)

    def analysed(self, build: Build) -> _Analysis:
        """What is found in a workload as it is built; nobody looks at it if none of its parts is looked at."""
        is_looked_at = any(path not in self.muted for path in parts_of(build))
        self.patches.update((piece.source.path, piece.span) for piece in build.pieces[1:] if is_looked_at)
        of_build = _Analysis(
            build.node.source, self.rules if is_looked_at else (), replace(self.cluster, roots=build.roots)
        )
        of_build.document(Document(build.node, span=build.node.span))
        return of_build

    def tell(self, objects: list[Node], workloads: tuple[Workload, ...]) -> None:
        """What others of the run may need to know of the objects."""
        try:
            self.facts.extend(facts(objects, workloads))
        except Exception as error:  # a bug of ours, which must not hide what else is found
            self.problem(failure(objects[0].span, "what others need to know", error))

    def looked_at(self, workload: Workload) -> Checked:
        line = self.source.position(workload.node.start).line
        is_part = bool(workload.pods) and all(pod.partial for pod in workload.pods)
        return Checked(self.source.path, workload.ref, line, tuple(owners(workload.node)), is_part)

    def within_budget(self, workloads: tuple[Workload, ...]) -> bool:
        breach = next(filter(None, map(excess, workloads)), None)
        if breach:
            self.problem(breach)
        return breach is None

    def views(self, manifest: Manifest) -> dict[Target, list[tuple[object, RuleSubject]]]:
        """What rules run on, by its type."""
        pods = [pod for workload in manifest.workloads for pod in workload.pods]
        containers = [container for pod in pods for container in pod.all_containers()]
        views: dict[Target, Iterable[object]] = {
            Manifest: [manifest],
            Workload: manifest.workloads,
            Pod: pods,
            Container: containers,
            InitContainer: [one for one in containers if one.is_init],
            RegularInitContainer: [one for one in containers if one.role is Role.INIT],
            SidecarContainer: [one for one in containers if one.role is Role.SIDECAR],
            AppContainer: [one for one in containers if one.role is Role.MAIN],
        }
        return {kind: [(one, RuleSubject.of(one, self.source)) for one in found] for kind, found in views.items()}

    def run(
        self, rule: Rule, views: Iterable[tuple[object, RuleSubject]], manifest: Manifest
    ) -> Iterator[tuple[RuleSubject, Diagnostic]]:
        """The rule's findings; what it does not know is noted, what it breaks on is reported."""
        for target, subject in views:
            try:
                for finding in rule.run(target):
                    owner = subject.holding(finding.where, manifest)
                    yield owner, diagnose(rule, finding, owner)
            except Unknown as unknown:
                self.notes.append(Note(self.source.path, subject.label, rule.name, str(unknown)))
            except Exception as error:  # a bug of the rule, which must not hide what others find
                self.problem(failure(subject.span, f"rule `{rule.name}`", error))

    def summary(self) -> Summary:
        return Summary(
            self.source.path,
            tuple(self.diagnostics),
            tuple(self.checked),
            tuple(self.skipped),
            tuple(self.notes),
            frozenset(self.cluster.asked),
            tuple(self.suppressions),
            tuple(self.facts),
            tuple(self.built),
            frozenset(self.patches),
        )
