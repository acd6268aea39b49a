"""From the sources of a run to the start-up of each of their Pods, with what is found in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from initlint.engine import excess
from initlint.finding import Diagnostic, Place
from initlint.inputs import Inputs
from initlint.kube.pods.locate import locate
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.homes import manifests
from initlint.pictures.order.model import PodOrder, pod_order
from initlint.report import Report, Skipped
from initlint.run import run_inputs
from initlint.settings import Settings
from initlint.text.documents import documents
from initlint.text.source import Source, Span
from initlint.text.tree import Document


def collect_orders(inputs: Inputs, settings: Settings) -> tuple[tuple[PodOrder, ...], Report]:
    """The start-up of each Pod that is checked, and the report of the check; what is a part of one is skipped."""
    report, analysed = run_inputs(inputs, settings)
    cluster = Cluster(settings.version, analysed.bundle, settings.commands, settings.is_complete)
    checked = {(one.path, one.object) for one in report.checked}
    pods = [
        pod
        for source in sorted(inputs.sources, key=lambda source: source.path)
        for pod in _pods(source, cluster)
        if (source.path, pod.workload.ref) in checked
    ]
    parts = [_skipped(pod) for pod in pods if pod.partial]
    orders = tuple(pod_order(pod, _findings(pod, report.active)) for pod in pods if not pod.partial)
    return orders, replace(report, skipped=tuple(sorted([*report.skipped, *parts])))


def _skipped(part: Pod) -> Skipped:
    source, start = part.node.source, part.workload.node.start
    return Skipped(source.path, part.partial, source.position(start).line)


def _pods(source: Source, cluster: Cluster) -> Iterator[Pod]:
    """The Pods of a source that are within the budget of the check."""
    for document in documents(source):
        if isinstance(document, Document):
            found = filter(None, (locate(node, cluster) for node in manifests(document.root)))
            yield from (pod for workload in found if not excess(workload) for pod in workload.pods)


def _findings(pod: Pod, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What is found in a Pod, or in its object and in no other Pod of that."""
    path, others = pod.node.source.path, [one.node.span for one in pod.workload.pods if one is not pod]
    return [
        one
        for one in found
        if (one.home, one.object) == (path, pod.workload.ref) and _is_in(one.caller or one.place, pod, others)
    ]


def _is_in(place: Place, pod: Pod, others: Iterable[Span]) -> bool:
    return pod.node.span.contains(place.span) or not any(span.contains(place.span) for span in others)
