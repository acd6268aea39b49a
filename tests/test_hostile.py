"""Nothing in a file may crash, hang or exhaust the reader: what is beyond a budget is said, and the rest is read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initlint.library import check_text
from initlint.shell.container import scripts as container_scripts
from initlint.text import documents as reading
from initlint.text import jsontext, yamltext
from initlint.text.documents import Outcome, Template, documents
from initlint.text.scalars import offsets
from initlint.text.source import Source, Span
from initlint.text.tree import Breach, Document, Mapping, Node, Scalar, SyntaxProblem, walk
from tests.conftest import ROOT, corpus

HOSTILE = ROOT / "fixtures" / "hostile"
DEEP = "Breach: the document nests deeper than 200 levels"
BOMB = "Breach: the aliases of the document expand to more than 1,000,000 nodes"
MANY = "Breach: the document has more than 1,000,000 nodes"
TOO_MANY = "Breach: the file has more than 50,000 documents"
UNCLOSED = "SyntaxProblem: found no closing quote before the end of the"
LARGE = 1_000_000
# Where every line runs a million times, counting lines takes longer than all else.
large = pytest.mark.no_cover
many = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def said(outcomes: list[Outcome]) -> list[str]:
    """What there is, in short; what is said many times, once."""
    return [text for text, _ in groupby(map(say, outcomes))]


def say(outcome: Outcome) -> str:
    match outcome:
        case SyntaxProblem() | Breach():
            return f"{type(outcome).__name__}: {outcome.message}"
        case Template():
            return outcome.reason
    return "Document"


def sound(source: Source) -> list[Outcome]:
    """The outcomes, which must be the same again and lie within the text."""
    outcomes = list(documents(source))
    for outcome in outcomes:
        check_span(source, outcome.root.span if isinstance(outcome, Document) else outcome.span)
        if isinstance(outcome, Document):
            check_tree(outcome)
    assert [dump(one) for one in outcomes] == [dump(one) for one in documents(source)]
    return outcomes


def check_span(source: Source, span: Span) -> None:
    assert 0 <= span.start <= span.end <= len(source.text)
    source.position(span.start), source.position(span.end)


def check_tree(document: Document) -> None:
    elsewhere = {id(alias.target) for alias in document.aliases}
    for node in walk(document.root):
        check_span(node.source, node.span)
        list(node.items())
        if isinstance(node, Scalar):
            raw = node.source.text[node.start : node.end]
            assert offsets(raw, node.value, node.style) is not None, (raw, node.value)
            assert isinstance(bool(node), bool)
        for child in parts(node):
            assert id(child) in elsewhere or node.span.contains(child.span), (node.span, child.span)


def parts(node: Node) -> list[Node]:
    return [part for pair in node.entries for part in pair] if isinstance(node, Mapping) else list(node)


def dump(outcome: Outcome) -> object:
    if isinstance(outcome, Document):
        return [(type(node), node.span, node.value) for node in walk(outcome.root)]
    return outcome


# ---- small files, kept as they are

CONTROLS = sorted({*map(chr, range(32)), "\x7f"} - {*"\t\n\r"})
FILES = {
    "alias-bomb.yaml": [BOMB, "Document"],
    "alias-bomb-of-mappings.yaml": [BOMB, "Document"],
    "boundaries.yaml": ["Document"],
    "carriage-returns.yaml": [
        "Document", "SyntaxProblem: expected a value behind `[`, found the end of the document", "Document",
    ],
    "conflict.yaml": ["SyntaxProblem: found a conflict marker of git", "Document"],
    "control-characters.yaml": [
        *(f"SyntaxProblem: found a control character (U+{ord(code):04X})" for code in CONTROLS),
        "Document",
    ],
    "deep.json": [DEEP],
    "deep-block.yaml": [DEEP, "Document"],
    "deep-flow.yaml": [DEEP, "Document"],
    "deep-flow-without-kind.yaml": [DEEP, "Document"],
    "deep-keys.yaml": [DEEP, "Document"],
    "deep-objects.json": [DEEP],
    "deep-pairs.yaml": [DEEP, "Document"],
    "directives.yaml": ["Breach: the document has more than 100 %TAG directives", "Document"],
    "directives-of-comments.yaml": [
        "SyntaxProblem: expected `%YAML 1.1` or a `%TAG` with handle and prefix, found `%#`", "Document",
    ],
    "empty.yaml": [],
    "explicit-indentation.yaml": ["Document"],
    "indented.yaml": [DEEP, "Document"],
    "latin-1.yaml": ["SyntaxProblem: found a byte that is not UTF-8", "Document"],
    "long-key.yaml": ["SyntaxProblem: found a key of more than 1,024 characters", "Document"],
    "many-keys.yaml": ["Document"],
    "marks.yaml": ["Document"],
    "merge-bomb.yaml": [BOMB, "Document"],
    "merge-chain.yaml": [DEEP, "Document"],
    "merge-of-itself.yaml": ["SyntaxProblem: found the alias `*a`, whose anchor contains itself", "Document"],
    "nuls.json": ["SyntaxProblem: found the control character U+0000 in a string: write it as an escape"],
    "numbers.json": ["Document"],
    "numbers.yaml": ["Document"],
    "only-comments.yaml": [],
    "second-colon.yaml": [
        "SyntaxProblem: found a second `:` in the line: put a value that holds `: ` in quotes", "Document",
    ],
    "surrogates.json": ["Document"],
    "surrogates.yaml": [
        "SyntaxProblem: found the escape `\\ud83d`, which is no character in YAML: write the character itself",
        "Document",
    ],
    "tabs.yaml": ["SyntaxProblem: found a tab in the indentation, which takes spaces only", "Document"],
    "templates.yaml": ["Go template", "Document"],
    "truncated.yaml": ["SyntaxProblem: found a byte that is not UTF-8"],
    "unclosed.yaml": [
        *[
            f"{UNCLOSED} document",
            "SyntaxProblem: expected a value behind `[`, found the end of the document",
            "SyntaxProblem: expected a value behind `{`, found the end of the document",
        ] * 300,
        f"{UNCLOSED} document",
        "Document",
    ],
    "unicode-breaks.yaml": ["Document"],
    "utf-16.yaml": ["Document"],
    "utf-16-odd.yaml": ["SyntaxProblem: found a byte that is not UTF-16-BE"],
    "utf-32.yaml": ["Document"],
}  # fmt: skip


def fixture(name: str) -> Source:
    return Source.decode(name, (HOSTILE / name).read_bytes())


def test_every_hostile_file_is_listed() -> None:
    assert sorted(FILES) == sorted(path.name for path in HOSTILE.glob("[!.]*"))


@pytest.mark.parametrize("name", FILES)
def test_hostile_files(name: str) -> None:
    assert said(sound(fixture(name))) == FILES[name]


DOUBLING = {
    "by the kubelet": [f"{{name: V{n}, value: '$(V{n - 1})$(V{n - 1})'}}" for n in range(1, 60)],
    "by the shell": [],
}


@pytest.mark.parametrize("how", DOUBLING)
def test_texts_that_double_line_by_line_do_not_fill_the_memory(how: str) -> None:
    script = "V59=abcd; " + "V59=$V59$V59; " * 60 + "curl -o /data/$V59 http://a/$V59; nc -z $V59 80"
    env = ", ".join(["{name: V0, value: abcd}", *DOUBLING[how]])
    command = f"command: [sh, -c, '{'nc -z $(V59) 80; curl $V59' if DOUBLING[how] else script}']"
    init = f"{{name: i, image: 'busybox:1', {command}, env: [{env}]}}"
    spec = f"{{initContainers: [{init}], containers: [{{name: a, image: a}}]}}"
    report = check_text(f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}", path="a.yaml")
    assert "INIT003" not in {one.code for one in report.active}


def test_only_so_much_script_is_followed_in_one_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container_scripts, "_MAX_CHARACTERS", 50)
    inits = ", ".join(f"{{name: i{n}, image: a, command: [sh, -c, 'git clone http://a/b; true']}}" for n in range(3))
    spec = f"{{initContainers: [{inits}], containers: [{{name: a, image: a}}]}}"
    report = check_text(f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}", path="a.yaml")
    assert [one.container for one in report.active if one.code in ("INIT302", "INIT303")] == ["i0"]


# ---- budgets, lowered


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltext, "MAX_NODES", 10)
    monkeypatch.setattr(jsontext, "MAX_NODES", 10)
    monkeypatch.setattr(reading, "MAX_DOCUMENTS", 3)
    monkeypatch.setattr(reading, "MAX_CHARACTERS", 1000)


def outcomes(text: str, path: str = "a.yaml") -> list[Outcome]:
    return sound(Source(path, text))


NODES = "the document has more than 10 nodes"
ALIASES = "the aliases of the document expand to more than 10 nodes"


@pytest.mark.usefixtures("low")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: [1, 2, 3, 4, 5, 6, 7]", None),
        ("kind: [1, 2, 3, 4, 5, 6, 7, 8]", Breach(Span(28, 28), NODES)),
        ("kind: [[], [], [], [], [], [], [], []]", Breach(Span(35, 35), NODES)),
        ("kind:\n" + "-\n" * 8, Breach(Span(21, 21), NODES)),
        ("kind: &a [1, 2]\nb: *a", None),
        ("kind: &a [1, 2, 3]\nbc: [*a]", Breach(Span(24, 26), ALIASES)),
        ("kind: [&a b, *a, *a, *a, *a, *a, *a]", None),
        ("kind: [&a b, *a, *a, *a, *a, *a, *a, *a]", Breach(Span(13, 15), ALIASES)),
        ("kind: &a [1, 2]\nb: &b [*a, *a]", Breach(Span(23, 25), ALIASES)),
        ("kind: &a {b: c}\nd: {<<: *a, e: *a}", Breach(Span(24, 26), ALIASES)),
    ],
)
def test_nodes(text: str, expected: Breach | None) -> None:
    found = outcomes(f"{text}\n---\nkind: after\n")
    assert [outcome for outcome in found if not isinstance(outcome, Document)] == ([expected] if expected else [])
    assert isinstance(found[-1], Document)


@pytest.mark.usefixtures("low")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9]", []),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", [Breach(Span(28, 29), NODES)]),
        ("[[], [], [], [], [], {}, {}, {}, {}, {}]", [Breach(Span(37, 38), NODES)]),
        ("[1, 2, 3]\n[1, 2, 3]\n[1, 2, 3]", [Breach(Span(24, 25), NODES)]),
        ("1 2 3 4", []),
        ("[][][]", []),
        ("[][][][]", [Breach(Span(6, 6), "the file has more than 3 documents")]),
    ],
)
@pytest.mark.parametrize("path", ["a.json", "a.yaml"])
def test_nodes_in_json(text: str, expected: list[Breach], path: str) -> None:
    assert [outcome for outcome in outcomes(text, path) if isinstance(outcome, Breach)] == expected


@pytest.mark.usefixtures("low")
def test_documents_and_characters() -> None:
    assert len(outcomes("--- kind\n" * 3)) == 3
    *documents_read, breach = outcomes("--- kind\n" * 5)
    assert len(documents_read) == 3
    assert breach == Breach(Span(27, 27), "the file has more than 3 documents")
    assert outcomes("kind" * 251) == [Breach(Span(0, 0), "the file is larger than 1,000 characters")]
    assert outcomes("k" * 1000) == []
    assert outcomes("k" * 1001) == [Template(Span(0, 0), "large, and no `kind` in it")]


@pytest.mark.parametrize(
    ("text", "is_too_deep"),
    [
        ("[" * 200 + "kind" + "]" * 200, False),
        ("[" * 201 + "kind" + "]" * 201, True),
        ("kind: &a " + "[" * 150 + "]" * 150 + "\nb: " + "[" * 49 + "*a" + "]" * 49, False),
        ("kind: &a " + "[" * 150 + "]" * 150 + "\nb: " + "[" * 50 + "*a" + "]" * 50, True),
        ("kind: &a " + "[" * 150 + "]" * 150 + "\nb: &b [*a, c]\nc: " + "[" * 49 + "*b" + "]" * 49, True),
        ("kind: &a b\nc: " + "[" * 199 + "*a" + "]" * 199, False),
    ],
)
def test_depth_counts_what_aliases_stand_for(text: str, is_too_deep: bool) -> None:
    problems = [say(outcome) for outcome in outcomes(text) if not isinstance(outcome, Document)]
    assert problems == ([DEEP] if is_too_deep else [])


@pytest.mark.parametrize("path", ["a.json", "a.yaml"])
def test_depth_in_json(path: str) -> None:
    assert say(*outcomes("[" * 200 + "]" * 200, path)) == "Document"
    assert outcomes("[" * 201, path) == [Breach(Span(200, 201), DEEP[8:])]


def test_depth_is_breached_at_the_same_place_however_deep_libyaml_itself_goes() -> None:
    for row in ("[" * 201, "[" * 1500, "[\n" * 1500, "[b, [" * 1500, "- " * 1500, "{b: " * 1500):
        (breach,) = outcomes("# kind\n" + row + "c")
        opened = [place for place, letter in enumerate(row) if letter in "[{-"]
        assert breach == Breach(Span(7 + opened[200], 8 + opened[200]), DEEP[8:])
    assert say(*outcomes("# k\n" + "[" * 1001)) == DEEP


def test_what_is_read_for_its_syntax_alone_keeps_to_the_budgets_where_that_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(yamltext, "_MAX_STEPS", 1)
    monkeypatch.setattr(yamltext, "MAX_NODES", 10)
    for text in ("a: [b, {c: &d e}, *d]\nf: g\n", "[[[[[[[[[]]]]]]]]]\n--- b"):
        assert [outcome for outcome in outcomes(f"# a\n{text}") if not isinstance(outcome, Document)] == []
    assert [say(outcome) for outcome in outcomes("a: [1, 2, 3, 4, 5, 6, 7, 8]")] == [f"Breach: {NODES}"]
    assert [say(outcome) for outcome in outcomes("a: [1, 2")] == [
        "SyntaxProblem: found no closing `]` before the end of the document"
    ]
    monkeypatch.setattr(yamltext, "MAX_DEPTH", 3)
    assert [say(outcome) for outcome in outcomes("a: [[[]]]")] == ["Breach: the document nests deeper than 3 levels"]


# ---- large texts: each takes about a second; in a time that grows with the square of the size, minutes or hours

AFTER = "\n---\nkind: after\n"
LARGE_TEXTS: dict[str, tuple[Callable[[], str], list[str] | None]] = {
    "brackets": (lambda: "kind: " + "[" * LARGE + AFTER, [DEEP, "Document"]),
    "braces without kind": (lambda: "{" * LARGE + AFTER, [DEEP, "Document"]),
    "braces in braces without kind": (lambda: "a: " + "{b: " * 100_000 + AFTER, [DEEP, "Document"]),
    "wide and deep without kind": (lambda: "a: " + "[" * 5000 + "b," * LARGE + AFTER, [DEEP, "Document"]),
    "directives": (lambda: "".join(f"%TAG !a{n}! b\n" for n in range(100_000)) + "--- kind" + AFTER, None),
    "documents": (lambda: "---\n" * LARGE, [TOO_MANY]),
    "broken documents": (
        lambda: "---\n@\n" * 100_000,
        ["SyntaxProblem: found `@`: put a value that begins with `@` in quotes", TOO_MANY],
    ),
    "unclosed documents": (
        lambda: '---\nkind: "b\n' * 49_000,
        [f"{UNCLOSED} document"],
    ),
    "templates": (lambda: "---\nkind: [{{ b\n" * 49_000, ["Go template"]),
    "aliases of a large list": (
        lambda: "kind: &a [" + "b," * 100_000 + "]\nc: [" + "*a," * 100_000 + "]" + AFTER, [BOMB, "Document"],
    ),
    "merges of a large mapping": (
        lambda: "kind: &a {" + "".join(f"k{n}: v," for n in range(1000)) + "}\nl:\n" + "- {<<: [*a, *a]}\n" * 200,
        ["Document"],
    ),
    "one key": (lambda: "k" * LARGE + ": kind" + AFTER, None),
    "one explicit key": (lambda: "? " + "k" * LARGE + "\n: kind" + AFTER, ["Document"]),
    "one line": (lambda: "kind: " + "b " * 5 * LARGE + AFTER, ["Document"]),
    "one block scalar": (lambda: "kind: |9\n" + "          b\n" * 200_000 + AFTER, ["Document"]),
    "blank lines": (lambda: "kind: >\n b" + "\n" * LARGE + AFTER, ["Document"]),
    "blank folds": (lambda: 'kind: "b' + "\n" * 500_000 + '"' + AFTER, ["Document"]),
    "spaces": (lambda: "kind: b" + " " * 5 * LARGE + AFTER, ["Document"]),
    "indentation": (lambda: "kind:\n" + " " * LARGE + "b: c" + AFTER, ["Document"]),
    "digits": (lambda: "kind: " + "1" * LARGE + AFTER, ["Document"]),
    "tags": (lambda: "kind: " + "!" * LARGE + AFTER, None),
    "anchor": (lambda: "kind: &" + "a" * LARGE + " b" + AFTER, ["Document"]),
    "quotes": (lambda: "kind: '" + "''" * 300_000 + "'" + AFTER, ["Document"]),
    "escapes": (lambda: 'kind: "' + "\\x41" * 300_000 + '"' + AFTER, ["Document"]),
    "carriage returns behind a percent sign": (lambda: "%" + "#\r" * 300_000 + "x" + AFTER, None),
    "characters": (lambda: "kind" * 5_000_000, ["Breach: the file is larger than 16,777,216 characters"]),
}  # fmt: skip
LARGE_JSON: dict[str, tuple[Callable[[], str], list[str]]] = {
    "brackets": (lambda: "[" * LARGE, [DEEP]),
    "empty lists": (lambda: "[" + "[]," * 250_000 + "[]]", ["Document"]),
    "values": (lambda: "{}" * LARGE, ["Document", TOO_MANY]),
    "one string": (lambda: '["' + "a" * 10 * LARGE + '"]', ["Document"]),
    "escapes": (lambda: '["' + "\\n" * 300_000 + '"]', ["Document"]),
    "escapes without an end": (lambda: '["kind' + "\\n" * LARGE, [f"{UNCLOSED} line"]),
    "digits": (lambda: "[" + "1" * 10 * LARGE + "]", ["Document"]),
    "spaces": (lambda: '["kind",' + " " * 10 * LARGE,
               ["SyntaxProblem: found no closing `]` before the end of the file"]),
}  # fmt: skip


@large
@pytest.mark.parametrize("name", LARGE_TEXTS)
def test_large_yaml(name: str) -> None:
    make, expected = LARGE_TEXTS[name]
    found = swiftly(Source("a.yaml", make()))
    assert said(found) == expected if expected else isinstance(found[-1], Document)


@large
@pytest.mark.parametrize("name", LARGE_JSON)
def test_large_json(name: str) -> None:
    make, expected = LARGE_JSON[name]
    assert said(swiftly(Source("a.json", make()))) == expected


def swiftly(source: Source) -> list[Outcome]:
    begin = time.process_time()
    found = list(documents(source))
    for outcome in found:
        for node in walk(outcome.root) if isinstance(outcome, Document) else ():
            list(node.items())
            if isinstance(node, Scalar) and len(node.value) > 10:
                node.at(1, 2), node.kind
    assert time.process_time() - begin < 60
    return found


@large
def test_a_million_nodes() -> None:
    assert said(list(documents(Source("a.yaml", "kind: [" + "b," * LARGE + "]" + AFTER)))) == [MANY, "Document"]


# ---- any text


FRAGMENTS = [
    "kind", "a", "b: ", "c:\n", "- ", "-\n", "? ", ": ", "\n", "\n  ", "\n    ", "\r\n", "\r", "\t", " ", "  ", ", ",
    "[", "]", "{", "}", "#", " # d", "'", '"', "''", "\\", "\\n", "\\x41", "\\u00e9", "\\\n", "|", ">", "|2-\n", ">+\n",
    "&x ", "*x", "!", "!!str ", "!e ", "<<: ", "---", "\n---\n", "\n...\n", "%YAML 1.1\n", "%TAG ! e\n", "@", "`", "%",
    "{{", "}}", "{%", "é", "😀", "\u0301", "\x85", "\u2028", "\u2029", "\ufeff", "\0", "\x7f", "\ud800", "\xa0", "\x0c",
    "1", "null", "~", "true",
]  # fmt: skip
yaml_like = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
json_like = st.lists(
    st.sampled_from([*'{}[],:" \n\\a1', '"kind"', "\\u", "\\ud83d", "true", "-1e3", "\ufeff"]), max_size=30
)


@many
@given(yaml_like)
def test_what_looks_like_yaml(text: str) -> None:
    sound(Source("a.yaml", f"# kind\n{text}"))
    sound(Source("a.yaml", text))


@many
@given(json_like.map("".join), st.sampled_from(["a.json", "a.yaml"]))
def test_what_looks_like_json(text: str, path: str) -> None:
    sound(Source(path, "[" + text))
    sound(Source(path, '{"kind": ' + text))


@many
@given(st.text(), st.sampled_from(["a.json", "a.yaml"]))
def test_any_text(text: str, path: str) -> None:
    sound(Source(path, f"kind: {text}"))


@many
@given(st.binary() | yaml_like.map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_any_bytes(data: bytes) -> None:
    sound(Source.decode("a.yaml", data))


def mutations(text: str, chance: random.Random) -> Iterator[str]:
    """The text with something taken out, put in, doubled, indented or cut off."""
    for _ in range(6):
        at, width = chance.randrange(len(text) + 1), chance.randrange(20)
        yield text[:at] + text[at + width :]
        yield text[:at] + "".join(chance.choices(FRAGMENTS, k=3)) + text[at:]
        yield text[:at] + text[at : at + width] * 2 + text[at + width :]
        yield text[:at]


@pytest.mark.parametrize("name", [name for name in FILES if (HOSTILE / name).stat().st_size < 4000])
def test_mutated_hostile_files(name: str) -> None:
    for text in mutations(fixture(name).text, random.Random(name)):
        sound(Source(name, text))


def test_mutated_real_manifests() -> None:
    paths = sorted(path for path in corpus("wild").rglob("*.y*ml") if path.stat().st_size < 3000)
    chance = random.Random(1)
    for path in chance.sample(paths, 60):
        for text in mutations(path.read_text("utf-8"), chance):
            sound(Source("a.yaml", text))


@pytest.mark.parametrize("command", ["[[echo, $(hostname)]]", "[{echo: $(hostname)}]", "[null]", "['']", "[~, $(X)]"])
def test_commands_that_are_no_texts_break_nothing(command: str) -> None:
    init = f"{{name: i, image: 'busybox:1', command: {command}, args: {command}}}"
    spec = f"{{initContainers: [{init}], containers: [{{name: a, image: a}}]}}"
    report = check_text(f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}", path="a.yaml")
    assert report.active
    assert "INIT003" not in {one.code for one in report.active}
