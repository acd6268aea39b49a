"""The text that a shell gets: Kubernetes expands `$(VAR)` and `$$` first, and every character keeps its place."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from initlint.kube.terms.expansion import is_of_service, references
from initlint.regex import regex

_NOT_IN_NAMES = regex(r"\W")


class ShellText(NamedTuple):
    """A script's text as the shell reads it; `shifts` are the offsets behind which one more character is written.

    References that Kubernetes expands become `${VAR}`, which is as long, and to a shell with that variable in its
    environment the same but for splitting; `expanded` are their beginnings, and those of what an outer shell expands.
    """

    text: str
    shifts: tuple[int, ...] = ()
    expanded: frozenset[int] = frozenset()

    def origin(self, offset: int) -> int:
        """The offset in the text as it is written."""
        return offset + bisect_left(self.shifts, offset)


def of_kubernetes(text: str, defined: frozenset[str], *, others: bool = False) -> ShellText:
    """What the shell gets of a text in `command` or `args`, where these variables are defined.

    `others`: more may be, by `envFrom`; what looks like the name of a variable is taken for one then.
    """
    if "$" not in text:
        return ShellText(text)
    parts, shifts, expanded, end, length = [], list[int](), set[int](), 0, 0
    for start, stop, name in references(text):
        before = text[end:start]
        length += len(before)
        if name is None:
            became = "$"
            shifts.append(length)
        elif name in defined or _may_be_defined(name, others):
            became = "${" + _NOT_IN_NAMES.sub("_", name) + "}"
            expanded.add(length)
        else:
            became = text[start:stop]
        parts += [before, became]
        length += len(became)
        end = stop
    return ShellText("".join([*parts, text[end:]]), tuple(shifts), frozenset(expanded))


def of_quoted(text: str) -> ShellText:
    """What an inner shell gets of the text between double quotes, as far as it says: escapes are taken off."""
    parts, shifts, expanded, end, length = [], list[int](), set[int](), 0, 0
    for match in _ESCAPE.finditer(text):
        if match[1] is None:
            expanded.add(length + match.start() - end)
            continue
        parts += [text[end : match.start()], match[1]]
        length += match.start() - end
        # The backslash is the character more; it stands before what is left of it.
        shifts.append(length - 1)
        length += 1
        end = match.end()
    return ShellText("".join([*parts, text[end:]]), tuple(shifts), frozenset(expanded))


_ESCAPE = regex(r'\\([$`"\\])|[$`]')
_VARIABLE = regex(r"[A-Z_][A-Z0-9_]*")


def _may_be_defined(name: str, others: bool) -> bool:
    return bool(_VARIABLE.fullmatch(name)) and (others or is_of_service(name))
