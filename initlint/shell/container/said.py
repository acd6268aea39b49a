"""What a command says in the container's log, where nobody but people reads it."""

from __future__ import annotations

from collections.abc import Sequence

from initlint.shell.commands.facts import Step
from initlint.shell.language.command import Redirection

_STREAMS = frozenset({"1", "2", "/dev/stdout", "/dev/stderr"})


def is_said(step: Step, steps: Sequence[Step]) -> bool:
    """Whether what a command says goes to the log, and nowhere else."""
    command, context = step.command, step.command.context
    if context.in_substitution or "sh" in context.functions or context.stage[1] > 1 or context.is_elsewhere:
        return False
    calls = [one.command for one in steps if one.command.is_call and one.command.name in context.functions]
    starts = [one.start for one in (command, *calls)]
    around = [one.command for one in steps if any(one.command.start <= start < one.command.end for start in starts)]
    around += [one.command for one in steps if one.command.wrappers == ("exec",)]
    return not any(_leads_away(one) for outer in around for one in outer.redirections)


def is_part_of_speech(step: Step, steps: Sequence[Step]) -> bool:
    """Whether a command's output is only said: `echo "phase: $(kubectl get pod x)"`."""
    if not step.command.context.in_substitution:
        return False
    around = [one for one in steps if one.command.start < step.command.start < one.command.end]
    return bool(around) and all(one.command.name in ("echo", "printf") and is_said(one, steps) for one in around)


def _leads_away(redirection: Redirection) -> bool:
    """Whether it takes what is said elsewhere than to the log."""
    return redirection.operator.startswith((">", "&>")) and redirection.word.text not in _STREAMS
