"""Regular expressions that are compiled when they are first used.

A run on one file uses 70 of 300; to compile them all took a seventh of its time.
"""

from __future__ import annotations

import re
from typing import cast

_MEMBERS = ("findall", "finditer", "flags", "fullmatch", "groups", "match", "pattern", "search", "split", "sub", "subn")


class Late:
    """As good as the `re.Pattern`: its members become attributes of this object once one of them is asked for."""

    __slots__ = ("_flags", "_text", *_MEMBERS)

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> object:
        if name not in _MEMBERS:
            raise AttributeError(name=name, obj=self)
        compiled = re.compile(self._text, self._flags)
        for member in _MEMBERS:
            setattr(self, member, getattr(compiled, member))
        return cast(object, getattr(compiled, name))


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives; a mistake in the expression raises `re.error` at its first use."""
    return cast("re.Pattern[str]", Late(text, flags))
