"""Waits of init containers that may take longer than the deadline of the workload allows."""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.api import WARNING, Finding, Findings, Node, Part, Pod, Related, Spent, rule, spent

_DEFAULT = 600  # SetDefaults_Deployment


class _Deadline(NamedTuple):
    """A deadline, where it is set, if it is, and what comes of it."""

    seconds: float
    where: Node
    name: str
    then: str


@rule("INIT509", "waits that add up to more than the deadline", severity=WARNING)
def check(pod: Pod) -> Findings:
    deadline = min(_deadlines(pod), default=None, key=lambda one: one.seconds) if pod.init_containers else None
    if deadline is None:
        return
    found = list(spent(pod))
    beyond = (index for index in range(len(found)) if _sum(found[: index + 1]) > deadline.seconds)
    for index in itertools.islice(beyond, 1):
        pod.require(Part.CONTAINERS, Part.COMMANDS)
        yield _finding(found[index], found, deadline)


def _sum(found: Sequence[Spent]) -> float:
    return sum(one.seconds for one in found)


def _deadlines(pod: Pod) -> Iterator[_Deadline]:
    workload = pod.workload
    if workload.is_built_in and workload.kind == "Deployment" and workload.node["spec"]["paused"].truth is not True:
        node = workload.node["spec"]["progressDeadlineSeconds"]
        name = "`progressDeadlineSeconds`" if node else "`progressDeadlineSeconds` by default"
        yield from _deadline(node, name, "the rollout is reported as failed (ProgressDeadlineExceeded)", _DEFAULT)
    if workload.is_job:
        node = workload.job_spec["activeDeadlineSeconds"]
        yield from _deadline(node, "`activeDeadlineSeconds`", "the Job fails (DeadlineExceeded)")
    node = pod.node["activeDeadlineSeconds"]
    yield from _deadline(node, "the Pod's `activeDeadlineSeconds`", "the Pod fails (DeadlineExceeded)")


def _deadline(node: Node, name: str, then: str, default: int | None = None) -> Iterator[_Deadline]:
    seconds = int(node.value) if node.value.isdecimal() else None if node else default
    if seconds is not None:
        yield _Deadline(seconds, node, name, then)


def _finding(beyond: Spent, found: Sequence[Spent], deadline: _Deadline) -> Finding:
    """The finding at the wait that goes beyond the deadline."""
    if len(found) == 1:
        fact = f"{beyond.container} may wait for {beyond.seconds:g} seconds"
    else:
        fact = f"the waits before the app containers start may add up to {_sum(found):g} seconds ({_terms(found)})"
    others = [Related(one.where, f"{one.container} takes up to {one.seconds:g} seconds here") for one in found]
    return Finding(
        beyond.where,
        f"{fact}, more than the {deadline.seconds:g} of {deadline.name}: {deadline.then} while it still waits",
        related=(
            *(other for one, other in zip(found, others, strict=True) if one is not beyond),
            *([Related(deadline.where, "the deadline")] if deadline.where else []),
        ),
        help="let the waits end before the deadline, or raise it",
    )


def _terms(found: Sequence[Spent]) -> str:
    """How long each container takes, in their order."""
    times: dict[str, float] = {}
    for one in found:
        name = one.container.name.value
        named = f"`{name}`" if name else str(one.container)
        times[named] = times.get(named, 0) + one.seconds
    return ", ".join(f"{named} {seconds:g}" for named, seconds in times.items())
