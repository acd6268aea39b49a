"""What is known of a text before it runs: all of it, how it begins, or nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from initlint.kube.terms.expansion import HIDDEN, OWN_NAMESPACE, names_user
from initlint.shell.language.syntax import Literal, Word

_EACH_TIME = -1
"""Where no loop begins."""

_LONGEST = 64 * 1024
"""Characters of a text to which more is added; `x=$x$x` in a few dozen lines would fill the memory."""


class Each(NamedTuple):
    """What a value is in each round of the loop that begins there, all of it.

    What is the same each time, though only the cluster knows it, is so in the one round of no loop.
    """

    loop: int
    texts: tuple[str, ...]


class Value(NamedTuple):
    """Three-valued: `known` is the whole text, or its beginning, of which the rest is not known.

    `may_be_empty` speaks of what is not known in whole: whether nothing at all may come of it. `each` tells the rounds
    of a loop apart, where that is why it is not known. `ends` is how one name ends that is not known in whole.
    """

    known: str = ""
    is_whole: bool = False
    may_be_empty: bool = True
    each: Each | None = None
    ends: str = ""

    @property
    def text(self) -> str | None:
        """The text if all of it is known."""
        return self.known if self.is_whole else None

    def then(self, other: Value) -> Value:
        """The two, one behind the other."""
        each = _together(self, other) if self.each or other.each else None
        if not self.is_whole or len(self.known) > _LONGEST:
            return Value(self.known, False, self.may_be_empty and other.may_be_empty, each)
        return Value(self.known + other.known, other.is_whole, not self.known and other.may_be_empty, each)

    def map(self, change: Callable[[str], str | None]) -> Value:
        """What becomes of it if something is done to all of it; nothing is known if that is not known of any text."""
        texts = (self.known,) if self.is_whole else self.each.texts if self.each else ()
        known = [text for text in texts if text != OWN_NAMESPACE]
        changed = tuple(text for text in map(change, known) if text is not None)
        if not changed or len(changed) != len(texts):
            return UNKNOWN
        return in_rounds(self.each.loop, changed) if self.each else whole(changed[0])

    @property
    def named(self) -> Value:
        """The same with what people call the part that only the cluster knows, as in the name of a host."""
        return whole(self.each.texts[0]) if self.each and self.each.loop == _EACH_TIME else self

    @property
    def of_pod(self) -> str:
        """The text with what stands for a field of the Pod; empty of any other."""
        return self.each.texts[0] if self.each and self.each.loop == _EACH_TIME and not self.is_whole else ""

    @property
    def is_of_loop(self) -> bool:
        """Whether it is another one in each round of a loop."""
        return self.each is not None and self.each.loop != _EACH_TIME

    def after(self, start: int) -> Value:
        """What follows so many characters, which are known."""
        each = Each(self.each.loop, tuple(text[start:] for text in self.each.texts)) if self.each else None
        return Value(self.known[start:], self.is_whole, self.may_be_empty, each)

    def in_round(self, loop: int, index: int) -> Value:
        """What it is in one round of a loop."""
        return whole(self.each.texts[index]) if self.each and self.each.loop == loop else self

    def join(self, other: Value) -> Value:
        """What is known if it is either of two."""
        if self == other:
            return self
        common = posixpath.commonprefix([self.known, other.known])
        return Value(common, False, _may_be_empty(self) or _may_be_empty(other))


UNKNOWN = Value()


def of_namespace(text: str) -> Value:
    """A text in which `OWN_NAMESPACE` stands for what only the cluster knows."""
    return Value(text.partition(OWN_NAMESPACE)[0], False, False, Each(_EACH_TIME, (text,)))


def of_pod(text: str) -> Value:
    """A text in which `<field>` stands for a field of the Pod, which is the same in all of its containers."""
    return Value(text.partition("<")[0], False, False, Each(_EACH_TIME, (text,)))


def in_rounds(loop: int, texts: tuple[str, ...]) -> Value:
    """What is one of these texts in each round of a loop."""
    if len(set(texts)) == 1:
        return of_namespace(texts[0]) if OWN_NAMESPACE in texts[0] else whole(texts[0])
    return Value(posixpath.commonprefix(texts), False, "" in texts, Each(loop, texts))


def _together(first: Value, second: Value) -> Each | None:
    """Both, one behind the other, where both are known in each round of one loop."""
    each = first.each or second.each
    known = [one.each.texts if one.each else (one.known,) for one in (first, second) if one.each or one.is_whole]
    loops = {one.each.loop for one in (first, second) if one.each}
    if each is None or len(known) != 2 or len(loops - {_EACH_TIME}) > 1:
        return None
    count = max(map(len, known))
    texts = zip(*(one * count if len(one) == 1 else one for one in known), strict=True)
    return Each(max(loops), tuple(map("".join, texts)))


@lru_cache(maxsize=1024)  # the same few words all over
def whole(text: str) -> Value:
    """A text of which all is known."""
    return Value(text, True)


def _may_be_empty(value: Value) -> bool:
    return not value.known if value.is_whole else value.may_be_empty


class Argument(NamedTuple):
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
        texts = path.each.texts if path.each else ("",)
        if not path.known and not path.is_whole and not all(text and text[0] != "/" for text in texts):
            return UNKNOWN  # it may be absolute
        path = cwd.then(whole("/")).then(path)
    if not path.is_whole:
        head, slash, tail = path.known.rpartition("/")
        return Value(_normal(head) + slash + tail if _normal(head) != "/" else "/" + tail) if slash else UNKNOWN
    return whole(_normal(path.known))


def folder(path: Value) -> Value:
    """The directory of a path that is not known in whole; `/a/` may be all of it, and then it lies in `/`."""
    if not path.known.startswith("/"):
        return UNKNOWN
    return Value(posixpath.dirname(path.known.rstrip("/") if path.may_be_empty else path.known), False, False)


def _normal(path: str) -> str:
    return "/" + posixpath.normpath(path).lstrip("/") if path else ""


def of_url(parts: Sequence[Value], word: Word) -> Value:
    """A URL of whose user or password something is not known."""
    found = parts[0]
    for index, value in enumerate(parts[1:], 1):
        behind = "".join(part.text for part in word.parts[index + 1 :] if isinstance(part, Literal))
        is_hidden = found.is_whole and not value.is_whole and not value.each and names_user(found.known, behind)
        found = found.then(whole(HIDDEN) if is_hidden else value)
    return found
