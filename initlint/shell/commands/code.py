"""What code in another language, given as a text, tries to reach: one address, without which its program fails."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.regex import regex

_LONGEST = 2_000
_HOST, _PORT = r"""(?:host\w*\s*[=:]\s*)?['"`]([\w.-]+)['"`]""", r"(?:port\s*[=:]\s*)?['\"]?(\d{1,5})\b['\"]?"
# `create_connection(("db", 5432))`, `TCPSocket.new("db", 5432)`
_DIALLING = r"(?:\bconnect(?:_ex)?|\bcreate_?[cC]onnection|\bTCPSocket\.(?:new|open)|\bSocket\.tcp|\bp?fsockopen)"
_HOST_FIRST = regex(rf"{_DIALLING}\s*\(+\s*\{{?\s*{_HOST}\s*,\s*{_PORT}")
_PORT_FIRST = regex(rf"{_DIALLING}\s*\(+\s*\{{?\s*{_PORT}\s*,\s*{_HOST}")
_GOTTEN = regex(
    r"(?:\burlopen|\brequests\.get|\bhttpx\.get|\bhttps?\.get|\bfetch|\burlretrieve)\s*\(\s*['\"`]"
    r"(https?://[\w.-]+(?::\d{1,5})?(?:/[\w./?=&%-]*)?)['\"`]"
)
# `IO::Socket::INET->new("db:5432")`, `IO::Socket::INET->new(PeerAddr => "db", PeerPort => 5432)`
_OF_PERL = regex(
    r"(?:IO::Socket::(?:INET|IP)->new|\bnew\s+IO::Socket::(?:INET|IP))\(\s*(?:(?:PeerAddr\s*=>\s*)?['\"]([\w.-]+:\d{1,5})['\"]"
    r"|PeerAddr\s*=>\s*['\"]([\w.-]+)['\"]\s*,\s*PeerPort\s*=>\s*['\"]?(\d{1,5}))"
)
# What only says whether it has worked, and what makes that the status.
_TELLING, _LEAVING = regex(r"connect_ex|fsockopen|->new|\bnew\s+IO::"), regex(r"\b(?:exit|die)\b")
# Where it asks again by itself, goes on without, or asks what only it knows.
_OTHERWISE = regex(
    r"\b(?:while|for|until|loop|setInterval|setTimeout|try|except|catch|rescue|suppress|environ|getenv|argv|ENV)\b"
    r"|process\.env"
)


def address_of(code: str) -> str | None:
    """`host:port` or a URL; None where the program may succeed without what answers there."""
    only_tells = _TELLING.search(code) and not _LEAVING.search(code)
    if len(code) > _LONGEST or only_tells or _OTHERWISE.search(code):
        return None
    found = [address for _, _, address in addresses(code)]
    return found[0] if len(found) == 1 else None


def addresses(code: str) -> Iterator[tuple[int, int, str]]:
    """What is dialled, each time that it is, and where; an address is `host:port` or a URL."""
    yield from ((*one.span(), f"{one[1]}:{one[2]}") for one in _HOST_FIRST.finditer(code))
    yield from ((*one.span(), f"{one[2]}:{one[1]}") for one in _PORT_FIRST.finditer(code))
    yield from ((*one.span(), one[1] or f"{one[2]}:{one[3]}") for one in _OF_PERL.finditer(code))
    yield from ((*one.span(), one[1]) for one in _GOTTEN.finditer(code))
