"""What the init containers of a Pod wait for, and whether the Pod can start without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypeAlias

from initlint.finding import Mounted
from initlint.graph.blocking import enumerating, guards, is_blocking, may_be_left
from initlint.graph.rounds import lets_through
from initlint.graph.targets import Target, target
from initlint.kube.inventory.services import asks_cluster
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.unknown import Part
from initlint.regex import regex
from initlint.shell.commands.meaning import Probe
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts, scripts_of
from initlint.shell.questions.attempts import attempts
from initlint.shell.questions.longest import Longest, longest
from initlint.shell.waiting.waits import Asking, Wait, needed, said
from initlint.text.source import Span

_MOST = 20
"""Of each script: whether it goes on without one is followed through all of it."""

_NAME = regex(r"HOSTNAME|\bhostname\b|POD_?NAME")

Spot: TypeAlias = tuple[Span, str, Span]
"""A place in a manifest, and one in the file that is run there: its path, and the place in it."""


class InFile(NamedTuple):
    """Where a wait stands in a file that the container runs from a ConfigMap, and what people call that."""

    path: str
    span: Span
    name: str


class Wanted(NamedTuple):
    """A wait of an init container, and all of the targets it asks for, of which one may be enough.

    `blocks`: the container does not succeed without it. `longest` is how long it lasts at most, None if that is not
    known; `ends` whether it gives up at all, `is_once` at the first try. `state` is how `kubectl get pods` shows the
    Pod meanwhile. `path` is that of the patch that it stands in, empty if the workload has it.
    """

    container: str
    title: str
    text: str
    span: Span
    targets: tuple[Target, ...]
    blocks: bool
    ends: bool
    longest: Longest | None
    state: str
    defect: str
    file: InFile | None = None
    is_once: bool = False
    path: str = ""

    @property
    def where(self) -> Spot:
        """Where it stands: in the manifest, and in the file that is run there or the patch that has it."""
        return (self.span, self.file.path, self.file.span) if self.file else (self.span, self.path, self.span)


def wanted(pod: Pod) -> Iterator[Wanted]:
    """The waits of a Pod's init containers, in their order; none where the cluster's DNS is not asked."""
    if pod.partial or Part.CONTAINERS in pod.unknown or not asks_cluster(pod):
        return
    first, told = _first_of_set(pod), set[str]()
    for container in pod.init_containers:
        for title, script in _starting(container) if container.is_told(Part.COMMANDS) else ():
            found = list(_of_script(script, told))
            others = list(_of_first(script, found, first)) if first else []
            instead = {one.where for one in others}
            kept = (one for one in found if one.where not in instead)
            yield from (one._replace(title=f"{title}{one.title}") for one in (*kept, *others))


def _starting(container: Container) -> Iterator[tuple[str, ContainerScript]]:
    """What must succeed before the next container starts, each with what messages call it before the container."""
    if container.role is Role.INIT:
        yield from (("", script) for script in scripts(container))
    elif container.role is Role.SIDECAR:
        hook, probe = container.node["lifecycle"]["postStart"], container.node["startupProbe"]
        yield from (("the postStart hook of ", one) for one in scripts_of(container, hook["exec"]["command"]))
        yield from (("the startupProbe of ", one) for one in scripts_of(container, probe["exec"]["command"]))


def _of_first(script: ContainerScript, found: Sequence[Wanted], name: str) -> Iterator[Wanted]:
    """The waits without which the first Pod of a StatefulSet does not start, and that need not be those of all Pods.

    Where the others start with it, what only the first does holds none of them up.
    """
    if _NAME.search(" ".join(script.all_texts)):
        are_together = script.container.pod.workload.node["spec"]["podManagementPolicy"].value == "Parallel"
        told, defects = {one.where for one in found if one.blocks}, _defects(script)
        for one in _of_pod(script, name):
            if one.where not in told and not (are_together and not _is_mutual(script, one, name)):
                yield one._replace(defect=defects.get(one.file.span if one.file else one.span, one.defect))


def _defects(script: ContainerScript) -> dict[Span, str]:
    """What other rules call the waits of a script, for which it is that of any Pod."""
    places = ((script.span(one.start, one.end), one.defect) for one in script.waits)
    return {place.place.span if isinstance(place, Mounted) else place: defect for place, defect in places}


def _of_pod(script: ContainerScript, name: str) -> Iterator[Wanted]:
    """The waits without which a certain Pod does not start."""
    return (one for one in _of_script(replace(script, hostname=name), set()) if one.blocks)


def _is_mutual(script: ContainerScript, wait: Wanted, name: str) -> bool:
    """Whether a Pod waits for another one of its StatefulSet that waits for it."""
    peers = {one.name.partition(".")[0] for one in wait.targets}
    peer = peers.pop()
    stem = name.rpartition("-")[0]
    if peers or peer == name or peer.rpartition("-")[0] != stem or not peer.removeprefix(f"{stem}-").isdecimal():
        return False
    asked = [{one.name.partition(".")[0] for one in other.targets} for other in _of_pod(script, peer)]
    return {name} in asked


def _of_script(script: ContainerScript, told: set[str]) -> Iterator[Wanted]:
    """The waits of a script; `told` is what the Pod does not come further without, by then."""
    for wait in chain(script.waits[:_MOST], attempts(script, told)):
        for asked, blocks in () if wait.is_for_absence else _asked(script, wait):
            targets = [target(script, wait, step, probe) for step, probe in asked]
            if targets and None not in targets:
                told |= {wait.target} if blocks else set()
                yield _wanted(script, wait, asked[0][1], tuple(filter(None, targets)), blocks=blocks)


def _first_of_set(pod: Pod) -> str:
    """What the first Pod of a StatefulSet is called, without which no other is made; empty of other workloads."""
    node, name = pod.workload.node, pod.workload.ref.name
    if node["kind"].value != "StatefulSet" or not name or is_placeholder(name):
        return ""
    return f"{name}-{node['spec']['ordinals']['start'].value or 0}"


def _asked(script: ContainerScript, wait: Wait) -> Iterator[tuple[Sequence[Asking], bool]]:
    """What a wait asks for, also in each round of a loop around it, and whether the Pod does not start without it."""
    must_come, around = is_blocking(script, wait), enumerating(script, wait)
    guarding = guards(script, wait, around) if must_come else ()
    for part in needed(wait, [(step, probe) for step in wait.steps for probe in step.meaning.probes]):
        for index, asked in enumerate(wait.rounds(part)):
            is_come_to = all(lets_through(one, script, around, index) for one in guarding)
            yield asked, must_come and is_come_to and (index == 0 or not may_be_left(script, around))


def _wanted(script: ContainerScript, wait: Wait, probe: Probe, targets: tuple[Target, ...], *, blocks: bool) -> Wanted:
    container, where = script.container, script.span(wait.start, wait.end)
    return Wanted(
        container=container.name.value,
        title=str(container),
        text=_said(script, targets, probe) if len(targets) == 1 else wait.target,
        span=where.caller.span if isinstance(where, Mounted) else where,
        targets=targets,
        blocks=blocks,
        ends=not wait.is_unbounded,
        longest=longest(wait, container.pod),
        state=container.init_status,
        defect=wait.defect,
        file=InFile(where.place.source.path, where.place.span, where.name) if isinstance(where, Mounted) else None,
        is_once=wait.is_once,
    )


def _said(script: ContainerScript, targets: tuple[Target, ...], probe: Probe) -> str:
    """What is asked for, in the words of the script where these stand for the own name."""
    host = next(iter(script.script.text_of(probe).split()), "").strip("\"'")
    if not targets[0].is_own_name or not host:
        return said(probe)
    return host if ":" in host or not targets[0].port else f"{host}:{targets[0].port}"
