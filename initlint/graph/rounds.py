"""What is known of a test in one round of a loop: `[ "$peer" = "$(hostname)" ] && continue`."""

from __future__ import annotations

from collections.abc import Sequence

from initlint.regex import regex
from initlint.shell.container.script import ContainerScript
from initlint.shell.language import syntax
from initlint.shell.language.command import Guard
from initlint.shell.language.syntax import Statement
from initlint.shell.way.branching import Round
from initlint.shell.way.decided import compared

_GLOB = regex(r"[*?\[\\]")


def lets_through(guard: Guard, script: ContainerScript, around: Sequence[Round], index: int) -> bool:
    """Whether what stands behind a guard surely runs in one round of the only loop around it that has known ones."""
    if len(around) != 1 or index >= len(around[0].texts):
        return False
    return _succeeds(guard.statement, script, around[0].statement.start, index) is guard.succeeded


def _succeeds(statement: Statement, script: ContainerScript, loop: int, index: int) -> bool | None:
    if isinstance(statement, syntax.Not):
        inner = _succeeds(statement.body, script, loop, index)
        return None if inner is None else not inner
    found = [one for one in script.commands or () if one.statement is statement and one.is_test]
    words = [word.value.in_round(loop, index).text for word in found[0].arguments[1:]] if len(found) == 1 else []
    match [word for word in words if word not in ("]", "]]")]:
        case [str(left), str(operator), str(right)] if not _GLOB.search(right):
            return compared(left, operator, right)
    return None
