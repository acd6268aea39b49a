"""Which ports a container may listen on, by what it declares and what it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.questions.local import declared_ports, own_ports, sidecars_before

# Options and variables that say where others listen, not the program itself.
_OF_OTHERS = regex(
    r"(?i)(?:^|[-_.])(?:app|application|backend|dest|destination|forward|origin|peer|proxied|remote|target|to|upstream"
    r"|server[-_]?(?:addr|address|url)|wait)(?:[-_.]|$)"
)
_LISTENS = regex(r"(?i)listen|bind|serve")
_LOCAL = regex(r"(?:localhost|127\.0\.0\.1|\[::1\]):$")


def may_listen(container: Container, port: str) -> bool:
    """Whether a container declares a port, or is told of it in a way that may make it listen there."""
    if port in declared_ports(container):
        return True
    number = re.compile(rf"(?<![\w.]){port}(?![\w.])")
    return any(
        _LISTENS.search(name) or not (_OF_OTHERS.search(name) or _LOCAL.search(text[: match.start()]))
        for name, text in _told(container)
        for match in number.finditer(text)
    )


def may_be_taken(port: str, container: Container) -> bool:
    """Whether a sidecar that has started by then is told of a port, or nothing says where it listens."""
    return any(may_listen(one, port) or not own_ports(one) for one in sidecars_before(container))


def _told(container: Container) -> Iterator[tuple[str, str]]:
    """What a container is told, each with the name of the option or variable that says so."""
    before = ""
    for node in (*container.command, *container.args):
        name, equals, value = node.value.partition("=")
        if node.value.startswith("-") and equals:
            yield name, value
        else:
            yield before, node.value
        before = node.value if node.value.startswith("-") else ""
    yield from ((one.name.value, one.value.value) for one in container.env if one.is_literal)
