"""What a command asks for, by the roles of its words: ports, names, files, objects of the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from initlint.shell.effects import Named
from initlint.shell.meaning import Kind, Probe
from initlint.shell.places import Address, address, seconds
from initlint.shell.values import UNKNOWN, Value, whole

_KINDS = {kind.value: kind for kind in Kind}
_BY_SCHEME = {"tcp": Kind.PORT, "http": Kind.HTTP, "https": Kind.HTTP, "http-get": Kind.HTTP, "https-get": Kind.HTTP,
              "file": Kind.FILE}  # fmt: skip


def probes(named: Sequence[Named], facts: Mapping[str, str]) -> tuple[Probe, ...]:
    """All that is asked for; nothing if the command asks for nothing of a kind."""
    kind = _KINDS.get(facts.get("probe", ""))
    if kind is None:
        return ()
    variables = tuple(facts.get("variables", "").split())
    return tuple(_addressed(named, kind, facts, variables)) or tuple(_apart(named, kind, facts, variables))


def _addressed(
    named: Sequence[Named], kind: Kind, facts: Mapping[str, str], variables: tuple[str, ...]
) -> Iterator[Probe]:
    """One probe for each word that holds a host and a port, or a URL."""
    port = next((one.argument.value for one in named if one.role == "port"), None)
    for one in named:
        if one.role not in ("address", "url", "fetched"):
            continue
        said = address(one.argument)
        default = whole(facts["port"]) if "port" in facts else None
        yield Probe(
            _BY_SCHEME.get(said.scheme, kind) if kind is Kind.PORT else kind,
            one.argument.start,
            one.argument.end,
            said.host or UNKNOWN,
            said.port or port or (_http_port(said) if kind is Kind.HTTP else default),
            said.path,
            variables=variables,
        )


def _http_port(said: Address) -> Value | None:
    """The port of a URL that names none; without a scheme it is that of http."""
    return whole("80") if not said.scheme and said.host and said.host.is_whole else UNKNOWN


def _apart(named: Sequence[Named], kind: Kind, facts: Mapping[str, str], variables: tuple[str, ...]) -> Iterator[Probe]:
    """One probe of a host and a port that words of their own say, or that the command assumes."""
    hosts = [one for one in named if one.role == "host"]
    port = next((one for one in named if one.role == "port"), None)
    for host in hosts:
        last = port.argument if port and port.argument.start > host.argument.start else host.argument
        given = port.argument.value if port else whole(facts["port"]) if "port" in facts else None
        yield Probe(kind, host.argument.start, max(host.argument.end, last.end), host.argument.value, given,
                    variables=variables)  # fmt: skip
    if not hosts and port and "host" in facts:
        one = port.argument
        yield Probe(kind, one.start, one.end, whole(facts["host"]), one.value, variables=variables)


def limit(named: Sequence[Named], role: str) -> float | None:
    """The seconds that words with this role say; None if there are none or one is not known."""
    values = [seconds(one.argument.value, "ms" if one.role.endswith("-ms") else "") for one in named
              if one.role in (role, f"{role}-ms")]  # fmt: skip
    return values[-1] if values else None
