"""As whom `sudo`, `gosu`, `setpriv`, `su` and their like run what they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from initlint.regex import regex
from initlint.shell.language.command import OF_ROOT, RunAs
from initlint.shell.language.shells import AS_USER

Words = Sequence[str | None]

_UNKNOWN = RunAs(None, None)
_ACCOUNT = regex(r"#?(\d+|root)(?:[:.](\d+|root))?")
_SU_TAKES = frozenset({"-c", "--command", "-s", "--shell", "-g", "--group", "-G", "--supp-group", "-w", "-T"})
_OF_SETPRIV = regex(r"--(?:reuid|regid|ruid|rgid|euid|egid)(?:=.*)?")


def runs_as(name: str, words: Words) -> RunAs | None:
    """The user as whom a program starts another one, of its own words; None if it changes none."""
    change = _CHANGES.get(name)
    return change(words) if change else None


def _first(words: Words) -> RunAs:
    """`gosu 1000:1000`, `su-exec 1000`, `s6-setuidgid app`: the first word."""
    return _account(words[0] if words else None)


def _sudo(words: Words) -> RunAs:
    """Root, unless `-u` says who else."""
    user = _option(words, "-u", "--user")
    return _account(user, _option(words, "-g", "--group")) if user != "" else OF_ROOT


def _runuser(words: Words) -> RunAs:
    return _account(_option(words, "-u", "--user"), _option(words, "-g", "--group"))


def _setpriv(words: Words) -> RunAs | None:
    """By `--reuid` and `--regid`; without the latter the group stays."""
    if not any(word is None or _OF_SETPRIV.fullmatch(word) for word in words):
        return None
    return _account(_option(words, "--reuid"), _option(words, "--regid") or "0")


def _su(words: Words) -> RunAs:
    """Root, unless a word says who else, wherever that stands."""
    operands = [
        word
        for before, word in pairwise(["", *words])
        if before not in _SU_TAKES and not (word or "").startswith("-")
    ]  # fmt: skip
    return _account(operands[0]) if operands else OF_ROOT


_CHANGES: Mapping[str, Callable[[Words], RunAs | None]] = {
    **dict.fromkeys(("gosu", "su-exec", "s6-setuidgid"), _first),
    **dict.fromkeys(AS_USER, _su),
    "runuser": _runuser,
    "setpriv": _setpriv,
    "sudo": _sudo,
}


def _option(words: Words, *names: str) -> str | None:
    """The value of an option, `-u app`, `-uapp`, `--user app` or `--user=app`; empty without it, None if not known."""
    for word, following in pairwise([*words, None]):
        if word is None or word in names:
            return following if word else None
        for name in names:
            joined = name if len(name) == 2 else f"{name}="
            if word.startswith(joined):
                return word.removeprefix(joined)
    return ""


def _account(user: str | None, group: str | None = "") -> RunAs:
    """The numbers of a user and a group. A name may have any; the group of a user is the image's to say."""
    match = _ACCOUNT.fullmatch(user or "")
    if match is None:
        return _UNKNOWN
    of_group = _ACCOUNT.fullmatch(group or "")
    named = of_group[1] if of_group else match[2] or ("0" if match[1] == "root" and group == "" else "")
    return RunAs(_number(match[1]), _number(named))


def _number(name: str) -> int | None:
    return 0 if name == "root" else int(name) if name else None
