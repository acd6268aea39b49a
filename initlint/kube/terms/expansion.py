"""`$(VAR)` as the kubelet expands it, before any shell sees the text (third_party/forked/golang/expansion)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from initlint.regex import regex

_REFERENCE = regex(r"\$(?:\$|\(([^)]*)\))")
_SERVICE_VARIABLE = regex(r"[A-Z0-9_]+_(?:SERVICE_HOST|SERVICE_PORT\w*|PORT(?:_\d+_(?:TCP|UDP|SCTP)\w*)?)")

_SERVICE_HOST = regex(r"([A-Z][A-Z0-9_]*)_SERVICE_HOST|([A-Z][A-Z0-9_]*)_PORT_\d+_TCP_ADDR")

OWN_NAMESPACE = "<own_namespace>"
"""Stands in a text for the namespace of the Pod, which nobody knows before the manifest is applied."""

HIDDEN = "<hidden>"
"""Stands in a URL for a part of its user and password that is not known, which does not matter for where it leads."""

_OF_POD = "<namespace>"
_BEFORE_USER = regex(r"\w://[^/?#@\s]*\Z")
_BEHIND_USER = regex(r"[^/?#\s]*@")
_LONGEST = 128 * 1024
"""Bytes of one argument or variable of a process on Linux (MAX_ARG_STRLEN); doubled a few dozen times, none fits."""


def expand(text: str, known: Mapping[str, str | None], *, others: bool = False) -> str | None:
    """Replace `$(VAR)` by the value of a defined variable and `$$` by `$`.

    A value of None in `known` is one that the manifest does not show. References to variables that are not defined stay
    as they are; `others` says that more variables may be defined than `known` holds (`envFrom`), as those of Services
    always may. None if the result depends on what is not known, but for a password in a URL, or is longer than Linux
    takes.
    """
    if "$" not in text:
        return text
    parts: list[str] = []
    end, length = 0, 0
    for match in _REFERENCE.finditer(text):
        value = "$" if match[1] is None else known.get(match[1], _undefined(match, others))
        if value is None and names_user("".join([*parts, text[end : match.start()]]), text[match.end() :]):
            value = HIDDEN
        if value is None or (length := length + len(value)) > _LONGEST:
            return None
        parts += [text[end : match.start()], value]
        end = match.end()
    return "".join([*parts, text[end:]])


def shown(text: str) -> str:
    """A text as people read it: what stands for the namespace of the Pod says so."""
    return text.replace(OWN_NAMESPACE, _OF_POD)


def names_user(before: str, behind: str) -> bool:
    """Whether what stands between these texts belongs to the user or the password of a URL."""
    return "://" in before and bool(_BEFORE_USER.search(before) and _BEHIND_USER.match(behind))


def references(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Where `$(NAME)` and `$$` stand in a text: start, end, and the name, which `$$` has none of."""
    return ((match.start(), match.end(), match[1]) for match in _REFERENCE.finditer(text))


def is_of_service(name: str) -> bool:
    """Tell whether the kubelet may define a variable of this name for a Service of the namespace."""
    return bool(_SERVICE_VARIABLE.fullmatch(name))


def service_of(name: str) -> str:
    """The Service whose address the kubelet tells by a variable of this name: it has no capitals, and no underscores.

    Nothing of that of the API server, which is none of the input.
    """
    match = _SERVICE_HOST.fullmatch(name)
    found = (match[1] or match[2]).lower().replace("_", "-") if match else ""
    return "" if found == "kubernetes" else found


def is_reference(text: str) -> bool:
    """Tell whether a text is one reference and nothing else."""
    match = _REFERENCE.fullmatch(text)
    return bool(match and match[1])


def _undefined(match: re.Match[str], others: bool) -> str | None:
    return None if others or is_of_service(match[1]) else match.group()
