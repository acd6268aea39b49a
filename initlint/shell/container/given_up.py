"""Waits that something ends in vain, and behind which the script succeeds all the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from initlint.shell.commands.facts import Step
from initlint.shell.language.command import Command
from initlint.shell.language.syntax import Block, Function, Item, Script, Statement
from initlint.shell.outcome import status
from initlint.shell.outcome.flow import State
from initlint.shell.outcome.idling import is_tolerant
from initlint.shell.outcome.loss import Loss
from initlint.shell.waiting.deciding import deciding
from initlint.shell.waiting.loops import Bound
from initlint.shell.waiting.waits import Wait
from initlint.shell.way.walk import Walk

if TYPE_CHECKING:
    from initlint.shell.container.script import ContainerScript

_ENDED = frozenset({Bound.CLOCK, Bound.COUNTER, Bound.LIST})
_SAYING = frozenset({":", "date", "echo", "exit", "printf", "return", "seq", "sleep", "true"})


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
    return tuple(wait for wait in waits if _is_unseen(wait, script.steps, asking) and _is_lost(wait, script, walk))


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
    """Whether it works, which is more than to wait, or ends the script without success."""
    works = step.meaning.is_significant or not (step.meaning.is_known or step.command.is_call)
    return works or _fails(step, "exit")


def _fails(step: Step, leaving: str) -> bool:
    return step.command.name == leaving and step.command.words[1:2] not in ([], ["0"])


def _only_says(command: Command) -> bool:
    """Whether it says something, pauses, keeps a value, or ends the script with a status that is known; no more."""
    is_known = command.name != "exit" or None not in command.words
    is_shown = all(one.operator == ">&" for one in command.redirections)
    is_idle = command.name in _SAYING or not command.arguments
    return command.is_call or (is_idle and is_shown and is_known)


def _is_lost(wait: Wait, script: ContainerScript, walk: Walk) -> bool:
    """Whether the script can succeed where what it asks for never comes."""
    asking = deciding(wait)
    if asking is None:
        return False
    # Of a loop each round looks at the answer, which is no look at how the wait has gone.
    loss = Loss(id(asking.command.statement), is_kept=wait.loop is not None)
    call = _call(wait, script.steps)
    if call and any(not end.succeeded for end in _ends(_alone(call, script.script), script, walk, loss)):
        loss = Loss(id(call))
    elif any(_fails(step, "return") for step in wait.inside):
        return False
    return any(end.succeeded and end.is_lost for end in _ends(script.script, script, walk, loss))


def _call(wait: Wait, steps: Sequence[Step]) -> Statement | None:
    """The call of the function that a wait stands in."""
    name, first = wait.context.functions[-1:], wait.steps[0]
    before = itertools.takewhile(lambda one: one is not first, steps)
    calls = [one.command for one in before if one.command.is_call and (one.command.name,) == name]
    return calls[-1].statement if calls else None


def _alone(call: Statement, script: Script) -> Script:
    """A script of nothing but a call, and the functions that it may need."""
    functions = [one for one in script.body.items if isinstance(one.statement, Function)]
    return Script(script.text, Block(call.start, call.end, (*functions, Item(call))))


def _ends(part: Script, script: ContainerScript, walk: Walk, loss: Loss) -> Iterable[State]:
    """How a part of the script can end; none where that is not known."""
    found = status.ends(
        part,
        errexit=script.has_errexit,
        pipefail=script.has_pipefail,
        inner=walk.inner,
        loss=loss,
        fallible={},
        unset=script.unset if part is script.script else frozenset(),
    )
    return found or ()
