"""What start-up spends its time on, as far as that is known: the waits and sleeps of init containers, in order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from initlint.finding import Where
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Pod
from initlint.shell.commands.places import seconds
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.language.command import Context
from initlint.shell.waiting.lasting import lasting
from initlint.shell.waiting.loops import Loop
from initlint.shell.waiting.waits import Wait
from initlint.text.tree import Node

_PERIOD, _FAILURES = 10, 3  # SetDefaults_Probe


class Spent(NamedTuple):
    """What a container spends on something if it takes as long as it may, and where that stands."""

    container: Container
    where: Where
    seconds: float


def spent(pod: Pod) -> Iterator[Spent]:
    """Everything that surely delays the app containers if it takes as long as it may, in the order of time."""
    for container in pod.init_containers:
        if container.role is Role.INIT:
            for script in scripts(container):
                yield from _of_script(script)
        elif probe := container.node["startupProbe"]:
            yield Spent(container, probe, _of_probe(probe))


def _of_probe(probe: Node) -> float:
    """When the last try comes before the kubelet restarts the sidecar."""
    delay, period, failures = (
        _number(probe[name]) for name in ("initialDelaySeconds", "periodSeconds", "failureThreshold")
    )
    return (delay or 0) + (period or _PERIOD) * ((failures or _FAILURES) - 1)


def _number(node: Node) -> int:
    return int(node.value) if node.value.isdecimal() else 0


def _of_script(script: ContainerScript) -> Iterator[Spent]:
    """Of a script that `timeout` ends no more than that allows."""
    left = seconds(script.limit) if script.limit is not None else None
    if script.limit is not None and (left is None or any(map(_is_endless, script.waits))):
        yield from [] if left is None else _finite(Spent(script.container, script.node, left))
        return
    for one in sorted(_times(script), key=lambda found: found[0]):
        time = one[1] if left is None else min(one[1], left)
        left = None if left is None else left - time
        yield from _finite(Spent(script.container, script.span(one[0], one[2]), time))


def _is_endless(wait: Wait) -> bool:
    return wait.loop is not None and _is_once(wait.context) and wait.lasting is None


def _times(script: ContainerScript) -> Iterator[tuple[int, float, int]]:
    """Where something begins that takes time, how long, and where it ends."""
    waits = {wait.loop: wait for wait in script.waits if wait.loop}
    for wait in script.waits:
        if wait.lasting and (rounds := _rounds(wait.context, script)):
            yield wait.start, wait.lasting.seconds * rounds, wait.end
    for loop in script.loops:
        if loop not in waits and _is_once(loop.round.context) and (time := _of_loop(loop, script)):
            yield loop.head[0], time, loop.head[1]
    for step in script.steps:
        pauses, command = step.meaning.pauses, step.command
        if pauses is not None and pauses.is_whole and _is_once(command.context):
            yield command.start, float(pauses.known), command.arguments[-1].end


def _of_loop(loop: Loop, script: ContainerScript) -> float | None:
    """A loop that asks for nothing, and only sleeps."""
    members = {id(command) for command in loop.commands}
    inside = [step for step in script.steps if id(step.command) in members]
    if any(step.meaning.attempt is not None or step.meaning.waits for step in inside):
        return None
    found = lasting(loop, inside, has_braces=script.has_braces)
    return found.seconds if found else None


def _rounds(context: Context, script: ContainerScript) -> int:
    """How often it surely happens, in loops through what is known; 0 if that is not clear."""
    around = {one.statement.start: len(one.texts) for one in (script.walk.rounds if script.walk else ())}
    is_clear = context.is_certain and not context.in_background
    return math.prod(around.get(loop, 0) for loop in context.loops) if is_clear else 0


def _is_once(context: Context) -> bool:
    """Whether it surely happens, once, and what comes behind it waits for it."""
    return context.is_certain and not context.loops and not context.in_background


def _finite(found: Spent) -> Iterator[Spent]:
    if 0 < found.seconds < math.inf:
        yield found
