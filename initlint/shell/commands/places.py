"""What the words of a command say: file names, URLs, hosts and ports, durations, as far as they are known."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import NamedTuple

from initlint.duration import in_seconds
from initlint.regex import regex
from initlint.shell.commands.options import ending
from initlint.shell.language.syntax import Literal, Pattern
from initlint.shell.language.values import UNKNOWN, Argument, Value, in_rounds, whole

_SCHEME = regex(r"([A-Za-z][\w+.-]*)://")
_AUTHORITY_END = regex(r"[/?#;]")
# `user:password@tcp(host:port)/name` (go-sql-driver/mysql)
_OF_GO = regex(r"(?<=@)tcp\(([^()]*)\)")
_ENDING = regex(r"[\w.-]*\Z")
_PLAIN = regex(r"[^*?\[{$~\\]*")
_TAIL_PORT = regex(r":(\d+)(?:[/?#].*)?$")
_PORTS = {"http": "80", "https": "443", "ftp": "21", "postgres": "5432", "postgresql": "5432", "mysql": "3306",
          "mariadb": "3306", "redis": "6379", "rediss": "6379", "valkey": "6379", "mongodb": "27017", "amqp": "5672",
          "amqps": "5671", "nats": "4222"}  # fmt: skip


class Address(NamedTuple):
    """Where something is asked for, as far as it is known; None is what the word does not say."""

    scheme: str = ""
    host: Value | None = None
    port: Value | None = None
    path: Value | None = None


def basename(word: Argument) -> Value:
    """The last part of a path, as far as it is known; what a variable holds may have further parts."""
    if word.text is not None:
        name = posixpath.basename(word.text.rstrip("/"))
        return UNKNOWN if name in ("", ".", "..") else whole(name)
    text = ""
    for part in reversed(word.word.parts):
        if isinstance(part, Literal):
            text = part.text + text
        else:
            return _matching(part.text) if isinstance(part, Pattern) and not text else UNKNOWN
        if "/" in text.rstrip("/"):
            return whole(posixpath.basename(text.rstrip("/")))
    return UNKNOWN


def relative_name(word: Argument) -> Value:
    """A path from the directory that is filled, as it is written."""
    return word.value if word.text and not word.text.startswith("/") and ".." not in word.text else UNKNOWN


def _matching(pattern: str) -> Value:
    """How the names begin and end that a pattern stands for; with no directory in it, it may go on with a variable."""
    directory, _, name = pattern.rpartition("/")
    begun, ended = _PLAIN.match(name), _ENDING.search(name)
    known = begun[0] if begun and directory else ""
    return Value(known, known == name, ends=ended[0] if ended and name else "")


def has_contents_only(word: Argument) -> bool:
    """Whether it is what lies in a directory that is named: `dir/.`."""
    return ending(word).endswith("/.") or word.text == "."


def repository_name(url: Argument) -> Value:
    """The directory that `git clone` makes for a repository."""
    name = basename(url._replace(value=whole(url.text.rstrip("/").replace(":", "/"))) if url.text else url)
    return whole(name.known.removesuffix(".git")) if name.is_whole else UNKNOWN


def url_text(url: Argument) -> str | None:
    """The text of a URL; its `?` is a pattern to the shell, which nothing matches."""
    parts = url.word.parts
    if url.text is None and parts and all(isinstance(part, Literal | Pattern) for part in parts):
        text = "".join(part.text for part in parts if isinstance(part, Literal | Pattern))
        return text if "://" in text and "$" not in text else None
    return url.text


def remote_name(url: Argument) -> Value:
    """The name that a download gets from its URL, without the query."""
    text = url_text(url)
    if text is None:
        return _safe_name(basename(url))
    behind = _SCHEME.sub("", re.split(r"[?#]", text)[0])
    name = posixpath.basename(behind) if "/" in behind else ""
    plain = re.match(r"[^*\[{]*", name)
    return whole(name) if name and plain and plain[0] == name else Value(plain[0] if plain else "")


def _safe_name(name: Value) -> Value:
    return UNKNOWN if name.is_whole and re.search(r"[?#]", name.known) else name


def address(word: Argument) -> Address:
    """`scheme://user@host:port/path`, `host:port` or `host`."""
    text = url_text(word)
    if text is not None and text != word.text:
        word = word._replace(value=whole(text))
    known = word.value.known.removeprefix("jdbc:")
    known = known.removeprefix("tcp:") if not known.startswith("tcp://") else known
    known = _OF_GO.sub(r"\1", known)
    match = _SCHEME.match(known)
    scheme = match[1].lower() if match else ""
    rest = known[match.end() :] if match else known
    end = _AUTHORITY_END.search(rest)
    authority = Value(rest[: end.start()], True) if end else Value(rest, word.value.is_whole)
    path = Value(rest[end.start() :], word.value.is_whole) if end else _absent(word)
    host, port = _host_and_port(authority, ending(word) if not end else "")
    return Address(scheme, host, port or _port_of(scheme, authority), path)


def addresses(word: Argument) -> Address:
    """The same of a word that is another one in each round of a loop."""
    if not word.value.each:
        return address(word)
    found = [address(word._replace(value=whole(text))) for text in word.value.each.texts]
    loop = word.value.each.loop
    host = _in_rounds(loop, [one.host for one in found])
    port = _in_rounds(loop, [one.port for one in found])
    path = _in_rounds(loop, [one.path for one in found])
    return Address(found[0].scheme, host, port, path)


def _in_rounds(loop: int, parts: Sequence[Value | None]) -> Value | None:
    texts = [part.text for part in parts if part]
    known = tuple(text for text in texts if text is not None)
    return in_rounds(loop, known).named if len(known) == len(parts) else UNKNOWN if texts else None


def _absent(word: Argument) -> Value | None:
    return None if word.value.is_whole else UNKNOWN


def _host_and_port(authority: Value, tail: str) -> tuple[Value, Value | None]:
    known = authority.known.rpartition("@")[2] if "," not in authority.known else authority.known.split(",")[0]
    known = known.rpartition("@")[2]
    if known.startswith("["):
        host, _, behind = known[1:].partition("]")
        return Value(host, authority.is_whole or bool(behind)), _port(behind, authority.is_whole, tail)
    host, colon, port = known.partition(":")
    if not authority.is_whole and "@" not in authority.known and colon:
        # What looks like a port may be the password of a user that is not known in whole.
        return whole(host), Value(port) if not port.isdecimal() else UNKNOWN
    return Value(host, authority.is_whole or bool(colon)), _port(colon + port, authority.is_whole, tail)


def _port(text: str, is_whole: bool, tail: str) -> Value | None:
    if text.startswith(":"):
        return Value(text[1:], is_whole)
    if is_whole:
        return None
    behind = _TAIL_PORT.search(tail)
    return whole(behind[1]) if behind else UNKNOWN


def _port_of(scheme: str, authority: Value) -> Value | None:
    return whole(_PORTS[scheme]) if authority.is_whole and scheme in _PORTS else None


def seconds(value: Value) -> float | None:
    """A duration; None if it is not known, or none."""
    return None if value.text is None else in_seconds(value.text)
