"""Calls of Python that fail, or say so, where nothing answers: whom they ask, as far as their arguments say."""

from __future__ import annotations

import ast
from typing import NamedTuple, Protocol

from initlint.regex import regex
from initlint.shell.commands.pythontext import dotted

_DIALLING = ("create_connection", "connect", "connect_ex")
_GETTING = frozenset({"urlopen", "requests.get", "requests.head", "httpx.get", "httpx.head"})
_RESOLVING = frozenset({"gethostbyname", "gethostbyname_ex", "getaddrinfo"})
# Clients of databases, by their modules, with the port that they assume.
_DATABASES = {"psycopg2": "5432", "psycopg": "5432", "pymysql": "3306", "MySQLdb": "3306", "mysql.connector": "3306"}

# `host=db port=5432`
_HOST, _PORT = regex(r"\bhost=([\w.-]+)"), regex(r"\bport=(\d+)")
_PLAIN = regex(r"[\w.-]+")


class Names(Protocol):
    """Something that knows what expressions are."""

    def text(self, node: ast.expr) -> str | None:
        """The text or the number that an expression is, if it is known."""


class Dial(NamedTuple):
    """Whom a call asks: a URL or a host, and a port beside it, or that which is assumed."""

    host: ast.expr
    port: ast.expr | None = None
    assumed: str = ""
    only_name: bool = False

    def address(self, names: Names) -> str | None:
        """`host:port`, a URL or a name; None where a part of it is not known."""
        host = names.text(self.host) or ""
        port = names.text(self.port) if self.port else self.assumed
        if match := _HOST.search(host):
            given = _PORT.search(host)
            host, port = match[1], given[1] if given else self.assumed
        if "://" in host:
            return host
        return (f"{host}:{port}" if port else host) if _PLAIN.fullmatch(host) and port is not None else None


def asked_by(call: ast.Call) -> Dial | None:
    """Whom a call asks; None of one that asks nobody, or does not say whom."""
    name = dotted(call.func)
    module, _, method = name.rpartition(".")
    named = {one.arg: one.value for one in call.keywords if one.arg}
    first = call.args[0] if call.args else None
    if module in _DATABASES and method == "connect":
        return _of_database(first, named, _DATABASES[module])
    if method in _DIALLING and isinstance(first or named.get("address"), ast.Tuple):
        pair = first or named["address"]
        return Dial(pair.elts[0], pair.elts[1]) if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 else None
    if method in _RESOLVING and first:
        return Dial(first, only_name=True)
    is_getting = name in _GETTING or method == "urlopen"
    return Dial(first) if is_getting and first else None


def _of_database(first: ast.expr | None, named: dict[str, ast.expr], port: str) -> Dial | None:
    if "host" in named:
        return Dial(named["host"], named.get("port"), port)
    return Dial(first, assumed=port) if first else None
