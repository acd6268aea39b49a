"""What programs read because a variable names it, and no word: `KUBECONFIG`, `PGPASSFILE`, `SSL_CERT_FILE`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from initlint.flow.needs import paths
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.container.mounts import canonical, within
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.syntax import Simple

# Variables that more than one program reads, each for its settings, its certificates or who it is.
_READ = regex(
    r"KUBECONFIG|NETRC|(?:\w+_)?(?:CONFIG|CREDENTIALS?|CA|CACERT|CERTS?|KEY|PASSFILE|CA_BUNDLE)(?:_?(?:FILE|PATH|DIR))?"
)
_FAMILIES = (
    (regex(r"psql|pg_\w+|createdb|dropdb"), "PG"),
    (regex(r"mariadb\w*"), "MYSQL"),
    (regex(r"python[\d.]*"), "PYTHON"),
)
# They ask the system or the network, and no file that a variable names.
_ASKING = frozenset({
    "df", "dig", "free", "getent", "host", "ip", "nc", "ncat", "nslookup", "ping", "ps", "sleep", "ss", "sysctl",
    "uptime",
})  # fmt: skip
_LETTERS = 3


class _Setting(NamedTuple):
    """A variable, what it names as far as that is known, and whether programs surely have it."""

    name: str
    paths: frozenset[str] | None
    is_exported: bool


def is_told_by_variable(path: str, station: Station, step: Step, *, is_followed: bool) -> bool:
    """Whether a command may read a path that a variable names: of one of which all is known, what it is called for."""
    name = step.command.name
    if name in _ASKING:
        return False
    for one in (*_settings(station), *_own(step)):
        is_read = _READ.fullmatch(one.name) is not None or _is_for(name, one.name)
        is_named = is_read if one.paths is None else any(_meet(path, each) for each in one.paths)
        if is_named and (is_read or (one.is_exported and not is_followed)):
            return True
    return False


@lru_cache(maxsize=128)
def _settings(station: Station) -> tuple[_Setting, ...]:
    """The variables of a container, and those that its scripts set, exported or not."""
    given = station.container.known_env.items()
    found = [_Setting(name, _named(value) if value else frozenset(), is_exported=True) for name, value in given]
    return (*found, *(one for script, step in station.steps for one in _set(script, step)))


def _set(script: ContainerScript, step: Step) -> Iterator[_Setting]:
    statement = step.command.statement
    is_exported = step.command.name == "export" or "set -a" in script.script.text
    if step.command.name != "export" and isinstance(statement, Simple) and statement.words:
        return  # for that command alone
    for one in getattr(statement, "assignments", ()):
        text = one.value.text if one.value else None
        yield _Setting(one.name, None if text is None else _named(text), is_exported)


def _own(step: Step) -> Iterator[_Setting]:
    """What is set for one command: `KUBECONFIG=/etc/app/config kubectl get pods`."""
    statement = step.command.statement
    for one in statement.assignments if isinstance(statement, Simple) and statement.words else ():
        text = one.value.text if one.value else None
        yield _Setting(one.name, None if text is None else _named(text), is_exported=True)


def _named(text: str) -> frozenset[str]:
    return frozenset(canonical(one) for one in paths(text)) - {"/"}


def _is_for(program: str, variable: str) -> bool:
    """Whether a variable is one of a program's own, as both are called."""
    family = next((start for pattern, start in _FAMILIES if pattern.fullmatch(program)), program[:_LETTERS].upper())
    return bool(family) and variable.upper().startswith(family)


def _meet(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)
