"""What stands where something else puts a value before the manifest is applied."""

from __future__ import annotations

import re

# `$VAR`, `${VAR}`, `<value>`, `{{ value }}`, `%VALUE%`, `@VALUE@`, `__value__`, `MY_VALUE`
_PLACEHOLDER = re.compile(r"[$<>{}]|%\w+%|@\w+@|__\w|[A-Z]+_[A-Z]")


def is_placeholder(text: str) -> bool:
    """Tell whether a text is, or holds, something that has to be replaced; what it is instead is not known."""
    return bool(_PLACEHOLDER.search(text))
