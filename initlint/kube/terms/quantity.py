"""Kubernetes quantities such as `500m`, `1.5Gi` and `1e3`, exactly as the API server reads them (resource.Quantity)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from initlint.kube.terms.resourcenames import is_bytes
from initlint.regex import regex
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Node, Scalar

# parseQuantityString lets the digits be absent; suffixes are those of suffix.go, of which an exponent is one.
_NOTATION = regex(
    r"(?P<sign>[-+]?)(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?"
    r"(?:(?P<decimal>[numkMGTPE]?)|(?P<binary>[KMGTPE]i)|[eE](?P<exponent>[-+]?[0-9]+))"
)
_OCTAL = regex(r"[-+]?0[0-7]+")
_DECIMAL = {suffix: 3 * power for power, suffix in enumerate(("n", "u", "m", "", "k", "M", "G", "T", "P", "E"), -3)}
_BINARY = {suffix: 10 * power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}
_NANO = 10**9
_MILLI = 10**6
_MOST_BYTES = 2**63 - 1

# Budgets, far beyond any machine: `1e-2000000000` keeps the API server itself busy for minutes.
_LONGEST = 1_000
_HIGHEST = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """An amount of a resource in billionths, the finest that ParseQuantity keeps."""

    nano: int

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.nano + other.nano)

    def __str__(self) -> str:
        return _decimal(self.nano)

    @classmethod
    def of(cls, units: int) -> Quantity:
        """So many whole units: cores, bytes, devices."""
        return cls(units * _NANO)

    @property
    def units(self) -> int:
        """How many whole units it holds."""
        return self.nano // _NANO

    @property
    def is_fractional(self) -> bool:
        """Whether it is not a whole number of units, as `500m` of a byte."""
        return self.nano % _NANO != 0

    def is_above(self, other: Quantity, ratio: Quantity) -> bool:
        """Whether it is more than so many times another one."""
        return self.nano * _NANO > other.nano * ratio.nano

    def rounded(self) -> Quantity:
        """What the API server makes of it in a list of resources: no finer than milli (SetDefaults_ResourceList)."""
        size = _divide_up(abs(self.nano), _MILLI) * _MILLI
        return Quantity(size if self.nano >= 0 else -size)

    def canonical(self, resource: str) -> str:
        """The shortest exact notation that suits a resource: `500m` of cpu, `1152Mi` or `1G` of memory."""
        decimal = str(self)
        if is_bytes(resource) and not self.is_fractional and 1024 <= abs(self.units) <= _MOST_BYTES:
            return min(_binary(self.units), decimal, key=len)
        return decimal


ZERO = Quantity(0)


@lru_cache(maxsize=1024)  # the same few amounts all over
def parse(text: str) -> Quantity | None:
    """Read a quantity as ParseQuantity does; None if it is malformed or out of all proportion.

    What is finer than nano is rounded away from zero, binary suffixes are capped at 2^63-1, decimal ones are not.
    """
    match = _NOTATION.fullmatch(text)
    if not match or not 0 < len(text) <= _LONGEST:
        return None
    exponent, shift = _scale(match)
    part = match["part"] or ""
    digits = match["whole"] + part
    if abs(exponent) > _HIGHEST or not (digits or _reads_nothing_as_zero(exponent, shift)):
        return None
    nano = _power(int(digits or "0") << shift, exponent + 9 - len(part))
    nano = min(nano, _MOST_BYTES * _NANO) if match["binary"] else nano
    return Quantity(-nano if match["sign"] == "-" else nano)


def read_quantity(node: Node) -> Quantity | None:
    """The quantity that a node of a manifest is to the API server; None if it is malformed or absent.

    Quantity.UnmarshalJSON trims a string, and reads an explicit null as zero. An integer arrives as JSON, so that the
    bases of YAML are gone: `010` is 8, and `"010"` is 10.
    """
    if not isinstance(node, Scalar):
        return None
    if node.kind is ScalarKind.NULL:
        return ZERO
    return parse(_integer(node.value) if node.kind is ScalarKind.INTEGER else node.value.strip(" "))


def _scale(match: re.Match[str]) -> tuple[int, int]:
    """Power of ten and power of two that the suffix stands for."""
    if match["binary"]:
        return 0, _BINARY[match["binary"]]
    return int(match["exponent"]) if match["exponent"] else _DECIMAL[match["decimal"]], 0


def _reads_nothing_as_zero(exponent: int, shift: int) -> bool:
    """`Mi` and `.` are zero on ParseQuantity's fast path; on the slow one, inf.Dec demands a digit."""
    return exponent >= -9 and shift < _BINARY["Pi"]


def _power(number: int, exponent: int) -> int:
    return number * 10**exponent if exponent >= 0 else _divide_up(number, 10**-exponent)


def _divide_up(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _integer(text: str) -> str:
    """What go-yaml makes of a plain integer: without underscores, strconv.ParseInt with base 0, else a float (`08`)."""
    plain = text.replace("_", "")
    if len(plain) > _LONGEST:
        return plain
    try:
        return str(int(plain, 8 if _OCTAL.fullmatch(plain) else 0))
    except ValueError:
        return plain


def _decimal(nano: int) -> str:
    """The largest suffix that leaves no fraction (CanonicalizeBytes)."""
    if nano == 0:
        return "0"
    units = ((suffix, 10 ** (power + 9)) for suffix, power in reversed(_DECIMAL.items()))
    return next(f"{nano // unit}{suffix}" for suffix, unit in units if nano % unit == 0)


def _binary(number: int) -> str:
    units = ((suffix, 1 << shift) for suffix, shift in reversed(_BINARY.items()))
    return next((f"{number // unit}{suffix}" for suffix, unit in units if number % unit == 0), str(number))
