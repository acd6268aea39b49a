"""From text to trees: spans, scalars, merge keys, documents; and what is said of texts that are broken."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from initlint.text import jsontext, yamltext
from initlint.text.deferred import Deferred, header
from initlint.text.documents import Template, documents
from initlint.text.scalarkind import ScalarKind, resolve
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import (
    Breach,
    Document,
    Mapping,
    Missing,
    Node,
    Scalar,
    Sequence,
    SyntaxProblem,
    TextError,
    is_merge,
    walk,
)


def read(text: str, path: str = "a.yaml") -> Document:
    (document,) = documents(Source(path, text))
    assert isinstance(document, Document), document
    return document


def spans(text: str, path: str = "a.yaml") -> list[str]:
    """Each node's kind and characters: `{}` mapping, `[]` sequence."""
    names = ((Mapping, "{}"), (Sequence, "[]"), (Scalar, ""))
    named = [
        (next(name for kind, name in names if isinstance(node, kind)), node) for node in walk(read(text, path).root)
    ]
    return [f"{name}{text[node.start : node.end]}" for name, node in named]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: a", ["{}kind: a", "kind", "a"]),
        ("kind: a # b\n\n# c\n", ["{}kind: a", "kind", "a"]),
        ("kind: &x a\nb: *x", ["{}kind: &x a\nb: *x", "kind", "a", "b"]),
        ("kind: !!str 1", ["{}kind: !!str 1", "kind", "1"]),
        ("kind: !custom 'a'", ["{}kind: !custom 'a'", "kind", "'a'"]),
        ("kind: !<tag:x,1:y> &x 'a'", ["{}kind: !<tag:x,1:y> &x 'a'", "kind", "'a'"]),
        ("kind: &x # b\n  # c & d\n  a", ["{}kind: &x # b\n  # c & d\n  a", "kind", "a"]),
        ("kind: &x !t\n  |\n   a\n\n", ["{}kind: &x !t\n  |\n   a", "kind", "|\n   a"]),
        ("kind: &x\n  a: 1\n  b: 2\nc: 3", None),
        ("kind: &x\nb: 1", ["{}kind: &x\nb: 1", "kind", "", "b", "1"]),
        ("&x kind: a", ["{}&x kind: a", "kind", "a"]),
        ("&x\nkind: a", ["{}kind: a", "kind", "a"]),
        ("!!map # b\nkind: a", ["{}kind: a", "kind", "a"]),
        ("--- !!map &x\n# b\nkind: a\n", ["{}kind: a", "kind", "a"]),
        ("kind: &x {a: 1} # b", ["{}kind: &x {a: 1}", "kind", "{}{a: 1}", "a", "1"]),
        ("kind: !t &x [ a ]", ["{}kind: !t &x [ a ]", "kind", "[][ a ]", "a"]),
        ("kind: &x\n- a\n- b\n", ["{}kind: &x\n- a\n- b", "kind", "[]- a\n- b", "a", "b"]),
        ("kind: &x\n  - a\n", ["{}kind: &x\n  - a", "kind", "[]- a", "a"]),
        ("kind: !!seq\n  # b\n  - - a\n", ["{}kind: !!seq\n  # b\n  - - a", "kind", "[]- - a", "[]- a", "a"]),
        ("kind:\nb:", ["{}kind:\nb:", "kind", "", "b", ""]),
        ("kind:   # b\n\n\n", ["{}kind:", "kind", ""]),
        ("- kind\n-\n- # b\n- c\n", ["[]- kind\n-\n- # b\n- c", "kind", "", "", "c"]),
        ("? kind\n# b:\n? c\n\n# d\n", ["{}? kind\n# b:\n? c", "kind", "", "c", ""]),
        ("? kind\n:\n  # b\nc: d", ["{}? kind\n:\n  # b\nc: d", "kind", "", "c", "d"]),
        ("? [kind]\n: - a\n", ["{}? [kind]\n: - a", "[][kind]", "kind", "[]- a", "a"]),
        ("? - kind\n  - a\n: {b: c}\n", None),
        ("?\n  kind: a\n: b", ["{}?\n  kind: a\n: b", "{}kind: a", "kind", "a", "b"]),
        ("{kind: a, b, c: , 'd':e}", ["{}{kind: a, b, c: , 'd':e}", "kind", "a", "b", "", "c", "", "'d'", "e"]),
        ("{kind : a, ? b : c, ? d}", ["{}{kind : a, ? b : c, ? d}", "kind", "a", "b", "c", "d", ""]),
        ("{kind\n\n# b\n, c}", ["{}{kind\n\n# b\n, c}", "kind", "", "c", ""]),
        ("[kind: a , b: [c: d ] ]", None),
        ("[&x kind: *x, ? a : b ,]", ["[][&x kind: *x, ? a : b ,]", "{}&x kind: *x", "kind", "{}? a : b", "a", "b"]),
        ("~: kind\nnull: a", ["{}~: kind\nnull: a", "~", "kind", "null", "a"]),
        ("{: kind}", None),
        ("kind: |2\n   a\n  b\n\n\nc: d", ["{}kind: |2\n   a\n  b\n\n\nc: d", "kind", "|2\n   a\n  b", "c", "d"]),
        ("kind: >-\n a\n\n# b\n", ["{}kind: >-\n a", "kind", ">-\n a"]),
        ("- - kind\n  -\n    - a\n- b\n", None),
        ("--- kind\n", ["kind"]),
        ("--- 'kind'\n...\n", ["'kind'"]),
        ("--- |\n kind\n", ["|\n kind"]),
        ("--- {kind: a} # b\n", ["{}{kind: a}", "kind", "a"]),
        ("%YAML 1.1\n%TAG !e! tag:e,1:\n--- # c\nkind: !e!x a\n", ["{}kind: !e!x a", "kind", "a"]),
        ("# a\n# b\n\nkind: a", ["{}kind: a", "kind", "a"]),
        ("kind: a\r\nb:\r\n  - c\r\n", ["{}kind: a\r\nb:\r\n  - c", "kind", "a", "b", "[]- c", "c"]),
        ("kind: 😀\nb: é", ["{}kind: 😀\nb: é", "kind", "😀", "b", "é"]),
    ],
)
def test_spans(text: str, expected: list[str] | None) -> None:
    if expected is None:
        (outcome,) = documents(Source("a.yaml", text))
        assert isinstance(outcome, Document | SyntaxProblem)
        check_nesting(outcome)
    else:
        assert spans(text) == expected
        check_nesting(read(text))


def check_nesting(document: Document | SyntaxProblem) -> None:
    """What is written in a collection lies within it; what an alias stands for may lie elsewhere."""
    if isinstance(document, SyntaxProblem):
        return
    used = {id(alias.target) for alias in document.aliases}
    for node in walk(document.root):
        assert 0 <= node.start <= node.end <= len(node.source.text)
        for child in children(node):
            assert id(child) in used or node.span.contains(child.span), (node.span, child.span)


def children(node: Node) -> list[Node]:
    return [part for pair in node.entries for part in pair] if isinstance(node, Mapping) else list(node)


def test_spans_of_nested_collections() -> None:
    text = "kind:\n- &x\n  a: 1\n  b:\n  - c # d\n\n- [e, {f: g}]\nh: *x\n"
    assert spans(text) == [
        "{}kind:\n- &x\n  a: 1\n  b:\n  - c # d\n\n- [e, {f: g}]\nh: *x", "kind",
        "[]- &x\n  a: 1\n  b:\n  - c # d\n\n- [e, {f: g}]",
        "{}a: 1\n  b:\n  - c", "a", "1", "b", "[]- c", "c",
        "[][e, {f: g}]", "e", "{}{f: g}", "f", "g", "h",
    ]  # fmt: skip


def test_aliases_are_the_node_itself_and_know_where_they_stand() -> None:
    text = "kind: &x {a: b}\nl:\n  - *x\n  - &x c\nm: {*x : *x}\n"
    document = read(text)
    root = document.root
    assert next(iter(root["l"])) is root["kind"]
    assert [text[alias.span.start : alias.span.end] for alias in document.aliases] == ["*x"] * 3
    assert document.aliases[0].target is root["kind"]
    assert document.aliases[1].target.value == "c"
    assert text[root["l"].start : root["l"].end] == "- *x\n  - &x c"


# Each as go-yaml's resolver has it: goyaml.v2/resolve.go of sigs.k8s.io/yaml.
KINDS = {
    ScalarKind.NULL: ["", "~", "null", "Null", "NULL"],
    ScalarKind.BOOLEAN: [
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON",
        "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF",
    ],
    ScalarKind.INTEGER: [
        "0", "-0", "+1", "12", "1_000", "1__0_", "-_1", "017", "0_7", "00", "-017", "0o17", "0O17", "+0o17", "0x1F",
        "0Xff", "-0x1f", "0x_1_f", "0b101", "0B1", "-0b1", "0b_1", "18446744073709551615", "-9223372036854775808",
        "+9223372036854775807", "0xFFFFFFFFFFFFFFFFFFFF", "0o7777777777777777777777777", "0b" + "1" * 70,
    ],
    ScalarKind.NUMBER: [
        "1.5", "1.", ".5", "-.5", "+.5", "1e3", "1E3", "1e+3", "1.5e-3", "0e3", "08", "0_9", "1_0.5", "1_.5", "1e_3",
        ".inf", ".Inf", ".INF", "+.inf", "-.INF", ".nan", ".NaN", ".NAN", "18446744073709551616",
        "-9223372036854775809", "+9223372036854775808", "0777777777777777777777777", "1" * 400 + "e-400",
        "0" * 400 + "8",
    ],
    ScalarKind.STRING: [
        "a", "yEs", "nULL", "tRUE", "+", "-", ".", "..", "...", "+_", "_1", "1:30", "190:20:30", "2001-01-01",
        "2001-12-14t21:59:43.10-05:00", "0x", "0b", "0o", "0b2", "0o8", "0xg", "1e", "1e+", ".e3", "1.2.3", "10Gi",
        "100m", "1,000", "-.nan", "+.nan", ".infinity", "inf", "nan", "NaN", ".1_5", "1e400", "-1" + "0" * 400,
        "-0x8000000000000001", "+0xFFFFFFFFFFFFFFFF", "-0b" + "1" * 65, "<<", "=", "0x1p3", "\u0661", "1\u00a0",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_plain_scalars_resolve_as_in_kubernetes(kind: ScalarKind, text: str) -> None:
    assert resolve(text) is kind
    if text != "-":  # which begins a list
        node = read(f"kind: x\na: {text}\n").root["a"]
        assert isinstance(node, Scalar)
        assert (node.value, node.kind, bool(node)) == (text, kind, kind is not ScalarKind.NULL)


@pytest.mark.parametrize(
    ("text", "kind", "truth"),
    [
        ("'1'", ScalarKind.STRING, None),
        ('"true"', ScalarKind.STRING, None),
        ("|\n  1", ScalarKind.STRING, None),
        (">-\n  null", ScalarKind.STRING, None),
        ("!!str 1", ScalarKind.STRING, None),
        ("!!str", ScalarKind.STRING, None),
        ("!custom 1", ScalarKind.STRING, None),
        ("!!timestamp 2001-01-01", ScalarKind.STRING, None),
        ("!!binary aGk=", ScalarKind.STRING, None),
        ("!!int '1'", ScalarKind.INTEGER, None),
        ("!!float 1", ScalarKind.NUMBER, None),
        ("!!null ''", ScalarKind.NULL, None),
        ("!!bool 'yes'", ScalarKind.BOOLEAN, True),
        ("!!bool x", ScalarKind.BOOLEAN, None),
        ("! '1'", ScalarKind.INTEGER, None),
        ("! off", ScalarKind.BOOLEAN, False),
        ("on", ScalarKind.BOOLEAN, True),
        ("'on'", ScalarKind.STRING, None),
    ],
)
def test_quotes_and_tags_decide_the_kind(text: str, kind: ScalarKind, truth: bool | None) -> None:
    node = read(f"kind: x\na: {text}\n").root["a"]
    assert isinstance(node, Scalar)
    assert (node.kind, node.truth) == (kind, truth)


@pytest.mark.parametrize(
    ("text", "kind"),
    [('"1"', ScalarKind.STRING), ("1", ScalarKind.INTEGER), ("-1.5e3", ScalarKind.NUMBER), ("null", ScalarKind.NULL)],
)
def test_kinds_in_json(text: str, kind: ScalarKind) -> None:
    (node,) = read(f"[{text}]", "a.json").root
    assert isinstance(node, Scalar)
    assert node.kind is kind


MERGES = """\
kind: x
a: &a {k: a, l: a}
b: &b {k: b, m: b}
c: &c {<<: *a, l: c}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{<<: *a}", {"k": "a", "l": "a"}),
        ("{<<: *a, k: own}", {"k": "own", "l": "a"}),
        ("{k: own, <<: *a, z: own}", {"k": "own", "z": "own", "l": "a"}),
        ("{<<: [*a, *b]}", {"k": "a", "l": "a", "m": "b"}),
        ("{<<: [*b, *a], m: own}", {"m": "own", "k": "b", "l": "a"}),
        ("{<<: {k: inline}}", {"k": "inline"}),
        ("{<<: [{k: inline}, *a]}", {"k": "inline", "l": "a"}),
        ("{<<: *c}", {"l": "c", "k": "a"}),
        ("{<<: [*c, *b]}", {"l": "c", "k": "a", "m": "b"}),
        ("{<<: *a, <<: *b}", {"k": "b", "m": "b", "l": "a"}),
        ("{!!merge '<<': *a}", {"k": "a", "l": "a"}),
        ("{! '<<': *a}", {"k": "a", "l": "a"}),
        ("{'<<': *a}", {"<<": ""}),
        ("{!!str <<: *a}", {"<<": ""}),
        ("{<<: nothing, k: own}", {"k": "own"}),
        ("{<<: [nothing], k: own}", {"k": "own"}),
        ("{k: first, k: last}", {"k": "last"}),
        ("{[k]: complex, l: own}", {"l": "own"}),
        ("{*a : alias, l: own}", {"l": "own"}),
    ],
)
def test_merge_keys(text: str, expected: dict[str, str]) -> None:
    node = read(f"{MERGES}d: {text}\n").root["d"]
    assert [(key.value, value.value) for key, value in node.items()] == list(expected.items())
    for name, value in expected.items():
        assert (node.key(name).value, node[name].value) == (name, value)


def test_what_comes_from_a_merge_key_stands_where_it_is_written() -> None:
    root = read(MERGES).root
    assert root["c"]["k"] is root["a"]["k"]
    assert root["c"].key("k") is root["a"].key("k")
    assert isinstance(root["c"], Mapping)
    assert [is_merge(key) for key, _ in root["c"].entries] == [True, False]
    assert not is_merge(Sequence(root.source, 0, 0, []))


def test_a_merge_key_is_nothing_special_in_json() -> None:
    root = read('{"<<": {"k": 1}}', "a.json").root
    assert [key.value for key, _ in root.items()] == ["<<"]


def test_what_is_absent_is_missing_at_its_nearest_ancestor() -> None:
    root = read("kind: Pod\nspec: {a: [b], n: null}\n").root
    for absent in (root["x"], root["x"]["y"], root["kind"]["x"], root["kind"].key("x"), root.key("x")):
        assert isinstance(absent, Missing)
        assert not absent
        assert (list(absent), list(absent.items()), absent.value) == ([], [], "")
    assert root["spec"]["x"].span == root["spec"]["x"]["y"].span == root["spec"].span
    assert root["kind"]["x"].span == root["kind"].span
    assert (str(root["kind"]), str(root["x"])) == ("Pod", "")
    items = root["spec"]["a"]
    assert isinstance(items, Sequence)
    assert (len(items), bool(items), bool(root["spec"]["n"])) == (1, True, False)
    assert not [*items["b"], *items.items()]


def test_the_content_of_a_scalar_is_without_its_quotes() -> None:
    text = "kind: 'ab'\nb: ab\nc: \"ab\"\nd: |\n  ab\n"
    contents = [node.content for _, node in read(text).root.items() if isinstance(node, Scalar)]
    assert [text[span.start : span.end] for span in contents] == ["ab", "ab", "ab", "|\n  ab"]


# ---- documents


def outline(text: str, path: str = "a.yaml") -> list[str]:
    """What each document of a text is."""
    shown = []
    for outcome in documents(Source(path, text)):
        match outcome:
            case Document(root):
                shown.append(text[root.start : root.end])
            case Template(span, reason):
                shown.append(f"{reason} at {span.start}")
            case SyntaxProblem() | Breach():
                shown.append(f"{type(outcome).__name__} at {outcome.span.start}")
    return shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n  \r\n", []),
        ("\t\n", ["SyntaxProblem at 0"]),
        ("# kind\n", []),
        ("---\n", []),
        ("--- # kind\n---\n...\n", [""]),
        ("a: no kin\n", []),
        ("kind: a\n---\nkind: b\n", ["kind: a", "kind: b"]),
        ("--- kind\n--- >\n kind b\n---\tkind\n", ["kind", ">\n kind b", "kind"]),
        ("kind: a\n--- \nkind: b\n---", ["kind: a", "kind: b"]),
        ("kind: a\n...\nkind: b\n...\n...\n# c\n...\n", ["kind: a", "kind: b"]),
        ("...\nkind: a\n", ["kind: a"]),
        ("kind: a\n... # c\n%YAML 1.1\n---\nkind: b\n", ["kind: a", "kind: b"]),
        ("%YAML 1.1\n# c\n\n%TAG ! x\n---\nkind: a\n---\nkind: b\n", ["kind: a", "kind: b"]),
        ("# c\n---\nkind: a\n", ["kind: a"]),
        ("kind: |\n  ---\n  a\n---\nkind: b", ["kind: |\n  ---\n  a", "kind: b"]),
        ("kind: |\n a\n--- |\n kind", ["kind: |\n a", "|\n kind"]),
        ("kind: '\n ---\n'\n", ["kind: '\n ---\n'"]),
        ("kind: '\n---\n'\n", ["SyntaxProblem at 6", "SyntaxProblem at 12"]),
        ("kind: ---\na: --- b\n---x: y\n", ["kind: ---\na: --- b\n---x: y"]),
        ("kind: ----BEGIN\n-----BEGIN: a\n", ["kind: ----BEGIN\n-----BEGIN: a"]),
        ("kind: a\r---\rkind: @\r---\rkind: c\r", ["kind: a", "SyntaxProblem at 18", "kind: c"]),
        ("kind: a\r\n---\r\nkind: @\r\n---\r\nkind: c\r\n", ["kind: a", "SyntaxProblem at 20", "kind: c"]),
        ("kind: a\x85---\x85kind: b\u2028---\u2029kind: c", ["kind: a", "kind: b", "kind: c"]),
        (
            "kind: [\n---\nkind: a\n---\n}\n---\nkind: b\n",
            ["SyntaxProblem at 6", "kind: a", "SyntaxProblem at 24", "kind: b"],
        ),
        ("kind: a\n\tb: c\n...\nkind: d\n", ["SyntaxProblem at 8", "kind: d"]),
        ("kind: a\n---\nb: [\n", ["kind: a", "SyntaxProblem at 15"]),
        ("kind: CustomResourceDefinition\na: *undefined\n", ["SyntaxProblem at 34"]),
        ("kind: CustomResourceDefinition\na: [\n", ["SyntaxProblem at 34"]),
        ("patches: [a]\n", ["patches: [a]"]),
    ],
)
def test_documents(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: {{ .a }}\n", ["Go template at 0"]),
        ("kind: {{ .a }}-b\n", ["Go template at 0"]),
        ("kind: a{{ .a }}\n", ["Go template at 0"]),
        ("kind: a\n{{- if .b }}\nc: d\n{{- end }}\n", ["Go template at 0"]),
        ("kind: a\n{{ .b }}: c\n", ["Go template at 0"]),
        ("kind: a\n---\nkind: b\nl:\n- {{ .c }}\n---\nkind: c\n", ["kind: a", "Go template at 8", "kind: c"]),
        ("{{- if .a }}\nkind: a\n{{- end }}\n", ["Go template at 0"]),
        ("kind: a\n{% if b %}\nc: d\n", ["Jinja template at 0"]),
        ("kind: 'a{{ .b }}'\n", ["kind: 'a{{ .b }}'"]),
        ('kind: "{{ .b }}" # {{ c }}\n', ['kind: "{{ .b }}"']),
        ("kind: |\n  {{ .b }}\n", ["kind: |\n  {{ .b }}"]),
        ("kind: >\n  {{ .b }}\n", ["kind: >\n  {{ .b }}"]),
        ("kind: a {%b%}\n", ["kind: a {%b%}"]),
        ("kind: {a: {b: c}}\n", ["kind: {a: {b: c}}"]),
        ("a: {{ .b }}\n", []),
        ("# {{ a }}\nkind: [\n", ["Go template at 0"]),
        ("{ {{ .a }}: kind\n", ["Go template at 0"]),
    ],
)
def test_templates(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


# ---- what is said of mistakes: the marked text is the place

NO_COLON = ": give it one, or indent it as far as the text that it is part of"
ABOVE = "found `b:` within the value of the line above: indent it less, or give the line above the `:` that it lacks"
MISTAKES = [
    ("kind: Pod\n«spec»\n  a: 1\n", "expected `key: value`, found `spec` without a `:`" + NO_COLON),
    ("kind: Pod\n«stray text»\na: 1\n", "expected `key: value`, found `stray text` without a `:`" + NO_COLON),
    ("kind: Pod\na: 1\n«stray»\n", "expected `key: value`, found `stray` without a `:`" + NO_COLON),
    ('kind: Pod\n«"a" 1»\nb: 2\n', 'expected `key: value`, found `"a" 1` without a `:`' + NO_COLON),
    ("kind: Pod\n«----»\na: 1\n", "expected `key: value`, found `----` without a `:`" + NO_COLON),
    ("kind: Pod\n«a:1»\nb: 2\n", "expected a space behind the `:` of the key, found `a:1`"),
    ("kind: Pod\na: {«b:{»c: 1}}\n", "expected a space behind the `:` of the key, found `b:{`"),
    ("kind: Pod\na: {x: 1, «b.io/c:[»1]}\n", "expected a space behind the `:` of the key, found `b.io/c:[`"),
    ("kind: Pod\n«-a»\nb: 2\n", "expected a space behind the `-`, found `-a`"),
    ("kind: Pod\n«a:\xa01»\n", "expected `key: value`, found a no-break space (U+00A0) in `a:\xa01`"),
    ("kind: Pod\n«<<<<<<< HEAD»\na: 1\n", "found a conflict marker of git"),
    ("kind: Pod\n«a»" + "a" * 1024 + ": 1\n", "found a key of more than 1,024 characters"),
    ("a" * 1025 + "«:» kind\n", "found a key of more than 1,024 characters"),
    (
        "kind: Pod\nspec:\n  containers\n  - «name:» a\n",
        ABOVE.replace("`b:`", "`name:`"),
    ),
    ("kind: Pod\nspec:\n  a: 1\n   «b:» 2\n", ABOVE),
    (
        "kind: Pod\nl:\n  - «name:a»\n    image: b\n",
        "expected a space behind the `:` of the key, found `name:a`",
    ),
    ("kind: Pod\nl:\n  - a:1\n      «b:» 2\n", ABOVE),
    ("kind: Pod\nl:\n  - http://a\n    «b:» 2\n", ABOVE),
    ("kind: Pod\nl:\n  «-name:» a\n\n   image: b\n", "expected a space behind the `-`, found `-name:`"),
    (
        "kind: Pod\nspec:\n  a: 1\n«\xa0» b: 2\n  c: 3\n",
        "expected spaces in the indentation, found a no-break space (U+00A0)",
    ),
    (
        'kind: Pod\na: «"»b\nc: "d"\n',
        'found a `"` that is closed only in line 3, in front of `d"`: close it where its value ends',
    ),
    (
        'kind: Pod\na: "b\\"" «c»\n',
        'expected the end of the value behind its closing `"`, found `c`: write a `"` within the value as `\\"`',
    ),
    ("kind: Pod\na: [b]«]»\n", "expected the end of the value behind `]`, found `]`: leave it out, it closes nothing"),
    ('kind: Pod\na: ["b "«c"»]\n', 'expected `,` or `]`, found `c"`: write a `"` within a value as `\\"`'),
    ("kind: Pod\na: |\n  b\n«>>>>>>> c»\n", "found a conflict marker of git"),
    ("kind: Pod\n--- «a:» 1\n", "found `a:` in the line of `---`: begin it in the next line"),
    ("kind: Pod\na: b«:» c\n", "found a second `:` in the line: put a value that holds `: ` in quotes"),
    ("kind: Pod\nimage: a:b«:» c\n", "found a second `:` in the line: put a value that holds `: ` in quotes"),
    ("kind: Pod\na: «-» b\n", "found `-` where no list can begin: begin the list in the next line"),
    ("kind: Pod\na: «?» b\n", "found `?` where no key can begin: put a value that begins with `? ` in quotes"),
    (
        "kind: Pod\nl:\n    - name: a\n   «-» name: b\n",
        "found `-` at an indentation that nothing around it has",
    ),
    (
        "kind: Pod\nl:\n    - name: a\n     «image:» b\n",
        "found `image:` at an indentation that nothing around it has",
    ),
    ("kind: Pod\nspec:\n    a: 1\n  «b:» 2\n", "found `b:` at an indentation that nothing around it has"),
    ("kind: |\n   a\n  «b»\n", "found `b` at an indentation that nothing around it has"),
    ("a: 1\nkind: Pod\n«-» b\n", "expected a `key:` of the mapping that begins in line 1, found `-`"),
    ("kind:\n  - a\n  «b:» c\n", "expected a `- ` of the list that begins in line 2, found `b:`"),
    (
        "kind: Pod\na: 'it'«s'»\n",
        "expected the end of the value behind its closing `'`, found `s'`: write a `'` within the value as `''`",
    ),
    (
        'kind: Pod\na: "b" «c»\n',
        'expected the end of the value behind its closing `"`, found `c`: write a `"` within the value as `\\"`',
    ),
    (
        "kind: Pod\na: {b}«/c»\n",
        "expected the end of the value behind `}`, found `/c`: put a value that begins with a bracket in quotes",
    ),
    ("kind: Pod\na: [1, 2\nb«:» 3\n", "expected `,` or `]` of the `[` in line 2, found `:`"),
    ("kind: Pod\na: {x: 1\nb«:» 3\n", "expected `,` or `}` of the `{` in line 2, found `:`"),
    ("kind: Pod\na: [1, 2«}»\n", "expected `,` or `]`, found `}`"),
    ('kind: Pod\na: ["b" «"c"»]\n', 'expected `,` or `]`, found `"c"`'),
    ("kind: Pod\na: «[»b, c\n", "found no closing `]` before the end of the document"),
    ("kind: Pod\na: «{»b: [c]\n", "found no closing `}` before the end of the document"),
    ("kind: Pod\na: [b«,»\n\n", "expected a value behind `,`, found the end of the document"),
    ("kind: Pod\na: [b,«,» c]\n", "expected a value, found `,`"),
    ("kind: Pod\na: «}»\n", "expected a value, found `}`"),
    ('kind: Pod\na: «"»b\nc: 1\n', "found no closing quote before the end of the document"),
    ("kind: Pod\na: «'»b\nc: 1\n", "found no closing quote before the end of the document"),
    ("kind: Pod\na: «%b»\n", "found `%b`: put a value that begins with `%` in quotes"),
    ("kind: Pod\na: «@b»\n", "found `@b`: put a value that begins with `@` in quotes"),
    ("kind: Pod\na: «`b`»\n", "found ``b``: put a value that begins with ``` in quotes"),
    ("kind: Pod\na: «*b»\n", "found the alias `*b`, whose anchor is not defined before"),
    ("kind: Pod\na: «*.b»\n", "expected the name of an alias, found `*.b`: put a value that is none in quotes"),
    ("kind: Pod\na: «&» b\n", "expected the name of an anchor, found `&`: put a value that is none in quotes"),
    ("kind: Pod\na: &b [«*b»]\n", "found the alias `*b`, whose anchor contains itself"),
    ("kind: Pod\na: &b 1\nc: &b {d: «*b»}\n", "found the alias `*b`, whose anchor contains itself"),
    (
        "kind: Pod\na: «!b!c» d\n",
        "found `!b!c`, which is no tag that is known: put a value that begins with `!` in quotes",
    ),
    (
        "kind: Pod\na: «!<b» c\n",
        "found `!<b`, which is no tag that is known: put a value that begins with `!` in quotes",
    ),
    (
        'kind: Pod\na: "«\\d»+"\n',
        "found the escape `\\d`, which does not exist: double the backslash, or use single quotes",
    ),
    (
        'kind: Pod\na: "«\\x4"»\n',
        'found the escape `\\x4"`, which does not exist: double the backslash, or use single quotes',
    ),
    (
        'kind: "«\\ud83d»"\n',
        "found the escape `\\ud83d`, which is no character in YAML: write the character itself",
    ),
    (
        "kind: |«a»\n b\n",
        "expected the end of the line behind the `|` or `>`, found `a`: begin the text in the next line",
    ),
    (
        "kind: |«0»\n b\n",
        "expected the end of the line behind the `|` or `>`, found `0`: begin the text in the next line",
    ),
    ("kind: Pod\n«\t»a: 1\n", "found a tab in the indentation, which takes spaces only"),
    ("kind: Pod\na: b\n« \t»c: d\n", "found a tab in the indentation, which takes spaces only"),
    ("kind:\n- «\t»- a\n", "found a tab in the indentation, which takes spaces only"),
    ("kind: a\u2028«\t»b: c\n", "found a tab in the indentation, which takes spaces only"),
    ("kind: |\n«\t»a\n", "found a tab in the indentation, which takes spaces only"),
    ("«%kind»\n", "expected `%YAML 1.1` or a `%TAG` with handle and prefix, found `%kind`"),
    ("«%YAML 2.0»\n---\nkind: a\n", "expected `%YAML 1.1` or a `%TAG` with handle and prefix, found `%YAML 2.0`"),
    ("«%TAG kind»\n---\na: b\n", "expected `%YAML 1.1` or a `%TAG` with handle and prefix, found `%TAG kind`"),
    ("%YAML 1.1\n«%YAML» 1.1\n---\nkind: a\n", "found duplicate %YAML directive"),
    ("%YAML 1.1\n«kind:» a\n", "expected `---` or the end of the document, found `kind:`"),
    ("«%YAML 1.1»\n", "expected `---` and a document behind `%YAML 1.1`"),
    ("kind: «\0»\n", "found a control character (U+0000)"),
    ("kind: a«\x1b»[1m\n", "found a control character (U+001B)"),
    ("kind: «\ufeff»a\n", "found a byte order mark within the text (U+FEFF)"),
    ("«\ud800»kind\n", "found a control character (U+D800)"),
    ("kind: Pod\na: «%" + "b" * 60 + "»\n", "found `%" + "b" * 39 + "…`: put a value that begins with `%` in quotes"),
]
JSON_MISTAKES = [
    ('{"a": 1 «"»b": 2}', 'expected `,` or `}`, found `"`'),
    ("[1 «2»]", "expected `,` or `]`, found `2`"),
    ("[1«}»", "expected `,` or `]`, found `}`"),
    ('{"a": 1, «}»', "expected a key in double quotes, found `}`: leave out the comma behind the last entry"),
    ("[1,\n«]»", "expected a value, found `]`: leave out the comma behind the last entry"),
    ("{«'»a': 1}", "expected a key in double quotes, found `'`: write double quotes, JSON has no others"),
    ("{«a»: 1}", "expected a key in double quotes, found `a`"),
    ('{"a" «1»}', "expected `:` after the key, found `1`"),
    ('{"a": «}»', "expected a value, found `}`"),
    ('{"a": «/»/ b\n1}', "expected a value, found `/`: leave the comment out, JSON has none"),
    ('{"a": 1}\n«#» b', "expected the end of the file, found `#`: leave the comment out, JSON has none"),
    ('{"a": 1}«]»', "expected the end of the file, found `]`"),
    ('[«NaN»]', "expected a value, found `NaN`"),
    ('[«-Infinity»]', "expected a value, found `-Infinity`"),
    ('[«True»]', "expected a value, found `True`: write `true`"),
    ('[«nulll»]', "expected a value, found `nulll`"),
    ('[«01»]', "expected a value, found `01`"),
    ('[«1.»]', "expected a value, found `1.`"),
    ('[«-»]', "expected a value, found `-`"),
    ('[«0x10»]', "expected a value, found `0x10`"),
    ('[«“»a”]', "expected a value, found `“`"),
    ('[«\0»]', "expected a value, found the control character U+0000"),
    ('{"a": «[»1, ', "found no closing `]` before the end of the file"),
    ('«{»"a"', "found no closing `}` before the end of the file"),
    ('["a", «"»b', "found no closing quote before the end of the line"),
    ('[«"»a\n"]', "found no closing quote before the end of the line"),
    ('["a«\\q»"]', "found the escape `\\q`, which does not exist: double the backslash"),
    ('["«\\u12»"]', "found the escape `\\u12`, which does not exist: double the backslash"),
    ('["«\\»', "found the escape `\\`, which does not exist: double the backslash"),
    ('["a«\t»b"]', "found the control character U+0009 in a string: write it as an escape"),
    ("[«" + "a" * 60 + "»]", "expected a value, found `" + "a" * 40 + "…`"),
    ("[[] «{»}]", "expected `,` or `]`, found `{`"),
]  # fmt: skip


def marked(text: str) -> tuple[str, Span]:
    start, end = text.index("«"), text.index("»") - 1
    return text.replace("«", "").replace("»", ""), Span(start, end)


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[repr(text)[:40] for text, _ in MISTAKES])
def test_mistakes_in_yaml(text: str, message: str) -> None:
    text, span = marked(text)
    problem = list(documents(Source("a.yaml", text)))[-1]
    assert isinstance(problem, SyntaxProblem)
    assert (problem.span, problem.message) == (span, message)


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[repr(text)[:40] for text, _ in MISTAKES])
def test_a_mistake_in_yaml_concerns_one_document(text: str, message: str) -> None:
    text, span = marked(text)
    before = "kind: first\n...\n"
    first, *broken, last = documents(Source("a.yaml", f"{before}{text}\n...\n---\nkind: last\n"))
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.root["kind"].value, last.root["kind"].value) == ("first", "last")
    problems = [outcome for outcome in broken if isinstance(outcome, SyntaxProblem)]
    assert [problem.span.start for problem in problems] == [span.start + len(before)]


def test_lines_in_messages_are_those_of_the_file() -> None:
    problem = list(documents(Source("a.yaml", "kind: a\n---\nkind: b\n- c\n")))[-1]
    assert problem == SyntaxProblem(Span(20, 21), "expected a `key:` of the mapping that begins in line 3, found `-`")


@pytest.mark.parametrize(("text", "message"), JSON_MISTAKES, ids=[repr(text)[:40] for text, _ in JSON_MISTAKES])
def test_mistakes_in_json(text: str, message: str) -> None:
    text, span = marked(text)
    with pytest.raises(TextError) as caught:
        list(jsontext.read(Source("a.json", text), Span(0, len(text))))
    assert (caught.value.problem.span, caught.value.problem.message) == (span, message)
    before = '{"kind": "Pod"} '
    *read, problem = documents(Source("a.json", before + text))
    shift = len(before)
    if problem.span.start > shift:
        assert isinstance(problem, SyntaxProblem)
        assert (problem.span, problem.message) == (Span(span.start + shift, span.end + shift), message)
        assert all(isinstance(document, Document) for document in read)


@pytest.mark.parametrize("mark", ["---\n\ufeff", "--- \r\n\ufeff", "--- # x\n\ufeff"])
def test_a_byte_order_mark_begins_a_document_that_is_split_off(mark: str) -> None:
    text = f"kind: a\n{mark}kind: b\nx: y\n"
    _, document = documents(Source("a.yaml", text))
    assert isinstance(document, Document)
    assert document.root["kind"].span == Span(text.index("b\n"), text.index("b\n") + 1)
    assert document.root["x"].value == "y"


def test_a_byte_order_mark_before_the_line_that_begins_a_document_hides_it() -> None:
    assert [type(one) for one in documents(Source("a.yaml", "kind: a\n\ufeff---\nkind: b\n"))] == [SyntaxProblem]


def test_a_json_file_of_an_editor_is_no_manifest() -> None:
    for text in ('{\n  // strict\n  "strict": true,\n}', '/* a */ {"a": 1, // b\n}', "[1, 2"):
        assert not list(documents(Source("tsconfig.json", text)))
        assert any(isinstance(one, SyntaxProblem) for one in documents(Source("a.yaml", text)))


def test_a_manifest_that_breaks_off_before_its_kind_is_broken() -> None:
    (problem,) = documents(Source("pod.json", '{"apiVersion": "v1", "metadata": {'))
    assert isinstance(problem, SyntaxProblem)


def test_bytes_that_are_not_of_the_encoding_are_said_in_each_document() -> None:
    data = b"kind: a\n---\nkind: \xff\n---\nkind: b\n---\nkind: c\xc3\n"
    assert [type(outcome) for outcome in documents(Source.decode("a.yaml", data))] == [
        Document, SyntaxProblem, Document, SyntaxProblem,
    ]  # fmt: skip
    (problem,) = documents(Source.decode("a.json", b'{"kind": "\xff"}'))
    assert problem == SyntaxProblem(Span(10, 11), "found a byte that is not UTF-8")
    (problem,) = documents(Source.decode("a.yaml", b"\xff\xfek\0i\0n\0d\0:\0 \0\x00\xdc"))
    assert problem == SyntaxProblem(Span(6, 7), "found a byte that is not UTF-16-LE")
    assert outline("kind: \ufffd\n") == ["kind: \ufffd"]


# ---- JSON


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"kind": "Pod"}\n', ['{"kind": "Pod"}']),
        ("[{}, []]", ["[{}, []]"]),
        ('{"a": 1}{"b": 2}\n[3]', ['{"a": 1}', '{"b": 2}', "[3]"]),
        ('\t{"a"\t:\t1}', ['{"a"\t:\t1}']),
        ("{'kind': 1, b: [c, ], # d\n}", ["{'kind': 1, b: [c, ], # d\n}"]),
        ('{"kind": a}', ['{"kind": a}']),
        ('{"kind": "a\n b"}', ['{"kind": "a\n b"}']),
        ('{"kind": "\\ud83d\\ude00"}\n---\nkind: a\n', ['{"kind": "\\ud83d\\ude00"}', "kind: a"]),
        ('{"kind": 1}\n---\n{"kind": [}\n---\n{"kind": 3}', ['{"kind": 1}', "SyntaxProblem at 26", '{"kind": 3}']),
        ('{"kind": 1}{"kind": 2', ['{"kind": 1}', "SyntaxProblem at 11"]),
        ('{"kind": {{ .a }}}', ["Go template at 0"]),
        ('{"kind": "{{ .a }}"}', ['{"kind": "{{ .a }}"}']),
        ('{"kind": [}', ["SyntaxProblem at 10"]),
        ("[a: kind", ["SyntaxProblem at 0"]),
        ("{a: b}", []),
        ('{"' + "a" * 2000 + '": 1}', ['{"' + "a" * 2000 + '": 1}']),
    ],
)
def test_json_in_a_yaml_file(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("kind: a\n", ["kind: a"]),
        ('{"a": 1}\n{"b": 2}', ['{"a": 1}', '{"b": 2}']),
        ("{kind: 1}", ["SyntaxProblem at 1"]),
        ('{"kind": 1}\n---\n{"b": 2}', ['{"kind": 1}', "SyntaxProblem at 12"]),
        ('{"a": {{ .b }}}', ["Go template at 0"]),
        ("{{ if .a }}{}{{ end }}", ["Go template at 0"]),
    ],
)
def test_a_json_file(text: str, expected: list[str]) -> None:
    assert outline(text, "A.JSON") == expected


def test_spans_in_json() -> None:
    text = ' {"a" : [1, "b\\u0041", {} ] , "c": -1.5e3 } '
    assert spans(text, "a.json") == [
        '{}{"a" : [1, "b\\u0041", {} ] , "c": -1.5e3 }', '"a"', '[][1, "b\\u0041", {} ]', "1", '"b\\u0041"',
        "{}{}", '"c"', "-1.5e3",
    ]  # fmt: skip
    scalar = list(read(text, "a.json").root["a"])[1]
    assert isinstance(scalar, Scalar)
    assert (scalar.value, scalar.style) == ("bA", Style.JSON)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 0, 2]), st.booleans())
def test_json_means_what_it_means_to_python(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps([value], indent=indent, ensure_ascii=ascii_only)
    if ascii_only or text.encode("utf-8", "replace").decode() == text:
        assert plain(read(text, "a.json").root) == json.loads(
            text.encode("utf-8", "replace"), parse_int=str, parse_float=str
        )


def plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {key.value: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node]
    assert isinstance(node, Scalar)
    words = {"true": True, "false": False, "null": None}
    return words.get(node.value, node.value) if node.style is Style.PLAIN else node.value


keys = st.text("abkid é漢😀'\"#:-", min_size=1, max_size=6)
trees = st.recursive(
    keys | st.integers(-(2**63), 2**64 - 1) | st.booleans() | st.none() | st.text("ab \n#:é😀'\"", max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


@given(trees, st.sampled_from([True, False, None]), st.sampled_from([None, "'", '"', "|", ">"]), st.integers(10, 80))
def test_yaml_means_what_it_means_to_the_emitter(
    tree: object, flow: bool | None, style: str | None, width: int
) -> None:
    text = yaml.safe_dump({"kind": tree}, default_flow_style=flow, default_style=style, width=width, allow_unicode=True)
    document = read(text)
    check_nesting(document)
    expected = YAML(typ="safe", pure=True).load(StringIO(text))
    if style is None:
        assert meant(document.root) == expected


def meant(node: Node) -> object:
    if isinstance(node, Mapping):
        return {meant(key): meant(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [meant(item) for item in node]
    assert isinstance(node, Scalar)
    if node.kind is ScalarKind.INTEGER:
        return int(node.value)
    return {ScalarKind.NULL: None, ScalarKind.BOOLEAN: node.truth}.get(node.kind, node.value)


def test_readers_begin_where_they_are_told() -> None:
    source = Source("a.yaml", 'x: [1]{"a": 2}y')
    (document,) = jsontext.read(source, Span(6, 14))
    assert document.root.span == Span(6, 14)
    (document,) = yamltext.read(source, 3, source.text[3:6])
    assert document.root.span == Span(3, 6)
    with pytest.raises(TextError, match="closing"):
        list(jsontext.read(source, Span(6, 13)))
    with pytest.raises(TextError, match="closing"):
        yamltext.check(source, 3, source.text[3:5])


def test_what_turns_out_to_be_beyond_a_budget_has_nothing_in_it_but_its_kind() -> None:
    def refuse() -> Node:
        raise TextError(Breach(Span(0, 1), "too deep"))

    source = Source("a.yaml", "kind: Note\n")
    root = Deferred(source, Span(0, 11), header(source, 0, source.text), refuse)
    assert (root["kind"].value, root["spec"].value, root.entries, root.span) == ("Note", "", [], Span(0, 11))
    with pytest.raises(AttributeError, match="tag"):
        root.tag  # noqa: B018
