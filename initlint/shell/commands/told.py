"""Who is asked where no word says so, but a variable that the manifest or the script sets: `PGHOST`, `VAULT_ADDR`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.entrypoint import ENTRYPOINT, listed
from initlint.shell.commands.meaning import Meaning
from initlint.shell.commands.places import address
from initlint.shell.commands.probes import of_dsn
from initlint.shell.language.command import Command
from initlint.shell.language.syntax import Simple, Word
from initlint.shell.language.values import UNKNOWN, Argument, Value, whole

# Those that are surely read; of MYSQL_HOST that depends on the version.
_PART = regex(r"(?:PG|CQLSH_)(?:HOST|PORT)")
_WHOLE = ("VAULT_ADDR", "CONSUL_HTTP_ADDR", "ETCDCTL_ENDPOINTS", "INFLUX_HOST", "OLLAMA_HOST", "TEMPORAL_ADDRESS",
          "TEMPORAL_CLI_ADDRESS", "COCKROACH_HOST")  # fmt: skip
_DATABASES = ("DATABASE_URL", "FLYWAY_URL", "GOOSE_DBSTRING", "LIQUIBASE_COMMAND_URL")
# What begins with a slash is the folder of a socket.
_PLAIN = regex(r"[\w.-]+")
_ADDRESS = regex(r"(?:https?://)?[\w.-]+(?::\d+)?/?")


class Export(NamedTuple):
    """A variable that is set for what a script runs from there on; `text` is None where that is not known."""

    at: int
    name: str
    text: str | None


def exports(commands: Iterable[Command]) -> tuple[Export, ...]:
    """What a script surely exports, for all that it runs from there on."""
    return tuple(
        one for command in commands if command.name == "export" and _is_plain(command) for one in settings_of(command)
    )


def told(
    meaning: Meaning, env: Mapping[str, str | None] | None, command: Command, given: Sequence[Export], text: str
) -> Meaning:
    """The same with the host and the port that variables say where no word does; None is any variable.

    As it is where one of them says it otherwise, or the script, which is the `text`, may set it to something else.
    """
    if env and command.name == ENTRYPOINT:
        return listed(meaning, command, env)
    if env is None or not meaning.probes or not meaning.variables:
        return meaning
    own = [one for one in (*given, *settings_of(command)) if one.at <= command.start]
    known = {name: env[name] for name in meaning.variables if name in env}
    for name in meaning.variables:
        if count := len(re.findall(rf"\b{name}=", text)):
            values = [one.text for one in own if one.name == name]
            known[name] = values[0] if count == len(values) == 1 else None
    said = [_said(name, value) for name, value in known.items() if value is not None]
    if not said or len(said) < len(known) or None in said:
        return _hidden(meaning, [name for name, value in known.items() if value is None and name not in env])
    hosts, ports = ([part for one in said if one and (part := one[at])] for at in (0, 1))
    probes = tuple(
        one._replace(host=hosts[0] if hosts else one.host, port=ports[0] if ports else one.port)
        for one in meaning.probes
    )
    others = tuple(one for one in meaning.variables if one not in known and (one.endswith("PORT") or not hosts))
    return meaning._replace(probes=probes, variables=others)


def _hidden(meaning: Meaning, names: Sequence[str]) -> Meaning:
    """The same where a script sets these variables to what is not known."""
    hides_host = any(not name.endswith("PORT") for name in names)
    probes = (one._replace(host=UNKNOWN) if hides_host else one for one in meaning.probes)
    return meaning._replace(probes=tuple(one._replace(port=UNKNOWN) if names else one for one in probes))


def _is_plain(command: Command) -> bool:
    """Whether it surely runs, once, in the shell of the script itself."""
    context = command.context
    is_inside = context.loops or "sh" in context.functions or context.shells or context.guards or context.in_background
    return context.is_certain and not is_inside


def settings_of(command: Command) -> Iterator[Export]:
    """What a command sets for itself, or `export` for all that follow."""
    statement = command.statement
    for one in statement.assignments if isinstance(statement, Simple) and statement.words else ():
        yield Export(command.start, one.name, one.value.text if one.value and not one.appends else None)


def _said(name: str, value: str) -> tuple[Value | None, Value | None] | None:
    """The host and the port that a variable says; None if it is not understood."""
    if _PART.fullmatch(name) and _PLAIN.fullmatch(value):
        return (whole(value), None) if name.endswith("HOST") else (None, whole(value))
    word = Argument(0, 0, whole(value), Word(0, 0))
    if name in _DATABASES:
        said = next(of_dsn(word), None)
    else:
        said = word if name in _WHOLE and _ADDRESS.fullmatch(value) else None
    found = address(said) if said else None
    return (found.host, found.port) if found else None
