"""What can come of a script: every way in which it can end, by following each path that its statements may take.

Commands may succeed or fail, unless it is known which; the options `errexit` and `pipefail`, `$?` and traps are
followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from initlint.shell.language.inner import InnerScript
from initlint.shell.language.syntax import Script
from initlint.shell.outcome.flags import flags_of, unread_of
from initlint.shell.outcome.flow import State, Unclear
from initlint.shell.outcome.follow import Follower
from initlint.shell.outcome.loss import Loss


class ScriptVerdict(NamedTuple):
    """Whether a script can end with success, and with failure; neither is one that never ends."""

    can_succeed: bool
    can_fail: bool


def verdict(
    script: Script,
    *,
    errexit: bool = False,
    pipefail: bool = False,
    inner: Mapping[int, InnerScript] | None = None,
    sure: Iterable[int] = (),
    unset: frozenset[str] = frozenset(),
) -> ScriptVerdict | None:
    """What can come of a script that a shell runs with these options; None if that is not clear.

    `sure` are commands that succeed, by the identity of their syntax, although their words do not say so.
    """
    fallible: dict[int, tuple[bool, ...]] = dict.fromkeys(sure, (True,))
    found = ends(script, errexit=errexit, pipefail=pipefail, inner=inner, fallible=fallible, unset=unset)
    if found is None:
        return None
    return ScriptVerdict(any(end.succeeded for end in found), any(not end.succeeded for end in found))


def ends(
    script: Script,
    *,
    errexit: bool = False,
    pipefail: bool = False,
    inner: Mapping[int, InnerScript] | None = None,
    loss: Loss | None = None,
    fallible: dict[int, tuple[bool, ...]] | None = None,
    unset: frozenset[str] = frozenset(),
) -> frozenset[State] | None:
    """The states in which a shell can end, if one command of the script fails (`loss`).

    `fallible` keeps how the commands can end, for further questions about the same script. `unset` are the variables
    that are surely empty where it begins.
    """
    if script.has_errors:
        return None
    try:
        text, fallible = script.text, {} if fallible is None else fallible
        follower = Follower(inner or {}, loss, fallible, flags=flags_of(text), unread=unread_of(text), text=text)
        empty = frozenset((name, "") for name in unset & follower.flags)
        return follower.script(script.body, State(True, errexit, pipefail, flags=empty))
    except (Unclear, RecursionError):
        return None
