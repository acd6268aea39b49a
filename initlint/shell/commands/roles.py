"""Which values can play which role, by how they begin: what tells the operands of a command apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from initlint.regex import regex
from initlint.shell.commands.ports import NUMBERS
from initlint.shell.language.values import Value

LOCAL = "local-"
"""Before the role of a path that must look like one of this file system, where others are named alike."""

_REMOTE = regex(r"[\w.@+-]*:")
_NUMBER = regex(r"[\d-]*")


def fits(role: str, value: Value) -> bool:
    """Whether a value can play a role: no URL begins with a slash, no port with a letter but what has a name."""
    judge = _may_be_local if role.startswith(LOCAL) else _JUDGES.get(role)
    return judge is None or judge(value)


def _may_be_local(value: Value) -> bool:
    return value.known.startswith(("/", ".", "~")) or (value.is_whole and "/" not in value.known)


def _may_be_repository(value: Value) -> bool:
    known = value.known
    return not known.startswith(("/", ".")) and (not value.is_whole or ":" in known or "/" in known)


def _may_be_remote(value: Value) -> bool:
    """`host:path`, or what may turn out to be that."""
    return (not value.is_whole and not value.known.startswith("/")) or bool(_REMOTE.match(value.known))


def _may_be_url(value: Value) -> bool:
    return not value.known.startswith(("/", ".", "@", "+"))


def _may_be_host(value: Value) -> bool:
    return _may_be_url(value) and not (value.is_whole and value.known.isdecimal())


def _is_joined(value: Value) -> bool:
    """`host:port`, and not one of the two."""
    return ":" in value.known


def _is_server(value: Value) -> bool:
    """`@8.8.8.8`, which `dig` asks."""
    return value.known.startswith(("@", "+"))


def _may_be_number(value: Value) -> bool:
    return _NUMBER.fullmatch(value.known) is not None


def _may_be_port(value: Value) -> bool:
    return _may_be_number(value) or (value.is_whole and value.known in NUMBERS)


_JUDGES: Mapping[str, Callable[[Value], bool]] = {
    "cloned": _may_be_repository,
    "download": _may_be_remote,
    "remote": _may_be_remote,
    "url": _may_be_url,
    "fetched": _may_be_url,
    "host": _may_be_host,
    "address": _may_be_host,
    "joined": _is_joined,
    "server": _is_server,
    "port": _may_be_port,
    "number": _may_be_number,
}
"""Who says whether a value can play a role; any value can play one that is not here."""
