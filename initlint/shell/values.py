"""What is known of a text before it runs: all of it, how it begins, or nothing."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache

from initlint.shell.syntax import Word


@dataclass(frozen=True, slots=True)
class Value:
    """Three-valued: `known` is the whole text, or its beginning, of which the rest is not known.

    `may_be_empty` speaks of what is not known in whole: whether nothing at all may come of it.
    """

    known: str = ""
    is_whole: bool = False
    may_be_empty: bool = True

    @property
    def text(self) -> str | None:
        """The text if all of it is known."""
        return self.known if self.is_whole else None

    def __add__(self, other: Value) -> Value:
        if not self.is_whole:
            return Value(self.known, False, self.may_be_empty and other.may_be_empty)
        return Value(self.known + other.known, other.is_whole, not self.known and other.may_be_empty)

    def join(self, other: Value) -> Value:
        """What is known if it is either of two."""
        if self == other:
            return self
        common = posixpath.commonprefix([self.known, other.known])
        return Value(common, False, _may_be_empty(self) or _may_be_empty(other))


UNKNOWN = Value()


@lru_cache(maxsize=1024)  # the same few words all over
def whole(text: str) -> Value:
    """A text of which all is known."""
    return Value(text, True)


def _may_be_empty(value: Value) -> bool:
    return not value.known if value.is_whole else value.may_be_empty


@dataclass(frozen=True, slots=True)
class Argument:
    """A word of a command with what is known of it; `start` and `end` are characters of the script's text."""

    start: int
    end: int
    value: Value
    word: Word

    @property
    def text(self) -> str | None:
        """The word as the program gets it, if it is known."""
        return self.value.text


def resolve(path: Value, cwd: Value) -> Value:
    """An absolute, normal path as far as it is known; of one that is not known in whole, its known beginning."""
    if path.is_whole and not path.known:
        return UNKNOWN
    if not path.known.startswith("/"):
        if not path.known and not path.is_whole:
            return UNKNOWN  # it may be absolute
        path = cwd + whole("/") + path
    if not path.is_whole:
        head, slash, tail = path.known.rpartition("/")
        return Value(_normal(head) + slash + tail if _normal(head) != "/" else "/" + tail) if slash else UNKNOWN
    return whole(_normal(path.known))


def _normal(path: str) -> str:
    return "/" + posixpath.normpath(path).lstrip("/") if path else ""
