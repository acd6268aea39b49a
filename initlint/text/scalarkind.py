"""What a plain scalar is on the way to JSON, as sigs.k8s.io/yaml resolves it (goyaml.v2/resolve.go)."""

from __future__ import annotations

import math
from enum import Enum
from functools import lru_cache

from initlint.regex import regex

NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})
"""Plain scalars that are nothing."""
BOOLEANS = {
    word: truth
    for truth, words in (
        (True, "y Y yes Yes YES true True TRUE on On ON"),
        (False, "n N no No NO false False FALSE off Off OFF"),
    )
    for word in words.split()
}
"""What the words that YAML 1.1 has for booleans say."""

_NUMERIC = frozenset("+-.0123456789")
_BASED = regex(r"(?P<sign>[-+]?)0(?:[bB](?P<b>[01]+)|[oO](?P<o>[0-7]+)|[xX](?P<x>[0-9a-fA-F]+))")
_OCTAL = regex(r"(?P<sign>[-+]?)0(?P<o>[0-7]+)")
_DECIMAL = regex(r"(?P<sign>[-+]?)(?P<d>0|[1-9][0-9]*)")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = regex(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BASES = {"b": 2, "o": 8, "d": 10, "x": 16}
_LIMITS = {"": 1 << 64, "+": 1 << 63, "-": (1 << 63) + 1}


class ScalarKind(Enum):
    """What sigs.k8s.io/yaml makes of a scalar on the way to JSON."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


@lru_cache(maxsize=1024)  # the same few words and numbers all over
def resolve(text: str) -> ScalarKind:
    """The JSON type of a plain scalar."""
    if text in NULL_WORDS:
        return ScalarKind.NULL
    if text[0] not in _NUMERIC:
        return ScalarKind.BOOLEAN if text in BOOLEANS else ScalarKind.STRING
    plain = text if text[0] == "." else text.replace("_", "")
    if _is_integer(plain):
        return ScalarKind.INTEGER
    is_float = _FLOAT.fullmatch(plain) and not math.isinf(float(plain))
    return ScalarKind.NUMBER if is_float or _INFINITE.fullmatch(text) else ScalarKind.STRING


def _is_integer(text: str) -> bool:
    """Within 64 bits, or of an explicit base and without a sign; a larger decimal is a float."""
    based = _BASED.fullmatch(text)
    match = based or _OCTAL.fullmatch(text) or _DECIMAL.fullmatch(text)
    if not match:
        return False
    base, sign = str(match.lastgroup), match["sign"]
    digits = match[base].lstrip("0")
    within = len(digits) <= 64 and int(digits or "0", _BASES[base]) < _LIMITS[sign]
    return within or (based is not None and not sign)
