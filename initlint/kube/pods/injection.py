"""Whether a webhook adds containers to Pods that ask for it."""

from __future__ import annotations

from initlint.regex import regex
from initlint.text.tree import Node

_INJECTING = regex(r"inject|dapr\.io/enabled")
_OFF = ("false", "disabled", "off", "no")


def wants_injection(metadata: Node) -> bool:
    """Whether the annotations or labels of a Pod ask for something to be injected."""
    asked = ((key.value, value.value) for part in ("annotations", "labels") for key, value in metadata[part].items())
    return any(_INJECTING.search(key) and value not in _OFF for key, value in asked)
