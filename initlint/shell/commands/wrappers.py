"""What stands before a command and only starts it: `env`, `exec`, `sudo`, `tini --`, `timeout 60`, `xargs`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from initlint.duration import in_seconds
from initlint.programs import behind_wrapper
from initlint.shell.commands.runas import runs_as
from initlint.shell.language.command import RunAs
from initlint.shell.language.shells import AS_USER
from initlint.shell.language.syntax import Word
from initlint.shell.language.values import UNKNOWN, Argument, Value

_TIMEOUT_TAKES = ("-s", "-k", "--signal", "--kill-after")
_XARGS_TAKES = (
    "-I",
    "-n",
    "-P",
    "-L",
    "-d",
    "-a",
    "-s",
    "-E",
    "--max-args",
    "--max-procs",
    "--delimiter",
    "--arg-file",
)
_CHANGING = {"env": ("-C", "--chdir"), "sudo": ("-D", "--chdir")}
_BUILT_IN = ("builtin", "command")
ENTERING = ("nsenter", "chroot")
"""What they start is of another root than the container's."""
_LEAVING = (*ENTERING, "unshare", "ip")
"""What they start sees another file system or network than the container's."""


class Unwrapped(NamedTuple):
    """A command without its wrappers. `limit` is how long it may run; `leaves`: it runs in another namespace; `cwd` is
    the directory that it is started in, if that is another one, `runs_as` the user.
    """

    arguments: tuple[Argument, ...]
    limit: Value | None = None
    leaves: bool = False
    wrappers: tuple[str, ...] = ()
    cwd: Value | None = None
    runs_as: RunAs | None = None


def unwrap(arguments: Sequence[Argument]) -> Unwrapped:
    """Take off every wrapper; operands that `xargs` will add are one unknown argument."""
    rest, found = tuple(arguments), Unwrapped(())
    while rest:
        name = (rest[0].text or "").rpartition("/")[2]
        if name == "timeout":
            limit, index = _timeout(rest)
            found = found if _is_none(limit) else found._replace(limit=limit)
        elif name == "xargs":
            index = _behind_options(rest, _XARGS_TAKES)
            rest = _with_input(rest, index)
        elif name in _BUILT_IN:
            index = int(len(rest) > 1 and not rest[1].value.known.startswith("-"))  # `command -v` asks
        else:
            index = behind_wrapper([one.text for one in rest], hides=False)
        texts = [one.text for one in rest[1:]]
        if index == 0:
            is_su = name in AS_USER
            found = found._replace(runs_as=runs_as(name, texts) or found.runs_as) if is_su else found
            break
        found = found._replace(runs_as=runs_as(name, texts[: index - 1]) or found.runs_as)
        found = found._replace(cwd=_changed(name, rest[1:index]) or found.cwd)
        found = found._replace(leaves=found.leaves or name in _LEAVING, wrappers=(*found.wrappers, name))
        rest = rest[index:]
    return found._replace(arguments=rest)


def _changed(name: str, words: Sequence[Argument]) -> Value | None:
    """The directory that `env -C DIR` and `sudo -D DIR` change to."""
    options = _CHANGING.get(name, ())
    for one, following in pairwise([*words, None]):
        text = one.value.known if one else ""
        if one and text in options and following:
            return following.value
        if one and text.partition("=")[0] in options and "=" in text:
            return Value(text.partition("=")[2], one.value.is_whole)
    return None


def _with_input(arguments: tuple[Argument, ...], index: int) -> tuple[Argument, ...]:
    """The words of `xargs` with what it will add: where `-I` says, else at the end."""
    texts = [one.text or "" for one in arguments]
    placed = next(
        (after if text == "-I" else text[2:] for text, after in pairwise([*texts[:index], ""]) if text[:2] == "-I"), ""
    )
    if not placed:
        return (*arguments, _more(arguments[-1]))
    command = (_without(one, placed) for one in arguments[index:])
    return (*arguments[:index], *command)


def _without(argument: Argument, placed: str) -> Argument:
    """A word of which is known what stands before the input: `/data/{}.bak`."""
    before, found, _ = (argument.text or "").partition(placed)
    return argument._replace(value=Value(before)) if found else argument


def _timeout(arguments: tuple[Argument, ...]) -> tuple[Value, int]:
    """`timeout [-s SIGNAL] [-k DURATION] DURATION command`; busybox of old has `-t DURATION`."""
    index = _behind_options(arguments, (*_TIMEOUT_TAKES, "-t"))
    given = [one.text for one in arguments[1:index]]
    if "-t" in given[:-1]:
        return arguments[given.index("-t") + 2].value, index
    return (arguments[index].value if index < len(arguments) else UNKNOWN), index + 1


def _is_none(limit: Value) -> bool:
    """`timeout 0` runs the command without one."""
    return limit.text is not None and in_seconds(limit.text) in (0, math.inf)


def _behind_options(arguments: tuple[Argument, ...], takes: Sequence[str]) -> int:
    index = 1
    while index < len(arguments) and (text := arguments[index].text or "").startswith("-"):
        index += 2 if text in takes else 1
        if text == "--":
            break
    return index


def _more(last: Argument) -> Argument:
    return Argument(last.end, last.end, UNKNOWN, Word(last.end, last.end))
