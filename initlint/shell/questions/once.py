"""Commands that make something of a fixed name that outlives the container, and that fail when it is there already.

It is outside of the Pod, or in what of the Pod no path names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.finding import Where
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Rerun
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.questions.inpod import in_pod

# What makes it, by its first words, and the programs that may take it away, or ask for it, before.
_MAKING: dict[tuple[str, ...], frozenset[str]] = {
    ("kubectl", "create"): frozenset({"kubectl", "oc"}),
    ("oc", "create"): frozenset({"kubectl", "oc"}),
    ("createdb",): frozenset({"dropdb", "psql"}),
    ("createuser",): frozenset({"dropuser", "psql"}),
    ("mc", "mb"): frozenset({"mc"}),
}


class _Making(NamedTuple):
    """What a program makes with these as its first words, or with an option, and without some others: what `named` says
    that it is called, or else `what`.
    """

    verb: tuple[str, ...] = ()
    option: str = ""
    without: frozenset[str] = frozenset()
    named: str = ""
    what: str = ""


_OF_PROGRAMS: dict[str, tuple[_Making, ...]] = {
    "consul": (_Making(("acl", "bootstrap"), what="the first token"),),
    "django-admin": (_Making(("createsuperuser",), "--noinput", what="that user"),),
    "gsutil": (_Making(("mb",), what="the bucket"),),
    "helm": (_Making(("install",), without=frozenset({"--dry-run", "--generate-name", "-g"}), what="the release"),),
    "influx": (_Making(("setup",), what="the first user"),),
    "kafka-topics": (_Making((), "--create", frozenset({"--if-not-exists"}), "--topic", "the topic"),),
    "vault": (
        _Making(("auth", "enable"), named="-path", what="the auth method"),
        _Making(("secrets", "enable"), named="-path", what="the secrets engine"),
    ),
}
_ALSO = {"kafka-topics.sh": "kafka-topics"}
# What is evaluated, unless it asks before.
_INITIATES = regex(r"\s*rs\.initiate\(.*")
# `kubectl create token` gives another one each time.
_ANEW = frozenset({"token"})
_SQL = regex(r"(?is)\s*CREATE\s+(?:DATABASE|ROLE|USER|TABLE|SCHEMA|EXTENSION)\s+(?!IF\b)([\w.\"`]+)[^;]*;?\s*")
_TENDING = regex(
    r"(?i).*\b(?:delete|describe|drop|exists|get|information_schema|pg_\w+|rb|replace|rm|stat|uninstall)\b.*"
)
# A server of the Pod's own: what is made there lies on its volume.
_SERVING = ("mariadbd", "mysqld", "mysqld_safe", "pg_ctl", "pg_ctlcluster", "postgres", "service")
_CLIENTS = {"psql": ("-c", "--command"), "mysql": ("-e", "--execute"), "mariadb": ("-e", "--execute")}


class Once(NamedTuple):
    """A command that works once: where it stands, what it is called, and what it makes, be that in this Pod alone."""

    where: Where
    name: str
    makes: str
    is_in_pod: bool = False


def once(container: Container) -> Iterator[Once]:
    """What a container makes outside of the Pod that it can make only once, as nothing looks for it or removes it."""
    for script in scripts(container):
        for step in script.steps if script.commands is not None and not script.is_elsewhere else ():
            found = _found(step)
            if found and _is_plain(step, script) and not _is_tended(found[2], step, script):
                yield _once(found[0], found[1], step, script)
            made = in_pod(step, script) if not found else None
            if made and _is_plain(step, script):
                yield _once(*made, step, script, is_in_pod=True)


def _once(name: str, makes: str, step: Step, script: ContainerScript, *, is_in_pod: bool = False) -> Once:
    arguments = step.command.arguments
    return Once(script.span(arguments[0].start, arguments[name.count(" ")].end), name, makes, is_in_pod)


def _found(step: Step) -> tuple[str, str, frozenset[str]] | None:
    """How the command is called, what it makes, and what may tend to that."""
    known = _words(step)
    if known is None:
        return None
    for first, others in _MAKING.items():
        named = [word for word in known[len(first) :] if not word.startswith("-")]
        if tuple(known[: len(first)]) == first and named and step.meaning.rerun is Rerun.FAILS:
            is_made = not _ANEW & set(named) and not {"-f", "--filename", "-k"} & set(known)
            return (" ".join(first), _object(first, named), others) if is_made else None
    return _of_sql(known) or _of_program(known)


def _of_program(words: Sequence[str]) -> tuple[str, str, frozenset[str]] | None:
    """What one of these programs makes; `python manage.py` is that of Django."""
    if words[0] == "mongosh" and any(map(_INITIATES.fullmatch, words)):
        return "mongosh", "the replica set", frozenset({"mongosh"})
    is_django = words[0].startswith("python") and words[1:2] == ["manage.py"]
    name = "django-admin" if is_django else _ALSO.get(words[0], words[0])
    parts = [word.split("=", 1) if word.startswith("-") else [word] for word in words[1 + is_django :]]
    given = [*itertools.chain.from_iterable(parts)]
    for making in _OF_PROGRAMS.get(name, ()):
        is_meant = tuple(given[: len(making.verb)]) == making.verb and (not making.option or making.option in given)
        if is_meant and making.without.isdisjoint(given):
            named = [after for before, after in itertools.pairwise(given) if before == making.named and after]
            return words[0], named[0] if named else making.what, frozenset({words[0]})
    return None


def _words(step: Step) -> list[str] | None:
    """The words of a command, of options what is known of them; None where any other is not known."""
    found = [step.command.name]
    for before, one in itertools.pairwise(step.command.arguments):
        known = one.value.known if one.text is None else one.text
        is_of_option = before.value.known.startswith("-") and "=" not in before.value.known
        if one.text is None and not known.startswith("-") and not is_of_option:
            return None
        found.append(known)
    return found


def _object(first: tuple[str, ...], named: Sequence[str]) -> str:
    """What is made, as it is called: `namespace/x`, or the name alone."""
    if first[-1] == "create":
        kinds = named[:2] if named[0] in ("secret", "service", "quota") and len(named) > 2 else named[:1]
        return f"{kinds[0]}/{named[len(kinds)]}" if len(named) > len(kinds) else named[0]
    return named[-1]


def _of_sql(words: Sequence[str]) -> tuple[str, str, frozenset[str]] | None:
    """One statement that is given to a client of a database by an option."""
    name, options = words[0], _CLIENTS.get(words[0], ())
    given = [after for word, after in itertools.pairwise(words) if word in options]
    statement = _SQL.fullmatch(given[0]) if len(given) == 1 else None
    is_whole = not {"-f", "--file", "--force"} & set(words)
    return (name, statement[1].strip('"`'), frozenset({name})) if statement and is_whole else None


def _is_plain(step: Step, script: ContainerScript) -> bool:
    """Whether it runs whatever happens, and ends the container with its failure."""
    context = step.command.context
    is_certain = context.is_certain and not context.guards and not context.loops and not context.in_background
    return is_certain and not context.is_checked and context.stage[1] == 1 and script.fails_with(step.command)


def _is_tended(names: frozenset[str], step: Step, script: ContainerScript) -> bool:
    """Whether something before may remove it, or end the script where it is there already, or serve it itself."""
    before = [one for one in script.steps if one.command.start < step.command.start]
    return any(_tends(one, names) or not one.meaning.is_known or one.command.name in _SERVING for one in before)


def _tends(one: Step, names: frozenset[str]) -> bool:
    words = one.command.words[1:]
    told = any(_TENDING.match(" ".join(word.split())) for word in words if word)
    return one.command.name in names and (told or words[:1] == [None])
