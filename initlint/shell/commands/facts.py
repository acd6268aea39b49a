"""What each command of a script does, with its redirections: the paths that it touches and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.asked import of_test
from initlint.shell.commands.interpret import understand
from initlint.shell.commands.meaning import Action, Effect, Meaning, Probe, ProbeKind
from initlint.shell.commands.ports import numbered
from initlint.shell.commands.programs import fed_text, is_read, of_text
from initlint.shell.commands.table import CommandTable
from initlint.shell.language.command import Command, Redirection
from initlint.shell.language.values import Value, whole

_DEVICES = regex(r"/dev/(?:null|std(?:in|out|err)|tty|fd/\d+|zero|u?random)|/proc/self/fd/\d+")
_SOCKET = regex(r"/dev/(?:tcp|udp)/([^/]*)(?:/(.*))?", re.DOTALL)


class Step(NamedTuple):
    """A command and what it means."""

    command: Command
    meaning: Meaning


def meaning_of(
    command: Command, table: CommandTable | None = None, env: Mapping[str, str | None] | None = None
) -> Meaning:
    """What a command means, its redirections included; in another namespace it touches no path of the container."""
    found = _of_words(command, table, env or {})
    opened = tuple(effect for one in command.redirections if (effect := _of_redirection(one)))
    asked = tuple(probe for one in command.redirections if (probe := _of_socket(one)))
    if not opened and not asked and not command.context.is_elsewhere:
        return found
    effects = () if command.context.is_elsewhere else (*found.effects, *opened)
    return found._replace(effects=effects, probes=(*found.probes, *asked))


def _of_words(command: Command, table: CommandTable | None, env: Mapping[str, str | None]) -> Meaning:
    if command.is_call:
        return Meaning(is_known=True)
    if command.is_test:
        return of_test([one for one in command.arguments[1:] if one.text != "]"], command.cwd)
    if not command.arguments:
        return Meaning(is_known=True)
    found = understand(command.arguments, command.cwd, table, env)
    text = fed_text(command) if is_read(command.name) else None
    return of_text(found, text, env, command.name) if text else found


def _of_redirection(one: Redirection) -> Effect | None:
    """The file that a redirection opens; devices hold nothing."""
    if one.operator.startswith("<<") or one.operator in (">&", "<&") or _SOCKET.match(one.path.known):
        return None
    if one.path.is_whole and _DEVICES.fullmatch(one.path.known):
        return None
    action = Action.APPEND if one.appends else Action.READ if one.operator == "<" else Action.WRITE
    return Effect(action, one.start, one.end, one.path, is_directory=False)


def _of_socket(one: Redirection) -> Probe | None:
    """`< /dev/tcp/host/port`, which bash connects to."""
    match = _SOCKET.fullmatch(one.word.each.texts[0] if one.word.each else one.word.known)
    if match is None or match[0].startswith("/dev/udp/"):  # nothing says whether anybody listens there
        return None
    host = whole(match[1]) if match[2] is not None else Value(match[1])
    port = Value(match[2] or "", one.word.is_whole)
    if one.word.each:
        host, port = (one.word.map(partial(_of_socket_path, index)) for index in (1, 2))
    return Probe(ProbeKind.PORT, one.start, one.end, host=host, port=numbered(port))


def _of_socket_path(index: int, text: str) -> str | None:
    match = _SOCKET.fullmatch(text)
    return match[index] if match else None
