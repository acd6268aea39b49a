"""A credential in the manifest itself: in a variable, an argument or a script of an init container."""

from collections.abc import Iterator
from itertools import chain

from initlint.api import (
    WARNING,
    Container,
    Finding,
    Findings,
    InitContainer,
    Scalar,
    credentials,
    holds_secret,
    rule,
    scripts,
)

_ANYBODY = "whoever may read the manifest, or the Pod, has it"
_HELP = "put it into a Secret, and take it from there with `secretKeyRef`, or mount it as a file"


@rule("INIT602", "credential in plain text", severity=WARNING)
def check(container: InitContainer) -> Findings:
    yield from _in_variables(container)
    yield from _in_words(container)
    yield from _in_files(container)


def _in_variables(container: Container) -> Iterator[Finding]:
    for variable in container.env:
        name, value = variable.name.value, variable.value
        if not isinstance(value, Scalar):
            continue
        if holds_secret(name, value.value):
            message = f"variable `{name}` of {container} holds a credential in plain text: {_ANYBODY}"
            yield Finding(value, message, help=_HELP)
            continue
        for found in credentials(value.value):
            message = f"variable `{name}` of {container} holds {found.what} in plain text: {_ANYBODY}"
            yield Finding(value.at(found.start, found.end), message, help=_HELP)


def _in_words(container: Container) -> Iterator[Finding]:
    """The words are looked at together, for a credential may be told by the one before it."""
    words = [word for word in chain(container.command, container.args) if isinstance(word, Scalar)]
    for found in credentials(" ".join(word.value for word in words)):
        start = found.start
        for word in words:
            if start < len(word.value):
                end = min(found.end - found.start + start, len(word.value))
                message = f"{container} holds {found.what} in plain text: {_ANYBODY}"
                yield Finding(word.at(start, end), message, help=_HELP)
                break
            start -= len(word.value) + 1


def _in_files(container: Container) -> Iterator[Finding]:
    """The scripts that it runs from ConfigMaps."""
    for script in (part for one in scripts(container) for part in one.parts):
        for found in credentials(script.script.text) if script.file else ():
            message = f"{container} holds {found.what} in plain text: {_ANYBODY}"
            yield Finding(script.span(found.start, found.end), message, help=_HELP)
