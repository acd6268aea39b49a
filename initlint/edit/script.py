"""Edits of what a container runs, at offsets of the script's text."""

from __future__ import annotations

from initlint.edit.insertion import append, put_first
from initlint.edit.text import rewrite as rewrite_text
from initlint.finding import Change
from initlint.regex import regex
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.text import of_kubernetes
from initlint.text.scalars import Style
from initlint.text.tree import Missing

# What a script begins with before its first command: the line that names its shell, blank lines.
_HEAD = regex(r"(?:#![^\n]*(?:\n|\Z))?\n*")


def rewrite(script: ContainerScript, start: int, end: int, text: str) -> Change | None:
    """Replace a part of the script's text; None where the manifest cannot hold the new text as it is written."""
    if script.file or script.inserts:
        return None  # a fix is for the source of the container
    index = max(index for index, first in enumerate(script.starts) if first <= start or index == 0)
    read, node = script.texts[index], script.nodes[index]
    low, high = start - script.starts[index], end - script.starts[index]
    if not 0 <= low <= high <= len(read.text):
        return None
    first, last = read.origin(low), read.origin(high)
    defined, others = frozenset(script.container.known_env), bool(script.container.node["envFrom"])
    for spelling in (text, text.replace("$", "$$")):
        became = of_kubernetes(node.value[:first] + spelling + node.value[last:], defined, others=others)
        if became.text == read.text[:low] + text + read.text[high:]:
            return rewrite_text(node, first, last, spelling)
    return None


def add_words(script: ContainerScript, offset: int, words: str) -> Change | None:
    """Put words behind the word that ends at an offset; in a command without a shell each is an item of its own."""
    if script.is_shell:
        return rewrite(script, offset, offset, f" {words}")
    ends = [start + len(read.text) for start, read in zip(script.starts, script.texts, strict=True)]
    if offset not in ends or "$" in words:
        return None
    index = ends.index(offset)
    node = script.nodes[index]
    if any(other is node for other in script.nodes[index + 1 :]):
        return put_first(script.container.args, *words.split())  # the program is that of the image
    holders = (script.container.command, script.container.args)
    holder = next((one for one in holders if any(item is node for item in one)), Missing(node))
    return append(holder, *words.split(), after=node)


def prepend(script: ContainerScript, command: str) -> Change | None:
    """Put a command before all others: on a line of its own where the script has several."""
    if not script.is_shell or script.file or script.inserts:
        return None
    text, style = script.script.text, script.node.style
    head = _HEAD.match(text)
    start = head.end() if head else 0
    has_lines = style is Style.LITERAL or (style in (Style.DOUBLE, Style.JSON) and "\n" in text.strip())
    if has_lines:
        return rewrite(script, start, start, f"{command}\n")
    start += len(text[start:]) - len(text[start:].lstrip())
    return None if text.startswith("#", start) else rewrite(script, start, start, f"{command}; ")
