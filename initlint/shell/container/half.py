"""Where a script says that it ends, and ends no more than a subshell: `test -f a || (echo missing; exit 1)`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.language.command import Command
from initlint.shell.outcome import status
from initlint.shell.outcome.loss import Loss
from initlint.shell.way.walk import Walk

if TYPE_CHECKING:
    from initlint.shell.container.script import ContainerScript

_SAYING = frozenset({":", "cat", "date", "echo", "exit", "false", "ls", "printf", "sleep", "true"})
_WORD = regex(r"[\w./-]{3,}")


def half_ended(script: ContainerScript, walk: Walk) -> tuple[Command, ...]:
    """The `exit 1` of subshells that only say something, in order, behind which the script can succeed."""
    steps = script.steps
    return tuple(step.command for step in steps if _is_meant(step, steps, script) and _is_lost(step, script, walk))


def _is_meant(step: Step, steps: Sequence[Step], script: ContainerScript) -> bool:
    """Whether it ends with failure, under a condition, a subshell that is there for no more than words."""
    command, context = step.command, step.command.context
    fails = command.name == "exit" and (command.words[1:2] or ["0"])[0] not in ("0", None)
    if not fails or context.is_certain or not context.shells or context.stage != (0, 1):
        return False
    if context.loops or context.in_background or context.in_substitution or context.is_elsewhere:
        return False
    start = context.shells[-1]
    within = [one.command for one in steps if start in one.command.context.shells]
    is_explicit = script.script.text[start : start + 1] == "("
    is_for_words = is_explicit and within[-1] is command and all(one.name in _SAYING for one in within)
    return is_for_words and not _is_noticed(step, steps, script.script.text)


def _is_noticed(step: Step, steps: Sequence[Step], text: str) -> bool:
    """Whether what comes behind it has to do with what was asked, so that it may fail by itself."""
    guards = step.command.context.guards
    asked = {word for one in guards for word in _WORD.findall(text[one.start : one.statement.end])}
    behind = itertools.dropwhile(lambda one: one is not step, steps)
    others = [one.command for one in behind if one.command.name not in _SAYING]
    return any(word in text[one.start : one.end] for one in others for word in asked)


def _is_lost(step: Step, script: ContainerScript, walk: Walk) -> bool:
    """Whether the script can succeed although it has come there."""
    ends = status.ends(
        script.script, errexit=script.has_errexit, pipefail=script.has_pipefail, inner=walk.inner,
        loss=Loss(id(step.command.statement)), fallible={}, unset=script.unset,
    )  # fmt: skip
    return any(end.succeeded and end.is_lost for end in ends or ())
