"""Bytes to text in every encoding that YAML and JSON come in, and places in the text."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from initlint.text.source import Position, Source, Span

TEXT = "kind: Pod\nname: é漢😀e\u0301\n"
BOMS = {
    "utf-8": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\0\0",
    "utf-32-be": b"\0\0\xfe\xff",
}
TEXTS = st.text(st.sampled_from("ab \t\r\n\x0b\x0c\x1c\x85\u2028\u2029é漢😀\u0301\0\ufeff"))


@pytest.mark.parametrize("encoding", BOMS)
def test_a_byte_order_mark_decides(encoding: str) -> None:
    source = Source.decode("a.yaml", BOMS[encoding] + TEXT.encode(encoding))
    assert (source.text, source.encoding, source.bom, source.undecodable) == (TEXT, encoding, True, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_without_a_mark_the_nuls_decide(encoding: str) -> None:
    source = Source.decode("a.yaml", TEXT.encode(encoding))
    assert (source.text, source.encoding, source.bom, source.undecodable) == (TEXT, encoding, False, None)


@pytest.mark.parametrize("data", [b"", b"a", b"\0", b"\0\0", b"\xef\xbb\xbf", b"\xff\xfe", b"# only a comment"])
def test_what_is_too_short_to_tell_is_text(data: bytes) -> None:
    source = Source.decode("a.yaml", data)
    assert source.undecodable is None
    assert len(source.text) <= len(data)


@pytest.mark.parametrize(
    ("data", "text", "place"),
    [
        (b"\xffa", "\ufffda", 0),
        ("é".encode() + b"\xff\xc3b\xff", "é\ufffd\ufffdb\ufffd", 1),
        (b"a: \xe6\xbc", "a: \ufffd", 3),
        (b"\xed\xa0\x80", "\ufffd" * 3, 0),
        (b"\xff\xfea\0b\0c", "ab\ufffd", 2),
        (b"\xff\xfea\0\x3d\xd8", "a\ufffd", 1),
        (b"\xff\xfea\0\x00\xdcb\0", "a\ufffdb", 1),
        (b"\xff\xfe\0\0a\0\0\0b\0", "a\ufffd", 1),
        (b"a\0\xff\xfe\xff", "a\ufeff\ufffd", 2),
    ],
)
def test_what_is_not_of_the_encoding_is_replaced_and_placed(data: bytes, text: str, place: int) -> None:
    source = Source.decode("a.yaml", data)
    assert source.undecodable == place
    assert source.text[:place] == text[:place]
    assert source.text[place] == "\ufffd"


def test_only_the_first_mark_is_one() -> None:
    assert Source.decode("a.yaml", BOMS["utf-8"] * 2 + b"a").text == "\ufeffa"
    assert Source.decode("a.yaml", b"a" + BOMS["utf-8"]).text == "a\ufeff"


def test_lines_end_with_the_three_breaks_that_editors_know() -> None:
    source = Source("a.yaml", "a\r\nb\nc\rd\x85e\u2028f\x0bg\x0c\n\n")
    assert source.line_starts == [0, 3, 5, 7, 16, 17]
    assert [source.line(number) for number in range(1, 7)] == ["a", "b", "c", "d\x85e\u2028f\x0bg\x0c", "", ""]


def test_positions_count_characters() -> None:
    source = Source("a.yaml", "a\r\n😀e\u0301漢b")
    assert [source.position(offset) for offset in (0, 1, 2, 3, 4, 8)] == [
        Position(1, 1), Position(1, 2), Position(1, 3), Position(2, 1), Position(2, 2), Position(2, 6),
    ]  # fmt: skip


@given(TEXTS)
def test_positions_lead_back_to_the_offset(text: str) -> None:
    source = Source("a.yaml", text)
    assert source.line_starts[0] == 0
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.line_starts[line - 1] + column - 1 == offset


@given(TEXTS)
def test_lines_make_up_the_text(text: str) -> None:
    source = Source("a.yaml", text)
    lines = [source.line(number) for number in range(1, len(source.line_starts) + 1)]
    assert "\n".join(lines) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS, st.sampled_from(list(BOMS)))
def test_every_encoding_gives_the_text_back(text: str, encoding: str) -> None:
    assume(not text.startswith("\0"))  # a mark of UTF-16 and a NUL are the mark of UTF-32
    assert Source.decode("a.yaml", BOMS[encoding] + text.encode(encoding)).text == text


@given(st.binary(max_size=40))
def test_any_bytes_decode(data: bytes) -> None:
    source = Source.decode("a.yaml", data)
    assert source.undecodable is None or source.text[source.undecodable] == "\ufffd"
    assert source == Source.decode("a.yaml", data)


def test_a_pickle_holds_the_text_and_not_its_lines() -> None:
    source = Source("a.yaml", "a\n" * 1000, "utf-16-le", True, 3)
    size = len(pickle.dumps(source))
    assert len(source.line_starts) == 1001
    assert len(pickle.dumps(source)) == size
    assert pickle.loads(pickle.dumps(source)) == source


def test_spans_contain_themselves_and_what_is_within() -> None:
    assert Span(1, 3).contains(Span(1, 3))
    assert Span(1, 3).contains(Span(2, 2))
    assert not Span(1, 3).contains(Span(0, 3))
    assert not Span(1, 3).contains(Span(1, 4))
