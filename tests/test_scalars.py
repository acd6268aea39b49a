"""Every character of a decoded scalar leads to its source: all five YAML styles, JSON, and every scalar of real files.

The emitters write a scalar as a list of units, each a decoded character (or none) and how it is written; so the places
are known independently of how they are found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initlint.text.documents import documents
from initlint.text.scalars import Style, block_end, offsets
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Scalar, walk
from tests.conftest import corpus

BREAKS = ["\n", "\r\n", "\r"]
PLAIN = "abc019-_/.é漢😀\u0301\"'\\$"
# What stands before a scalar, and how far its parent is indented.
CONTEXTS = [
    ("kind: x\nk: ", 0),
    ("kind: x\no:\n    i: ", 4),
    ("kind: x\nl:\n  - ", 2),
    ("kind: x\nl:\n- &a   !!str ", 0),
    ("--- # kind\n -\n  &a # é\n   ", 1),
]
contexts = st.sampled_from(CONTEXTS)
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Written:
    """A scalar as it is written, and the place of each character of its value."""

    source: str = ""
    value: str = ""
    places: list[int] = field(default_factory=list)
    tail: str = "\n"

    def unit(self, value: str, source: str) -> None:
        if value:
            self.places.append(len(self.source))
        self.value += value
        self.source += source

    def text(self, text: str) -> None:
        for character in text:
            self.unit(character, character)


def check(context: str, written: Written, style: Style) -> None:
    text = context + written.source + written.tail
    (document,) = documents(Source("a.yaml", text))
    assert isinstance(document, Document), (text, document)
    node = [node for node in walk(document.root) if isinstance(node, Scalar) and node.start <= len(context)][-1]
    assert (node.value, node.style) == (written.value, style), text
    assert oracle(text, node.start) == written.value
    assert node.source.text[node.start : node.end] == written.source, text
    check_places(node, written)


def check_places(node: Scalar, written: Written) -> None:
    places = offsets(written.source, node.value, node.style)
    assert places is not None, written
    assert list(places[:-1]) == written.places, written
    ends = [*written.places[1:], len(written.source)]
    for start in range(len(written.value)):
        assert node.at(start, start) == Span(node.start + places[start], node.start + places[start])
        for end in (start + 1, len(written.value)):
            span = node.at(start, end)
            assert span.start == node.start + written.places[start], written
            last = written.places[end - 1]
            assert min(last + 1, len(written.source)) <= span.end - node.start <= ends[end - 1], written


def oracle(text: str, start: int) -> str:
    """The value of the scalar at a place, as PyYAML's own scanner reads it."""
    tokens = [token for token in yaml.scan(text, Loader=yaml.SafeLoader) if isinstance(token, yaml.ScalarToken)]
    return str(next(token.value for token in tokens if token.start_mark.index == start))


words = st.text(PLAIN, min_size=1, max_size=5)


@st.composite
def flow(draw: st.DrawFn, style: Style) -> Written:
    """A plain or quoted scalar: words with spaces and newlines between them, in lines that are folded at random."""
    written = Written()
    quote = style.value
    written.unit("", quote)
    word = draw(words) if quote else "a" + draw(words)
    write_word(draw, written, word, style)
    for _ in range(draw(st.integers(0, 4))):
        separate(draw, written, style)
        write_word(draw, written, draw(words) if quote else "b" + draw(words), style)
    written.unit("", quote)
    return written


def write_word(draw: st.DrawFn, written: Written, word: str, style: Style) -> None:
    for left, character in zip(range(len(word))[::-1], word, strict=True):
        if style is Style.SINGLE:
            written.unit(character, character.replace("'", "''"))
        elif style is Style.DOUBLE:
            written.unit(character, draw(st.sampled_from(spellings(character))))
            if left and draw(st.integers(0, 9)) == 0:
                written.unit("", "\\" + draw(st.sampled_from(BREAKS)) + " " * draw(st.integers(5, 9)))
        else:
            written.unit(character, character)


def spellings(character: str) -> list[str]:
    code = ord(character)
    forms = [f"\\U{code:08x}"]
    forms += [f"\\u{code:04X}"] if code < 0x10000 else []
    forms += [f"\\x{code:02x}"] if code < 0x100 else []
    forms += {'"': ['\\"'], "\\": ["\\\\"], "/": ["/", "\\/"]}.get(character, [character])
    return forms


def separate(draw: st.DrawFn, written: Written, style: Style) -> None:
    """Between two words: some spaces; a fold, which is a space; or a fold with blank lines, which are newlines."""
    kind = draw(st.sampled_from(["spaces", "fold", "newlines", "escapes" if style is Style.DOUBLE else "spaces"]))
    indent = " " * draw(st.integers(5, 9))
    tab = "\t" if style.value else ""  # which PyYAML takes for no separation, libyaml and go-yaml do
    padding = draw(st.sampled_from(["", " ", "  " + tab]))
    if kind == "spaces":
        written.text(draw(st.sampled_from([" ", "  ", f" {tab} "])))
    elif kind == "escapes":
        for character in draw(st.lists(st.sampled_from("\n\t \x07\x1b\x85\xa0\u2028\0"), min_size=1, max_size=3)):
            names = {"\n": "n", "\t": "t", " ": " ", "\x07": "a", "\x1b": "e", "\x85": "N", "\xa0": "_", "\u2028": "L"}
            written.unit(character, "\\" + names.get(character, "0"))
    elif kind == "fold":
        written.unit(" ", padding + draw(st.sampled_from(BREAKS)) + indent)
    else:
        written.unit("", padding + draw(st.sampled_from(["\n", "\r\n"])))
        for _ in range(draw(st.integers(1, 3))):
            written.unit("", draw(st.sampled_from(["", "   "])))
            written.unit("\n", draw(st.sampled_from(["\n", "\r\n"])))
        written.unit("", indent)


@st.composite
def block(draw: st.DrawFn, style: Style, parent: int) -> Written:
    """A literal or folded scalar: lines, some blank, some indented further, with every header."""
    newline = draw(st.sampled_from(BREAKS))
    lines = draw(st.lists(st.sampled_from(["", "a", "b c", "#x", "- é😀: ", "  in", "\tt", "   ", "end "]), max_size=7))
    while lines and not lines[-1]:
        lines.pop()
    step = draw(st.integers(1, 5))
    first = next((line for line in lines if line), "")
    explicit = first[:1] in (" ", "\t") or draw(st.booleans())
    chomp = draw(st.sampled_from(["", "-", "+"])) if lines else ""
    header = [str(step), chomp] if explicit else [chomp]
    written = Written()
    written.unit(
        "",
        style.value
        + "".join(draw(st.permutations(header)))
        + draw(st.sampled_from(["", "  " if lines else "", " # é"])),
    )
    before = ""  # the line before and its break, which counts once it is known what follows
    pending: list[tuple[str, str]] = [("", newline)]
    for line in lines:
        if not line:
            pending += [("", " " * draw(st.integers(0, parent + step))), ("\n", newline)]
            continue
        is_folded = style is Style.FOLDED and before[:1] not in ("", " ", "\t") and line[0] not in " \t"
        if is_folded and pending[0][0]:
            pending[0] = (" " if len(pending) == 1 else "", pending[0][1])
        for unit in pending:
            written.unit(*unit)
        written.unit("", " " * (parent + step))
        written.text(line)
        before, pending = line, [("\n", newline)]
    blank = draw(st.integers(-1, 3)) if lines else 0
    kept = {"-": 0, "": min(1, 1 + blank), "+": 1 + blank}[chomp] if lines else 0
    written.value += "\n" * kept
    written.places += [len(written.source)] * kept
    following = draw(st.sampled_from(["", "# é" + newline, "z: 1" if parent != 1 else " - z"]))
    written.tail = newline * (1 + blank) + (following if blank >= 0 else "")
    return written


@pytest.mark.parametrize("style", [Style.PLAIN, Style.SINGLE, Style.DOUBLE])
@many
@given(st.data(), contexts)
def test_flow_styles(style: Style, data: st.DataObject, context: tuple[str, int]) -> None:
    check(context[0], data.draw(flow(style)), style)


@pytest.mark.parametrize("style", [Style.LITERAL, Style.FOLDED])
@many
@given(st.data(), contexts)
def test_block_styles(style: Style, data: st.DataObject, context: tuple[str, int]) -> None:
    check(context[0], data.draw(block(style, context[1])), style)


@many
@given(st.data(), st.text('ab \t\n\r"\\/\x00é漢😀\u2028\x7f', max_size=8))
def test_json_strings(data: st.DataObject, value: str) -> None:
    written = Written()
    written.unit("", '"')
    for character in value:
        forms = [json.dumps(character)[1:-1], "".join(f"\\u{unit:04X}" for unit in units(character))]
        forms += [character] if character >= " " and character not in '"\\' else []
        written.unit(character, data.draw(st.sampled_from(forms)))
    written.unit("", '"')
    (document,) = documents(Source("a.json", f"[{written.source}]"))
    assert isinstance(document, Document)
    (node,) = document.root
    assert isinstance(node, Scalar)
    assert (node.value, node.style) == (value, Style.JSON)
    assert node.content == Span(2, len(written.source))
    check_places(node, written)


def units(character: str) -> Iterator[int]:
    encoded = character.encode("utf-16-be")
    yield from (int.from_bytes(encoded[at : at + 2], "big") for at in range(0, len(encoded), 2))


def test_half_a_surrogate_pair_is_a_replacement_character_as_in_go() -> None:
    text = r'["\ud83d", "a\ude00b", "\ud83d\ud83d\ude00"]'.replace("\\\\", "\\")
    (document,) = documents(Source("a.json", text))
    assert isinstance(document, Document)
    values = list(document.root)
    assert [node.value for node in values] == ["\ufffd", "a\ufffdb", "\ufffd😀"]
    assert isinstance(values[1], Scalar)
    assert values[1].at(1, 2) == Span(13, 19)
    for node in values:
        node.value.encode()


@pytest.mark.parametrize(
    ("raw", "value", "places"),
    [
        ("a\u2028 b", "a\u2028b", [0, 1, 3]),
        ("a \u2028\n  b", "a\u2028\nb", [0, 1, 3, 6]),
        ("a\n\u2029 b", "a\u2029b", [0, 2, 4]),
        ("a\x85  b", "a b", [0, 1, 4]),
        ("a\x85\x85 b", "a\nb", [0, 2, 4]),
    ],
)
@pytest.mark.parametrize("style", [Style.PLAIN, Style.SINGLE, Style.DOUBLE])
def test_unicode_breaks(raw: str, value: str, places: list[int], style: Style) -> None:
    """libyaml folds NEL as a break, and keeps U+2028 and U+2029 as they are."""
    raw, shift = style.value + raw + style.value, len(style.value)
    found = offsets(raw, value, style)
    assert found is not None
    assert list(found[:-1]) == [place + shift for place in places]
    (document,) = documents(Source("a.yaml", f"kind: {raw}\n"))
    assert isinstance(document, Document)
    assert document.root["kind"].value == value


@pytest.mark.parametrize(
    ("text", "value", "end"),
    [
        ("|\n a\u2028 b\u2028", "a\u2028b\u2028", "b"),
        ("|\n a\x85 b\x85", "a\nb\n", "b"),
        (">\n a\x85 b\x85", "a b\n", "b"),
        (">\n a\u2028 b\n", "a\u2028b\n", "b"),
        ("|+\n a\n\u2028\n", "a\n\u2028\n", "a"),
        ("|\n a\u3000\n", "a\u3000\n", "\u3000"),
        ("|\n a \n\n", "a \n", " "),
        ("|2\n     \n  \n", "   \n", "     "),
        ("|2\n  a\n     \n \n  \n", "a\n   \n", "     "),
        (">2\n\n     \n\n", "\n   \n", "     "),
        ("|\n \n\n", "", "|"),
        ("|+\n \n\n", "\n\n", "+"),
        ("| # c", "", "c"),
    ],
)
def test_where_a_block_scalar_ends(text: str, value: str, end: str) -> None:
    (document,) = documents(Source("a.yaml", "kind: " + text))
    assert isinstance(document, Document)
    node = document.root["kind"]
    assert isinstance(node, Scalar)
    assert node.value == value
    written = node.source.text[node.start : node.end]
    assert written.endswith(end)
    assert not text[len(written) :].strip(" \n\x85\u2028")
    assert offsets(written, value, node.style) is not None
    assert block_end(text, value) == len(written)


@pytest.mark.parametrize(
    ("raw", "value", "style"),
    [
        ("abc", "abd", Style.PLAIN),
        ("'abc'", "ab", Style.SINGLE),
        ('"a\\n"', "a", Style.DOUBLE),
        ('"a\\n"', "a", Style.JSON),
        ("|\n  a", "b", Style.LITERAL),
        (">", "b", Style.FOLDED),
    ],
)
def test_a_map_is_exact_or_refused(raw: str, value: str, style: Style) -> None:
    assert offsets(raw, value, style) is None
    node = Scalar(Source("a.yaml", raw), 0, len(raw), value, style, "")
    assert node.at(0, 1) == node.span


def test_a_word_before_a_joined_or_folded_line_ends_with_itself() -> None:
    text = 'kind: "foo\\\n      bar\n\n  baz qux"\n'
    (document,) = documents(Source("a.yaml", text))
    assert isinstance(document, Document)
    node = document.root["kind"]
    assert isinstance(node, Scalar)
    assert node.value == "foobar\nbaz qux"
    for word in ("foo", "bar", "baz", "qux"):
        span = node.at(node.value.index(word), node.value.index(word) + 3)
        assert text[span.start : span.end] == word


def test_every_scalar_of_real_manifests() -> None:
    missed = total = 0
    for path in sorted(path for path in corpus("wild").rglob("*") if path.suffix in (".yaml", ".yml", ".json")):
        source = Source.decode(path.name, path.read_bytes())
        for document in documents(source):
            for node in walk(document.root) if isinstance(document, Document) else ():
                if isinstance(node, Scalar):
                    total += 1
                    missed += offsets(source.text[node.start : node.end], node.value, node.style) is None
    assert total > 100_000
    assert missed == 0
