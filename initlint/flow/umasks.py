"""The umask of a script, and of each subshell in it, command by command."""

from __future__ import annotations

import re
from functools import lru_cache

from initlint.flow.stations import Station
from initlint.shell.commands.facts import Step

Umask = tuple[tuple[int, ...], int | None]
"""A subshell, by the beginnings of those around it and its own, and its umask, if that is known."""

INHERITED: list[Umask] = [((), 0o022)]
"""What container runtimes begin with."""


def after(step: Step, before: list[Umask]) -> list[Umask]:
    """The umask of the shell and of each subshell around a command; it ends with its subshell."""
    shells = step.command.context.shells
    umasks = [one for one in before if one[0] == shells[: len(one[0])]]
    texts = step.command.words[1:] if step.command.name == "umask" else []
    if not texts or texts[0] in ("-S", "-p"):
        return umasks
    is_octal = step.command.context.is_certain and re.fullmatch("[0-7]+", texts[0] or "")
    return [*(one for one in umasks if one[0] != shells), (shells, int(texts[0] or "", 8) if is_octal else None)]


@lru_cache(maxsize=1024)  # each file that is started asks
def umask_before(station: Station, index: int) -> int | None:
    """The umask with which a command of a script runs; None if it is not known."""
    umasks = INHERITED
    for _, step in station.steps[: index + 1]:
        umasks = after(step, umasks)
    return umasks[-1][1]
