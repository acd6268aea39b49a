"""What stands where something else puts a value before the manifest is applied."""

from __future__ import annotations

from initlint.regex import regex
from initlint.text.tree import Node

# `$VAR`, `${VAR}`, `<value>`, `{{ value }}`, `%VALUE%`, `@VALUE@`, `__value__`, `MY_VALUE`, `FILLED IN LATER`
_PLACEHOLDER = regex(r"[$<>{}]|%\w+%|@\w+@|__\w|[A-Z]+_[A-Z]|^[A-Z]{2,}(?: [A-Z]{2,})+$")
_COMMENT = regex(r"[ \t]*#")


def is_placeholder(text: str) -> bool:
    """Tell whether a text is, or holds, something that has to be replaced; what it is instead is not known."""
    return bool(_PLACEHOLDER.search(text))


def is_filled_in(node: Node) -> bool:
    """Whether nothing stands there but a comment, of which a template may make what is wanted, as ytt does."""
    return node.start == node.end and bool(_COMMENT.match(node.source.text, node.end))
