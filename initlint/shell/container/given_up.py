"""Waits that something ends in vain, and behind which the script succeeds all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from initlint.shell.commands.facts import Step
from initlint.shell.language.command import Command
from initlint.shell.outcome import status
from initlint.shell.outcome.idling import is_tolerant
from initlint.shell.outcome.loss import Loss
from initlint.shell.waiting.deciding import deciding
from initlint.shell.waiting.loops import Bound
from initlint.shell.waiting.waits import Wait
from initlint.shell.way.walk import Walk

if TYPE_CHECKING:
    from initlint.shell.container.script import ContainerScript

_ENDED = frozenset({Bound.CLOCK, Bound.COUNTER, Bound.LIST})
_SAYING = frozenset({":", "date", "echo", "exit", "printf", "sleep", "true"})


def given_up(script: ContainerScript, walk: Walk) -> tuple[Wait, ...]:
    """The waits whose end in vain nothing sees, in order.

    None that something behind may notice by itself, and none after which the script says that it goes on without.
    """
    waits = [
        wait
        for wait in script.waits
        if wait.bound in _ENDED and wait.probes and not (wait.is_once or wait.is_for_absence)
    ]
    asking = {id(step.command) for wait in waits for step in (*wait.steps, *wait.inside)}
    return tuple(wait for wait in waits if _is_unseen(wait, script.steps, asking) and _succeeds(wait, script, walk))


def _is_unseen(wait: Wait, steps: Sequence[Step], asking: set[int]) -> bool:
    """Whether nothing looks at it, and nothing comes behind it but words and other waits."""
    context = wait.context
    if context.is_checked or context.in_background or context.is_elsewhere or context.in_substitution:
        return False
    own = {id(step.command) for step in (*wait.steps, *wait.inside)}
    last = max(index for index, step in enumerate(steps) if id(step.command) in own)
    behind = [step.command for step in steps[last + 1 :] if id(step.command) not in asking]
    said = " ".join(word or "" for one in behind for word in one.words if one.name in ("echo", "printf"))
    return not any(map(_does_more, wait.inside)) and all(map(_only_says, behind)) and not is_tolerant(said)


def _does_more(step: Step) -> bool:
    """Whether it works, which is more than to wait, or ends the script, or its function, without success."""
    works = step.meaning.is_significant or not (step.meaning.is_known or step.command.is_call)
    return works or (step.command.name in ("exit", "return") and step.command.words[1:2] not in ([], ["0"]))


def _only_says(command: Command) -> bool:
    """Whether it does no more than to say something, to pause, or to end the script with a status that is known."""
    is_known = command.name != "exit" or None not in command.words
    return command.is_call or (command.name in _SAYING and not command.redirections and is_known)


def _succeeds(wait: Wait, script: ContainerScript, walk: Walk) -> bool:
    """Whether the script can succeed where what it asks for never comes."""
    asking = deciding(wait)
    if asking is None:
        return False
    # Of a loop each round looks at the answer, which is no look at how the wait has gone.
    loss = Loss(id(asking.command.statement), is_kept=wait.loop is not None)
    ends = status.ends(
        script.script,
        errexit=script.has_errexit,
        pipefail=script.has_pipefail,
        inner=walk.inner,
        loss=loss,
        fallible={},
    )
    return any(end.succeeded and end.is_lost for end in ends or ())
