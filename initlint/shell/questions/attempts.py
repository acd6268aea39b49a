"""What a script asks for once: where it fails without an answer, the container is run anew, and asks again."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import islice

from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import ProbeKind
from initlint.shell.commands.programs import is_read
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.waiting.waits import Wait, attempt

_MOST = 20
_OF_OTHERS = (ProbeKind.FILE, ProbeKind.OBJECT)


def asked_once(script: ContainerScript) -> Iterator[Step]:
    """The commands that ask for something and are part of no wait."""
    waiting = {id(step.command) for wait in script.waits for step in (*wait.steps, *wait.inside)}
    for step in script.steps:
        if step.meaning.probes and id(step.command) not in waiting and not step.command.context.in_background:
            yield step


def attempts(script: ContainerScript, told: Container[str] | None = None) -> Iterator[Wait]:
    """The hosts that are surely asked once, without whose answer the script fails; but for those that are `told`.

    Where nothing is said of these, what is waited for before is left out.
    """
    for step in islice(asked_once(script), _MOST):
        if _is_vital(step, script):
            told = _awaited(script) if told is None else told
            wait = attempt(step)
            if wait.target and wait.target not in told:
                yield wait


def _is_vital(step: Step, script: ContainerScript) -> bool:
    context = step.command.context
    is_sure = context.is_certain and not (context.guards or context.loops or context.is_elsewhere)
    is_of_hosts = all(one.kind not in _OF_OTHERS for one in step.meaning.probes)
    # A program in another language may go on without an answer.
    return is_sure and is_of_hosts and not is_read(step.command.name or "") and script.fails_with(step.command)


def _awaited(script: ContainerScript) -> set[str]:
    """What the script waits for, and what the init containers before it do."""
    container = script.container
    before = (one for other in container.pod.init_containers[: container.index] for one in scripts(other))
    return {target for one in (*before, script) for wait in one.waits for target in (*wait.targets, wait.target)}
