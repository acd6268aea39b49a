"""Where a script uses what the shell that runs it does not have; the shell is that of the image, where it is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from initlint.finding import Where
from initlint.regex import regex
from initlint.shell.container.images import Shell, image_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import words_of
from initlint.shell.language.balance import Imbalance, imbalance
from initlint.shell.language.tree import tree
from initlint.shell.questions.bashisms import BASHISMS, BROKEN, Bashism
from initlint.shell.questions.marks import marks
from initlint.text.tree import Node

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_READING = ("ash", "bash", "dash", "ksh", "sh")
_NAMED = {"ash": Shell.BUSYBOX, "dash": Shell.DASH}
# Behind an array that is set its uses are the same defect.
_SAME = {"subscript": "array", "item": "array"}
_KNOWS_ITS_SHELL = regex(r"\bBASH_VERSION\b")


class Misfit(NamedTuple):
    """What a script uses and its shell does not have. `where` is every place; `text` what stands at the first.

    `shell` is None where none has it: `lacks` is then the other end that `text` has not, or nothing if it is one.
    """

    bashism: Bashism
    where: tuple[Where, ...]
    text: str
    shell: Shell | None
    lacks: str = ""


def shell_of(script: ContainerScript) -> Shell | None:
    """The shell that runs a script; None if it is not known, or is another one."""
    name = script.shell.rpartition("/")[2]
    return _NAMED.get(name) or (image_of(script.container).shell if name == "sh" else None)


def misfits(script: ContainerScript) -> Iterator[Misfit]:
    """What a script uses that its shell does not have, each kind once."""
    broken = _imbalance(script)
    if broken:
        yield Misfit(BROKEN, (script.span(broken.start, broken.end),), broken.text, None, broken.lacks)
        return
    shell = shell_of(script) if script.is_shell else None
    if shell not in (Shell.DASH, Shell.BUSYBOX):
        return
    text = script.texts[0].text
    option = _option(script)
    if option and shell is Shell.DASH and not _is_known_there("pipefail", script):
        yield Misfit(BASHISMS["pipefail"], (option.span,), "pipefail", shell)
    found: dict[str, list[tuple[int, int]]] = {}
    for kind, start, end in _marks(text, 0):
        found.setdefault(_SAME.get(kind, kind) if "array" in found else kind, []).append((start, end))
    for kind, places in found.items():
        bashism = BASHISMS[kind]
        if shell in bashism.shells and not _is_known_there(kind, script):
            start, end = places[0]
            yield Misfit(bashism, tuple(script.span(*place) for place in places), text[start:end], shell)


def _imbalance(script: ContainerScript) -> Imbalance | None:
    """What every shell stops at, of what the parser stumbles over; nothing is known of what a template makes of it."""
    text = script.texts[0].text
    is_read = script.is_shell and script.shell.rpartition("/")[2] in _READING and "{{" not in text
    return imbalance(text) if is_read and script.script.has_errors else None


def _option(script: ContainerScript) -> Node | None:
    """The word of the command by which the shell is told to set `pipefail`."""
    words = words_of(script.container)
    end = words.index(script.node) if script.node in words else len(words) * bool(script.file)
    before = words[:end] if script.has_pipefail else []
    return next((word for word in before if word.value == "pipefail"), None)


def _is_known_there(kind: str, script: ContainerScript) -> bool:
    """What depends on more than the kind of the shell."""
    if kind == "pipefail":
        return image_of(script.container).knows_pipefail is not False
    variable = {"random": "RANDOM", "seconds": "SECONDS"}.get(kind, "")
    return variable in script.container.known_env


def _marks(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The marks of a text and of the scripts that it hands to another `sh`, in its places."""
    root = tree(text)
    if root is None or _KNOWS_ITS_SHELL.search(text):
        return
    for kind, node in marks(root, text):
        yield kind, start + node.start_byte, start + node.end_byte
    for node in _quoted_scripts(root, text):
        yield from _marks(text[node.start_byte + 1 : node.end_byte - 1], start + node.start_byte + 1)


def _quoted_scripts(root: SyntaxNode, text: str) -> Iterator[SyntaxNode]:
    """The quoted texts behind `sh -c`."""
    stack = [root]
    while stack:
        node = stack.pop()
        stack += node.children
        words = [text[one.start_byte : one.end_byte] for one in node.children] if node.type == "command" else []
        for index in range(2, len(words)):
            is_script = re.fullmatch(r"-[a-z]*c", words[index - 1]) and words[index - 2] in ("sh", "/bin/sh")
            if is_script and re.fullmatch(r"""'[^']*'|"[^"$`\\]*\"""", words[index]):
                yield node.children[index]
