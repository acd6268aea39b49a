"""An inline script that is too large to be read, tested or mended where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from initlint.api import WARNING, Finding, Findings, InitContainer, Scalar, Size, Span, rule, scripts, size_of

_CALLED = {"nesting": "levels of nesting"}


@dataclass(frozen=True)
class Options:
    """How much an inline script may have of each."""

    commands: int = 20
    lines: int = 30
    decisions: int = 6
    nesting: int = 3


@rule("INIT301", "inline script that is too large", severity=WARNING)
def check(container: InitContainer, options: Options) -> Findings:
    read = {id(script.node): script for script in scripts(container) if script.is_shell}
    for node in chain(container.command, container.args):
        if not isinstance(node, Scalar):
            continue
        script = read.get(id(node))
        size = size_of(script.script if script else None, node.value)
        over = list(_over(options, size))
        if over:
            yield Finding(
                _first_line(node),
                f"the inline script of {container} has {' and '.join(over)}: no tool tests it, and each change of it "
                "is a new roll-out",
                help="put it into the image, into a ConfigMap that is mounted, or into the app itself",
            )


def _over(options: Options, size: Size) -> Iterator[str]:
    """What is more than it should be, as messages say it."""
    for what in ("commands", "lines", "decisions", "nesting"):
        number, most = getattr(size, what), getattr(options, what)
        if number > most:
            yield f"{number} {_CALLED.get(what, what)} (more than {most})"


def _first_line(node: Scalar) -> Span:
    """The first line of the text that has something to read."""
    text = node.value
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return node.at(start, len(text.rstrip()) if end < 0 else start + len(text[start:end].rstrip()))
