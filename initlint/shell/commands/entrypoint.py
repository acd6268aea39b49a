"""What `kubernetes-entrypoint` waits for, which variables tell it (airshipit/kubernetes-entrypoint, dependencies/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from initlint.regex import regex
from initlint.shell.commands.meaning import Meaning, Probe, ProbeKind
from initlint.shell.language.command import Command
from initlint.shell.language.values import whole

ENTRYPOINT = "kubernetes-entrypoint"

_LISTS = {"DEPENDENCY_SERVICE": "endpoints", "DEPENDENCY_JOBS": "job"}
_NAME = regex(r"(?:([a-z0-9][-a-z0-9]*):)?([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)")
_NAMESPACE = "NAMESPACE"


def listed(meaning: Meaning, command: Command, env: Mapping[str, str | None]) -> Meaning:
    """The same with a probe for each name, without which it does not end."""
    probes = tuple(probe for name, kind in _LISTS.items() for probe in _each(env.get(name) or "", kind, command, env))
    return meaning._replace(probes=probes, waits=bool(probes), needs_each=True)


def _each(names: str, kind: str, command: Command, env: Mapping[str, str | None]) -> Iterator[Probe]:
    program = command.arguments[0]
    for match in map(_NAME.fullmatch, names.split(",")):
        if match:
            namespace = match[1] or env.get(_NAMESPACE)
            yield Probe(
                ProbeKind.OBJECT, program.start, program.end, whole(match[2]), resource=kind,
                namespace=whole(namespace) if namespace else None, verbs=("get",),
            )  # fmt: skip
