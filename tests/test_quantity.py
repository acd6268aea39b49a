"""Quantities are what apimachinery makes of them, to the last billionth, and survive being printed."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from initlint.kube.terms.quantity import ZERO, Quantity, parse, read_quantity
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import Document, Node

DECIMAL = {suffix: Fraction(10) ** (3 * power) for power, suffix in enumerate(["n", "u", "m", "", *"kMGTPE"], -3)}
BINARY = {f"{prefix}i": Fraction(2) ** (10 * power) for power, prefix in enumerate("KMGTPE", 1)}
SUFFIXES = DECIMAL | BINARY
MOST = 2**63 - 1
RESOURCES = ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "requests.memory", "nvidia.com/gpu"]


def quantity(text: str) -> Quantity:
    found = parse(text)
    assert found is not None, f"`{text}` is a quantity"
    return found


def value(text: str) -> Fraction:
    return Fraction(quantity(text).nano, 10**9)


def written(text: str, kind: str = "yaml") -> Node:
    """The node of a value as it stands in a manifest."""
    source = {"yaml": f"kind: Pod\nvalue: {text}\n", "json": f'{{"kind": "Pod", "value": {text}}}'}[kind]
    (document,) = documents(Source(f"pod.{kind}", source))
    assert isinstance(document, Document)
    return document.root["value"]


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A decimal number as people write it, and its value."""
    sign = draw(st.sampled_from(["", "", "+", "-"]))
    whole = draw(st.text("0123456789", max_size=12))
    part = draw(st.one_of(st.none(), st.text("0123456789", max_size=12)))
    assume(whole or part)
    size = Fraction(int(whole + (part or "")), 10 ** len(part or ""))
    return sign + whole + ("" if part is None else f".{part}"), -size if sign == "-" else size


def kept(exact: Fraction) -> Fraction:
    """What ParseQuantity keeps of a number: nothing finer than nano, rounded away from zero."""
    size = Fraction(math.ceil(abs(exact) * 10**9), 10**9)
    return size if exact >= 0 else -size


# From TestQuantityParse of apimachinery.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("0Ki", 0),
        ("1", 1),
        ("100m", Fraction(1, 10)),
        ("5n", Fraction(5, 10**9)),
        ("4u", Fraction(4, 10**6)),
        ("50k", 50_000),
        ("300T", 300 * 10**12),
        ("1E", 10**18),
        ("12E", 12 * 10**18),
        ("1E-3", Fraction(1, 1000)),
        ("12e-3", Fraction(12, 1000)),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1.3E+6", 1_300_000),
        ("1.5Gi", 3 * 2**29),
        ("3Ei", 3 * 2**60),
        ("100.035k", 100_035),
        ("0.0005k", Fraction(1, 2)),
        ("0.05000", Fraction(1, 20)),
        ("100.035Ki", Fraction(10_243_584, 100)),
        ("0.025Ti", Fraction(274_877_906_944, 10)),
        (".001", Fraction(1, 1000)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("1.G", 10**9),
        ("+1", 1),
        ("-1", -1),
        ("010", 10),
        ("-0", 0),
    ],
)
def test_every_notation_is_read(text: str, expected: Fraction | int) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("3.001n", 4),
        ("1.1E-9", 2),
        ("0.0000000001", 1),
        ("0.00000012345", 124),
        ("0.9n", 1),
        ("-1.1n", -2),
        ("1e-300", 1),
        ("0.000000000001Ki", 2),
        ("8Ei", MOST * 10**9),
        ("-9Ei", -MOST * 10**9),
        ("9223372036854775807Ki", MOST * 10**9),
        ("9223372036854775808", 2**63 * 10**9),
        ("1e100", 10**109),
    ],
)
def test_what_is_too_fine_is_rounded_up_and_only_binary_suffixes_are_capped(text: str, nano: int) -> None:
    assert quantity(text) == Quantity(nano)


@pytest.mark.parametrize("text", ["+", "-", ".", "-.", "M", "m", "E", "e3", "e-9", "Mi", "Ti", ".Gi"])
def test_a_suffix_without_digits_is_zero(text: str) -> None:
    """The fast path of ParseQuantity, as it answered."""
    assert quantity(text) == ZERO


@pytest.mark.parametrize(
    "text",
    [
        "", " ", " 1", "1 ", "1\n", "1.1.M", "1+1.0M", "0.1mi", "0.1am", "aoeu", ".5i", "1i", "-3.01i", "-3.01e-", "1e",
        "1e1.5", "1K", "1KI", "1ki", "1GB", "1gi", "1Zi", "1µ", "1_000", "0x10", "--1", "1,5", "1M3", "1em3", "512 Mi",
        "٣", "Pi", "Ei", ".Ei", "e-10", "null", "true", ".inf", "1e-2000000000", "1e2000000000", "9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_malformed_is_no_quantity(text: str) -> None:
    assert parse(text) is None


@given(numbers(), st.sampled_from(sorted(SUFFIXES)))
@example(("0.000000000001", Fraction(1, 10**12)), "Ki")
def test_a_suffix_multiplies_exactly(number: tuple[str, Fraction], suffix: str) -> None:
    text, factor = number
    exact = kept(factor * SUFFIXES[suffix])
    assert value(text + suffix) == (max(-MOST, min(exact, MOST)) if suffix in BINARY else exact)


@given(numbers(), st.sampled_from("eE"), st.sampled_from(["", "+", "-"]), st.integers(0, 40))
def test_an_exponent_shifts_exactly(number: tuple[str, Fraction], letter: str, sign: str, exponent: int) -> None:
    text, factor = number
    power = Fraction(10) ** (-exponent if sign == "-" else exponent)
    assert value(f"{text}{letter}{sign}{exponent}") == kept(factor * power)


@given(st.text("0123456789.+-eEinumkKMGTP ", max_size=12))
def test_any_text_is_a_quantity_or_malformed(text: str) -> None:
    found = parse(text)
    assert found is None or parse(str(found)) == found


@given(st.integers(-(10**40), 10**40), st.sampled_from(RESOURCES))
@example(2**63 * 10**9, "memory")
@example(-(2**63) * 10**9, "memory")
def test_what_is_printed_reads_the_same(nano: int, resource: str) -> None:
    assert parse(str(Quantity(nano))) == Quantity(nano)
    assert parse(Quantity(nano).canonical(resource)) == Quantity(nano)


@given(st.integers(), st.integers())
def test_order_sum_and_hash_are_those_of_the_numbers(first: int, second: int) -> None:
    one, other = Quantity(first), Quantity(second)
    assert (one < other) == (Fraction(first, 10**9) < Fraction(second, 10**9))
    assert (one == other) == (first == second)
    assert one + other == other + one == Quantity(first + second)
    assert max(one, other).nano == max(first, second)
    assert len({one, Quantity(first)}) == 1


@given(st.integers())
def test_rounding_is_to_milli_and_away_from_zero(nano: int) -> None:
    rounded = Quantity(nano).rounded().nano
    assert rounded % 10**6 == 0
    assert abs(nano) <= abs(rounded) < abs(nano) + 10**6
    assert rounded * nano >= 0


@pytest.mark.parametrize(
    ("text", "resource", "shown"),
    [
        ("0.5", "cpu", "500m"),
        ("1.0", "cpu", "1"),
        ("1e0", "cpu", "1"),
        ("2500m", "cpu", "2500m"),
        ("0.1m", "cpu", "100u"),
        ("4000", "cpu", "4k"),
        ("1207959552", "memory", "1152Mi"),
        ("1.5Gi", "memory", "1536Mi"),
        ("1G", "memory", "1G"),
        ("1e9", "memory", "1G"),
        ("1025", "memory", "1025"),
        ("1536870912", "memory", "1536870912"),
        ("512", "memory", "512"),
        ("1024", "memory", "1Ki"),
        ("1024", "cpu", "1024"),
        ("512m", "memory", "512m"),
        ("2Mi", "hugepages-2Mi", "2Mi"),
        ("2097152", "limits.memory", "2Mi"),
        ("-1Gi", "memory", "-1Gi"),
        ("2", "nvidia.com/gpu", "2"),
        ("0", "memory", "0"),
        ("1000E", "cpu", "1000E"),
    ],
)
def test_a_message_shows_what_people_would_write(text: str, resource: str, shown: str) -> None:
    assert quantity(text).canonical(resource) == shown


def test_fractions_of_a_unit_are_told() -> None:
    assert quantity("512m").is_fractional
    assert quantity("0.5").is_fractional
    assert not quantity("1000m").is_fractional
    assert not quantity("1.5Gi").is_fractional


# As sigs.k8s.io/yaml turns YAML into JSON, and Quantity.UnmarshalJSON reads that.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("0.1", "100m"),
        (".5", "500m"),
        ("1e3", "1k"),
        ("1_000", "1k"),
        ("+2", "2"),
        ("010", "8"),
        ('"010"', "10"),
        ("08", "8"),
        ("0o10", "8"),
        ("0x10", "16"),
        ("-0b11", "-3"),
        ("0x", None),
        ("250m", "250m"),
        ('" 1Gi "', "1073741824"),
        ('"1\\n"', None),
        ("null", "0"),
        ("", "0"),
        ("true", None),
        (".inf", None),
        ("1 Gi", None),
        ("[1]", None),
        ("{cpu: 1}", None),
        ("!!int zzz", None),
        ("1" * 5_000, None),
        ("0x" + "f" * 900, None),
    ],
)
def test_a_manifest_is_read_as_the_api_server_reads_it(text: str, expected: str | None) -> None:
    found = read_quantity(written(text))
    assert found == (None if expected is None else parse(expected))


def test_json_is_read_the_same() -> None:
    assert read_quantity(written("0.5", "json")) == parse("500m")
    assert read_quantity(written('"1Gi"', "json")) == parse("1Gi")
    assert read_quantity(written("null", "json")) == ZERO


def test_what_is_absent_is_no_quantity() -> None:
    assert read_quantity(written("1")["absent"]) is None


def test_a_quantity_is_a_small_immutable_value() -> None:
    assert not hasattr(ZERO, "__dict__")
    assert pickle.loads(pickle.dumps(Quantity(7))) == Quantity(7)
    with pytest.raises(AttributeError):
        ZERO.nano = 1  # type: ignore[misc]
