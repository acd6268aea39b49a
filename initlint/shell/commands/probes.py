"""What a command asks for, by the roles of its words: ports, names, files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from initlint.regex import regex
from initlint.shell.commands.code import address_of
from initlint.shell.commands.effects import WordInRole
from initlint.shell.commands.meaning import Probe, ProbeKind
from initlint.shell.commands.places import Address, addresses
from initlint.shell.commands.ports import numbered
from initlint.shell.language.syntax import Variable
from initlint.shell.language.values import UNKNOWN, Argument, Value, whole

_BY_SCHEME = {
    "tcp": ProbeKind.PORT,
    **dict.fromkeys(("http", "https", "http-get", "https-get"), ProbeKind.HTTP),
    "file": ProbeKind.FILE,
}
_ADDRESSED = ("address", "addresses", "joined", "url", "fetched", "database", "dsn", "endpoint", "code", "mssql")
# Of the two ends that `socat` joins: `TCP4:db:5432,connect-timeout=2`.
_DIALLING = regex(r"(?i)(?:tcp[46]?|openssl|ssl)(?:-connect)?:([^,!]*)(?:[,!].*)?", re.DOTALL)
# To programs in Go `:5432` is on the own host (net.Dial).
_DIALLED = whole("localhost")
_DATABASES = ("database", "dsn")
_DSN = regex(r"(?:db:)?(?!(?:file|sqlite\d?|duckdb|docker)\b)[\w+:]*://|[^/]*@tcp\(|(?:.*\s)?host\s*=", re.DOTALL)
_AT_HOST = regex(r".*(?:://|@tcp\()|[\w.-]+(:\d+)?/|[\w.-]+:\d+$", re.DOTALL)
_SETTING = regex(r"(\w+)\s*=\s*([^\s']+|'[^']*')")

_NAME_OF_DATABASE = regex(
    r"(?i)\w+_DB|\w*DB_?NAME|\w*DATABASE_?NAME|PGDATABASE|(?:POSTGRES(?:QL)?|MYSQL|MARIADB)_DATABASE"
)


def addressed(named: Sequence[WordInRole]) -> Iterator[Address]:
    """What the words that hold a host, a port or both, or a URL, say."""
    return map(addresses, _words(named))


def probes(named: Sequence[WordInRole], facts: Mapping[str, str]) -> tuple[Probe, ...]:
    """All that is asked for; nothing if the command asks for nothing of a kind."""
    if facts.get("probe", "none") == "none":
        return ()
    asking = _Asking(named, facts)
    return tuple(map(_with_number, tuple(asking.addressed()) or asking.apart()))


def asking(kind: ProbeKind, word: Argument) -> Probe:
    """What is asked for at an address, or by a name."""
    if kind is ProbeKind.NAME:
        return Probe(kind, word.start, word.end, host=word.value)
    return _with_number(_Asking((), {"probe": kind.value}).asked(word))


def _with_number(probe: Probe) -> Probe:
    """The same with its port by number, where it is named."""
    port = numbered(probe.port)
    return probe if port is probe.port else probe._replace(port=port)


class _Asking:
    def __init__(self, named: Sequence[WordInRole], facts: Mapping[str, str]) -> None:
        self.named = named
        self.kind = ProbeKind(facts["probe"])
        self.port = next((one.argument for one in named if one.role == "port"), None)
        self.assumed_port = whole(facts["port"]) if "port" in facts else None
        self.assumed_host = whole(facts["host"]) if "host" in facts else None

    def addressed(self) -> Iterator[Probe]:
        """One probe for each word that holds a host and a port, or a URL, or several of them."""
        yield from map(self.asked, _words(self.named))

    def asked(self, word: Argument) -> Probe:
        said = addresses(word)
        kind = _BY_SCHEME.get(said.scheme, self.kind) if self.kind is ProbeKind.PORT else self.kind
        if kind is ProbeKind.FILE:
            return Probe(kind, word.start, word.end, path=said.path)
        if said.scheme == "telnet":
            kind = ProbeKind.PORT
        if said.port and said.host and said.host.text == "" and kind is not ProbeKind.HTTP:
            said = said._replace(host=_DIALLED)
        path = said.path if kind is ProbeKind.HTTP or (said.path and said.path.known) else None
        return Probe(kind, word.start, word.end, said.host or UNKNOWN, self.port_of(said, kind), path)

    def port_of(self, said: Address, kind: ProbeKind) -> Value | None:
        """The port that a word names, or another, or that of its scheme."""
        if self.port and not (said.port and said.port.is_whole):
            return self.port.value
        if said.port:
            return said.port
        if kind is ProbeKind.HTTP and self.kind is ProbeKind.HTTP and not self.assumed_port:
            return whole("80") if not said.scheme and said.host and said.host.is_whole else UNKNOWN
        return self.assumed_port

    def apart(self) -> Iterator[Probe]:
        """One probe of a host and a port that words of their own say, or that the command assumes."""
        hosts = [one.argument for one in self.named if one.role == "host"]
        port = self.port
        given = port.value if port else self.assumed_port
        for host in hosts:
            words = [host, port] if port and len(hosts) == 1 and abs(port.start - host.end) <= 1 else [host]
            yield Probe(self.kind, words[0].start, words[-1].end, host.value.named, given)
        if not hosts and port:
            yield Probe(self.kind, port.start, port.end, self.assumed_host, port.value)


def _words(named: Sequence[WordInRole]) -> Iterator[Argument]:
    """The words, or parts of them, that say where something is; a database whose name is not known may do so, too."""
    is_said = any(one.role == "host" for one in named)
    for one in named:
        parts = list(_parts(one)) if one.role in _ADDRESSED else []
        is_said |= bool(parts)
        yield from parts
    hidden = (one.argument for one in named if one.role in _DATABASES and _may_say_more(one.argument))
    yield from () if is_said else (word._replace(value=UNKNOWN) for word in hidden)


def _may_say_more(word: Argument) -> bool:
    """Whether a database that is not known may be a URL: not that of a variable which names it, `$POSTGRES_DB`."""
    parts = word.word.parts
    is_name = len(parts) == 1 and isinstance(parts[0], Variable) and _NAME_OF_DATABASE.fullmatch(parts[0].name)
    return not word.value.is_whole and not is_name


def _parts(one: WordInRole) -> Iterator[Argument]:
    """The addresses that a word holds."""
    word = one.argument
    if one.role == "database":
        yield from _of_database(word)
    elif one.role == "dsn":
        yield from of_dsn(word)
    elif one.role in MADE_OF:
        value = word.value.map(MADE_OF[one.role])
        yield from (word._replace(value=value),) if value.known or value.each else ()
    elif one.role == "addresses" and word.text is not None:
        start = 0
        for text in word.text.split(","):
            offset = word.text.index(text, start)
            start = offset + len(text)
            exact = len(word.text) == word.end - word.start
            place = (word.start + offset, word.start + start) if exact else (word.start, word.end)
            yield Argument(*place, whole(text.rpartition("://")[2].rpartition("/")[2] or text), word.word)
    else:
        yield word


def _dialled(endpoint: str) -> str | None:
    match = _DIALLING.fullmatch(endpoint)
    return match and match[1]


def _of_sql_server(server: str) -> str | None:
    """`tcp:db,1433`; an instance has a port that only the server knows."""
    return None if "\\" in server else server.removeprefix("tcp:").replace(",", ":")


MADE_OF = {"mssql": _of_sql_server, "endpoint": _dialled, "code": address_of}
"""The roles of words that an address is taken out of, and how."""


def of_dsn(word: Argument) -> Iterator[Argument]:
    """The address that a text holds which tells drivers of a database: nothing where that is a file."""
    text = word.value.known
    if _DSN.match(text.removeprefix("jdbc:")):
        is_of_sqitch = text.startswith("db:") and word.value.is_whole
        yield from _of_database(word._replace(value=whole(text[3:])) if is_of_sqitch else word)


def _of_database(word: Argument) -> Iterator[Argument]:
    """`postgresql://host/name`, `host=db port=5432`, `db:27017/name`; a plain name says no host."""
    settings = dict(_SETTING.findall(word.value.known)) if "://" not in word.value.known else {}
    if "host" in settings:
        port = f":{settings['port']}" if "port" in settings else ""
        yield word._replace(value=whole(settings["host"].strip("'") + port))
    elif _AT_HOST.match(word.value.known):
        yield word
