"""What the init containers of a Pod wait for, and whether the Pod can start without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, takewhile
from typing import NamedTuple, TypeAlias

from initlint.finding import Mounted
from initlint.graph.rounds import lets_through
from initlint.graph.targets import Target, target
from initlint.kube.inventory.services import asks_cluster
from initlint.kube.kustomize.patches import has_directive
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.unknown import Part
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Probe
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts, scripts_of
from initlint.shell.language.command import Context, Guard
from initlint.shell.language.syntax import AndOr, Statement
from initlint.shell.questions.attempts import attempts
from initlint.shell.questions.longest import Longest, longest
from initlint.shell.waiting.loops import Bound
from initlint.shell.waiting.waits import Asking, Wait, needed, said
from initlint.shell.way.branching import Round
from initlint.shell.way.context import LEAVING
from initlint.text.source import Span

_MOST = 20
"""Of each script: whether it goes on without one is followed through all of it."""

_NAME = regex(r"HOSTNAME|\bhostname\b|POD_?NAME")
_SEARCHING = ("grep", "egrep", "fgrep")
_INVERTED = regex(r"-[a-zA-Z]*[vL]|--invert")

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
    Pod meanwhile. `path` is that of the patch that adds it, empty if the workload has it.
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
        """Where it stands: in the manifest, and in the file that is run there or the patch that adds it."""
        return (self.span, self.file.path, self.file.span) if self.file else (self.span, self.path, self.span)


def wanted(pod: Pod) -> Iterator[Wanted]:
    """The waits of a Pod's init containers, in their order; none where the cluster's DNS is not asked."""
    if pod.workload.cluster.is_patch(pod.node.source.path):
        yield from _added(pod)
        return
    if Part.CONTAINERS in pod.unknown or not asks_cluster(pod):
        return
    first, told = _first_of_set(pod), set[str]()
    for container in pod.init_containers:
        for title, script in _starting(container) if container.is_told(Part.COMMANDS) else ():
            found = list(_of_script(script, told))
            others = list(_of_first(script, found, first)) if first else []
            instead = {one.where for one in others}
            kept = (one for one in found if one.where not in instead)
            yield from (one._replace(title=f"{title}{one.title}") for one in (*kept, *others))


def _added(pod: Pod) -> Iterator[Wanted]:
    """The waits of the init containers that a patch adds, or gives another command."""
    path, told = pod.node.source.path, set[str]()
    if not has_directive(pod.node):
        given = (one for one in pod.init_containers if one.node["image"] and one.overrides_entrypoint)
        for title, script in (found for container in given for found in _starting(container)):
            for one in _of_script(script, told):
                yield one._replace(title=f"{title}{one.title}", path=path, state="Init")


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
        told = {one.where for one in found if one.blocks}
        for one in _of_pod(script, name):
            if one.where not in told and not (are_together and not _is_mutual(script, one, name)):
                yield one


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
    blocks, around = _blocks(script, wait), _enumerating(script, wait)
    guards = _guards(script, wait, around) if blocks else ()
    for part in needed(wait, [(step, probe) for step in wait.steps for probe in step.meaning.probes]):
        for index, asked in enumerate(wait.rounds(part)):
            is_come_to = all(lets_through(one, script, around, index) for one in guards)
            yield asked, blocks and is_come_to and (index == 0 or not _may_be_left(script, around))


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


def _blocks(script: ContainerScript, wait: Wait) -> bool:
    """Whether the script does not succeed without what it waits for, if it comes to the wait, which guards tell."""
    context = wait.context
    if not context.is_certain or context.in_background or context.is_elsewhere or _may_be_over(script, wait):
        return False
    # A `timeout` around all of the script makes the container fail.
    is_ended = wait.loop is not None and wait.loop.bound is Bound.PROBE and context.limit is script.limit
    return wait.is_unbounded or is_ended or _must_succeed(script, wait)


def _guards(script: ContainerScript, wait: Wait, around: Sequence[Round]) -> Sequence[Guard]:
    """What may keep the script from coming to the wait."""
    heads = {id(one.condition) for one in around}
    guards = wait.context.guards
    return [one for one in guards if id(one.statement) not in heads and not _is_passed(one, script)]


def _must_succeed(script: ContainerScript, wait: Wait) -> bool:
    """Whether the script fails if nothing of what a wait asks for answers, and nothing comes through pipes."""
    asking = [step for step in wait.steps if step.meaning.probes] or wait.steps
    return bool(asking) and all(
        any(
            map(
                script.fails_with,
                [one.command for one in (step, *_behind_pipe(step, wait.steps), *_comparing(step, wait))],
            )
        )
        for step in asking
    )


def _comparing(step: Step, wait: Wait) -> Iterator[Step]:
    """The tests of what a command says that end a wait, and fail where it says nothing: `[ "$(curl …)" = 200 ]`."""
    ways = wait.loop.ways if wait.loop and step.command.context.in_substitution else ()
    ending = {id(guard.statement) for way in ways for guard in way.guards if guard.succeeded}
    for one in wait.inside:
        if id(one.command.statement) in ending and one.command.is_test and _wants_something(one.command.words):
            yield one


def _wants_something(words: Sequence[str | None]) -> bool:
    """Whether a test compares with something; where nothing answers, curl says `000` of the status."""
    match [word for word in words[1:] if word not in ("]", "]]")]:
        case [_, ("=" | "==" | "-eq" | "-ge" | "=~"), str(wanted)]:
            return wanted.strip("0") != ""
        case [_, "-gt", str(wanted)]:
            return wanted != ""
    return False


def _behind_pipe(step: Step, steps: Sequence[Step]) -> Iterator[Step]:
    """The commands that find nothing in what a command says if it fails: `| grep -q UP`."""
    stage, shells = step.command.context.stage, step.command.context.shells[:-1]
    for one in steps:
        index, count = one.command.context.stage
        is_behind = count == stage[1] and index > stage[0] and one.command.context.shells[:-1] == shells
        if is_behind and one.command.name in _SEARCHING and not any(map(_may_invert, one.command.words)):
            yield one


def _may_invert(word: str | None) -> bool:
    """Whether `grep` may look for lines without something: `-v`, `-L`."""
    return word is None or bool(_INVERTED.match(word))


def _may_be_over(script: ContainerScript, wait: Wait) -> bool:
    """Whether the script may have ended before, with success: `case $(hostname) in *-0) exit 0 ;; esac`."""
    inside = {id(step.command) for step in wait.inside}
    before = takewhile(lambda one: id(one) not in inside, script.commands or ())
    return any(
        _succeeds(one.words[1:], one.context) and _is_around(one.context, wait.context)
        for one in before
        if one.name == "exit"
    )


def _succeeds(words: list[str | None], context: Context) -> bool:
    """Whether `exit` says that all is well; behind `||` it says what the command before it does."""
    return words == ["0"] or (not words and not (context.guards and not context.guards[-1].succeeded))


def _is_around(one: Context, other: Context) -> bool:
    """Whether what ends the shell of one ends that of the other."""
    is_shell_around = one.functions.count("sh") <= other.functions.count("sh")
    return is_shell_around and not one.in_background and one.shells == other.shells[: len(one.shells)]


def _is_passed(guard: Guard, script: ContainerScript) -> bool:
    """Whether the script fails where it does not come further than a command before: `cp a b && until …`."""
    parts = {id(one) for one in _conjuncts(guard.statement)}
    commands = [one for one in script.commands or () if id(one.statement) in parts]
    return guard.succeeded and len(commands) == len(parts) and all(map(script.fails_with, commands))


def _conjuncts(statement: Statement) -> Iterator[Statement]:
    if isinstance(statement, AndOr) and statement.operator == "&&":
        yield from _conjuncts(statement.left)
        yield from _conjuncts(statement.right)
    else:
        yield statement


def _enumerating(script: ContainerScript, wait: Wait) -> list[Round]:
    """The loops around a wait of which each round is known."""
    rounds = script.walk.rounds if script.walk else ()
    return [one for one in rounds if one.texts and one.statement.start in wait.context.loops]


def _may_be_left(script: ContainerScript, around: Sequence[Round]) -> bool:
    """Whether a loop with known rounds may end before its last one, and the script go on or succeed."""
    starts = {one.statement.start for one in around}
    leaving = [one for one in script.commands or () if one.name in LEAVING and starts & {*one.context.loops}]
    return any(
        one.context.loops[-1] in starts if one.name == "break" else one.words[1:] in ([], ["0"])
        for one in leaving
        if one.name != "continue" or one.words[1:]
    )
