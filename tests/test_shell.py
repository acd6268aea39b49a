"""Scripts as a shell reads them; what is said of their exit status is compared with what real shells do."""

from __future__ import annotations

import json
import pickle
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.shell.container.scripts import scripts
from initlint.shell.language import syntax
from initlint.shell.language.parse import parse
from initlint.shell.language.syntax import Literal, Pattern, Quote, Variable
from initlint.shell.language.tree import MAX_CHARACTERS
from initlint.shell.outcome.status import verdict
from tests.conftest import corpus
from tests.helpers import pod


def only(text: str) -> syntax.Statement:
    (item,) = parse(text).body.items
    return item.statement


def words(text: str) -> list[str | None]:
    command = only(text)
    assert isinstance(command, syntax.Simple)
    return [word.text for word in command.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp -r a 'b c' \"d\"e\\ f", ["cp", "-r", "a", "b c", "de f"]),
        ('echo "a\\"b" \'$x\'', ["echo", 'a"b', "$x"]),
        ("rm *.txt ~/x $y a{b,c}", ["rm", None, None, None, None]),
        ("ls größe 🙂", ["ls", "größe", "🙂"]),
        ("curl -o a > log https://a.example -f", ["curl", "-o", "a", "https://a.example", "-f"]),
        ("echo >&2 no db", ["echo", "no", "db"]), (">&2 echo no", ["echo", "no"]),
        ("nc > /dev/null 2>&1 -z db 5432 < f", ["nc", "-z", "db", "5432"]), ("cat <<< a b", ["cat", "b"]),
        ("cat <<EOF > f - x\ny\nEOF", ["cat", "-", "x"]),
    ],
)  # fmt: skip
def test_words(text: str, expected: list[str | None]) -> None:
    assert words(text) == expected


def test_parts_of_words() -> None:
    command = only('x "$a-${b:-c}" $1 `d` ${#e} $((1+2))')
    assert isinstance(command, syntax.Simple)
    first = command.words[1].parts
    assert first == (Variable("a", Quote.DOUBLE), Literal("-", Quote.DOUBLE), Variable("b", Quote.DOUBLE, ":-c"))
    assert command.words[2].parts == (Variable("1"),)
    assert isinstance(command.words[3].parts[0], syntax.Substitution)
    assert [word.parts for word in command.words[4:]] == [(Pattern("${#e}"),), (Pattern("$((1+2))"),)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://$HOST:$PORT/health", ["http://", "$HOST", ":", "$PORT", "/health"]),
        ("http://${HOST}:$PORT/", ["http://", "${HOST}", ":", "$PORT", "/"]),
        ("$1/$2", ["$1", "/", "$2"]), ("a$1$2", ["a", "$1", "$2"]), ("$1:$2/x", ["$1", ":", "$2", "/x"]),
        ("--to=$A/$B/$C/d", ["--to=", "$A", "/", "$B", "/", "$C", "/d"]), ("$A-$B2.c", ["$A", "-", "$B2", ".c"]),
        ("'$A/$B/'", ["$A/$B/"]),
        ("http://`hostname`:80/", ["http://", "?", ":80/"]), ("$A`b`", ["$A", "?"]), ("'a'/$1", ["a", "/", "$1"]),
    ],
)  # fmt: skip
def test_a_word_is_whole_whatever_stands_behind_its_variables(text: str, expected: list[str]) -> None:
    loop = f"for i in {text}; do :; done"
    for script in (f"run {text} last", f"run {text}", f"x={text}", f"export x={text}", f"run < {text}", loop):
        found = parse(script)
        placed = [word for word in _every_word(found.body) if script[word.start : word.end].endswith(text)]
        assert len(placed) == 1, script
        assert [_written(part) for part in placed[0].parts] == [
            one.replace("{", "").replace("}", "") for one in expected
        ]


def _every_word(body: syntax.Block) -> Iterator[syntax.Word]:
    for statement in (item.statement for item in body.items):
        match statement:
            case syntax.Simple():
                yield from statement.words
                yield from (one.value for one in statement.assignments if one.value)
                yield from (one.target for one in statement.redirects if one.target)
            case syntax.For():
                yield from statement.words or ()


def _written(part: syntax.Part) -> str:
    return f"${part.name}" if isinstance(part, Variable) else part.text if isinstance(part, Literal) else "?"


@pytest.mark.parametrize("text", ["run $A/$10/c", "run [ab]$@a last"])
def test_of_words_that_the_parser_splits_nothing_is_known(text: str) -> None:
    assert parse(text).has_errors


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a", syntax.Simple), ("x=1", syntax.Simple), ("export x=1", syntax.Simple), ("> f", syntax.Simple),
        ("a | b | c", syntax.Pipeline), ("! a", syntax.Not), ("a && b || c", syntax.AndOr), ("[ -f x ]", syntax.Test),
        ("[[ $a == b* ]]", syntax.Test), ("((i++))", syntax.Test), ("if a; then b; fi", syntax.If),
        ("while a; do b; done", syntax.While), ("until a; do b; done", syntax.While), ("( a )", syntax.Subshell),
        ("for i in 1 2; do a; done", syntax.For), ("for ((;;)); do a; done", syntax.For), ("{ a; }", syntax.Group),
        ("case a in b) c;; esac", syntax.Case), ("f() { a; }", syntax.Function), ("if a; then b; fi > f", syntax.Group),
        ("! { a; b; }", syntax.Not), ("! if a; then b; fi", syntax.Not), ("! { a; } && b", syntax.AndOr),
    ],
)  # fmt: skip
def test_statements(text: str, kind: type) -> None:
    assert isinstance(only(text), kind)


def test_structure() -> None:
    script = parse("a & b\nif c; then d; elif e; then f; else g; fi # end\n")
    first, second, third = script.body.items
    assert (first.in_background, second.in_background) == (True, False)
    assert isinstance(third.statement, syntax.If)
    assert len(third.statement.branches) == 2
    assert third.statement.otherwise is not None
    redirected = only('cmd > "$f" 2>&1 <<EOF\nx $y\nEOF\n')
    assert isinstance(redirected, syntax.Simple)
    assert [(one.operator, one.descriptor) for one in redirected.redirects] == [(">", ""), (">&", "2"), ("<<", "")]
    assert isinstance(only("a && b > f"), syntax.AndOr)


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("a | b | c || d", 3),
        ("a | b && c || d", 2),
        ("x || a | b | c && d", 3),
        ("! a | b && c", 2),
        ("! { a; } | b", 2),
    ],
)
def test_pipes_bind_closer_than_lists(text: str, stages: int) -> None:
    statement = only(text)
    while isinstance(statement, (syntax.AndOr, syntax.Not)):
        inner = statement.body if isinstance(statement, syntax.Not) else statement.left
        right = statement.right if isinstance(statement, syntax.AndOr) else inner
        statement = right if isinstance(right, syntax.Pipeline) else inner
    assert isinstance(statement, syntax.Pipeline)
    assert len(statement.stages) == stages


def shape(statement: syntax.Statement) -> str:
    match statement:
        case syntax.AndOr():
            return f"({shape(statement.left)} {statement.operator} {shape(statement.right)})"
        case syntax.Pipeline():
            return f"({' | '.join(map(shape, statement.stages))})"
        case syntax.Not():
            return f"! {shape(statement.body)}"
        case syntax.Simple():
            return f"{statement.words[0].text}{' >' * any(one.operator == '>' for one in statement.redirects)}"
    raise AssertionError(statement)


@pytest.mark.parametrize(
    "text",
    [
        "a << | b", "a << && b", "a << > f || b", "a << | b || c", "a << && b || c", "a << | b | c && d", "! a << | b",
        "x && a << | b || c", "x | a << | b", "x || a << && b", "a << | b > f",
    ],
)  # fmt: skip
def test_what_stands_behind_the_delimiter_of_a_here_document(text: str) -> None:
    written = parse(text.replace("<<", "<<EOF") + "\n$x\nEOF\nlast\n")
    first, last = (item.statement for item in written.body.items)
    assert (shape(first), shape(last)) == (shape(only(text.replace("<<", ""))), "last")
    assert "EOF\n" not in written.text[first.start : first.end]


def test_of_two_here_documents_nothing_is_known() -> None:
    assert parse("a <<A | b <<B && c\nx\nA\ny\nB\n").has_errors


def test_a_dollar_at_the_end_of_a_word_begins_nothing() -> None:
    loop = parse("until ask | grep name$; do sleep 1; done").body.items[0].statement
    assert isinstance(loop, syntax.While)
    asked = loop.condition.items[0].statement
    assert isinstance(asked, syntax.Pipeline)
    assert isinstance(asked.stages[1], syntax.Simple)
    assert asked.stages[1].words[1].text == "name$"


@pytest.mark.parametrize("silenced", ["2>/dev/null", "2> /dev/null", "2>&1"])
def test_a_test_that_is_silenced_within_its_brackets(silenced: str) -> None:
    first, last = (item.statement for item in parse(f'[ -n "$(a b)" {silenced} ] && c\nlast\n').body.items)
    assert isinstance(first, syntax.AndOr)
    assert isinstance(first.left, syntax.Test)
    assert [word.text for word in first.left.words] == ["-n", None]
    assert shape(last) == "last"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"[ \( -f a -o -f b \) -a -d c ]", ["-f", "a", "-o", "-f", "b", "-a", "-d", "c"]),
        (r"[ a \> b ]; find . \( -name a \)", ["a", ">", "b"]),
    ],
)
def test_a_test_with_escaped_operators(text: str, words: list[str]) -> None:
    first = parse(text).body.items[0].statement
    assert isinstance(first, syntax.Test)
    assert [word.text for word in first.words] == words


@pytest.mark.parametrize("text", ["chown a b \\\n", "chown \\\n  a \\\n  b \\\n\n"])
def test_a_line_that_goes_on_at_the_end_of_a_text(text: str) -> None:
    (item,) = parse(text).body.items
    assert isinstance(item.statement, syntax.Simple)
    assert [word.text for word in item.statement.words] == ["chown", "a", "b"]


def test_of_a_negated_group_in_a_test_nothing_is_known() -> None:
    assert parse(r"[ ! \( -f a -o -f b \) ]").has_errors


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('c=(a "b c"); "${c[@]}" d', ["a", "b c", "d"]), ('c=(a); c+=(b); "${c[@]}"', ["a", None]),
        ('c=(a); c=(b); "${c[@]}"', [None]), ('"${c[@]}" d', [None, "d"]),
    ],
)  # fmt: skip
def test_the_items_of_an_array(text: str, words: list[str | None]) -> None:
    last = parse(text).body.items[-1].statement
    assert isinstance(last, syntax.Simple)
    assert [word.text for word in last.words] == words


@pytest.mark.parametrize("text", [">{\U000f7f12\U000e8591\xf9\xc9", "n\U00031acd\xb2{\U0010d136\n", "a{\0\ud800"])
def test_characters_that_crashed_the_parser(text: str) -> None:
    assert parse(text).text == text


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    script = parse(text)
    assert pickle.loads(pickle.dumps(script)) == script
    for item in script.body.items:
        assert 0 <= item.statement.start <= item.statement.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["a | " * 4_000, "(" * 8_000, "$(" * 8_000, "'" * 9_001, "x" * (MAX_CHARACTERS + 1), "{ " * 8_000, "if " * 5_000,
     "`" * 5_001, "<<E " * 4_000, "${" * 8_000, '"$(' * 5_000, "\0" * 99, "[[ " * 5_000, "a && " * 3_000],
    ids=range(14),
)  # fmt: skip
def test_hostile_text(text: str) -> None:
    tracemalloc.start()
    verdict(parse(text))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


@pytest.mark.parametrize(
    ("text", "can_succeed", "can_fail"),
    [
        ("", True, False), ("a", True, True), ("a; echo", True, False), ("set -e; a; echo", True, True),
        ("set -e; a || true; echo", True, False), ("a; exit 0", True, False), ("a; exit 3", False, True),
        ("a | true", True, False), ("set -o pipefail; a | true", True, True), ("false", False, True),
        ("! false", True, False),
        ("if a; then exit 1; fi", True, True), ("a; [ $? -eq 0 ] || exit 1", True, True),
        ("set -e; false | true", True, False),
        ("while true; do a && break; done; echo", True, False), ("while true; do a; done", False, False),
        ("set -e; if a; then b; fi", True, True), ("set -e; x=$(a); echo", True, True), ("export x=$(a)", True, False),
        ("set -e; ( a; b ); echo", True, True), ("a && b; echo", True, False), ("set -e; a && b; echo", True, True),
        ("f() { a; echo; }; f", True, False), ("set -e; f() { a; echo; }; f", True, True), ("exec a", True, True),
        ("case x in *) a;; esac", True, True), ("case $x in a) false;; esac", True, True),
        ("set -e +e; a; :", True, False), ("trap 'exit 2' EXIT; a", False, True),
        ("trap 'rm x' EXIT; a; echo", True, False),
        ("trap 'test $? = 0 || exit 1; exit 0' EXIT; a", True, True), ("trap f EXIT; f() { exit 0; }; a", True, False),
        ("trap 'exit 1' EXIT; trap - EXIT; echo", True, False), ("a; echo >&2", True, False),
        ("while [ 1 ]; do a; done", False, False),
        ("a > f; echo", True, False), ("echo > f", True, True), ("set -eo pipefail; a | b; echo", True, True),
    ],
)  # fmt: skip
def test_verdict(text: str, can_succeed: bool, can_fail: bool) -> None:
    assert verdict(parse(text)) == (can_succeed, can_fail)


@pytest.mark.parametrize(
    "text", ["trap 'exit 2' ERR; a", "f() { f; f; }; f", "for i in a; do for j in b; do break 2; done; done"]
)
def test_what_is_not_followed_is_not_clear(text: str) -> None:
    assert verdict(parse(text)) is None


def test_options_of_the_shell() -> None:
    assert verdict(parse("a; echo"), errexit=True) == (True, True)
    assert verdict(parse("a | true"), pipefail=True) == (True, True)


@pytest.mark.parametrize(
    ("container", "options"),
    [
        ("command: [sh, -c, a]", "-c"), ("command: [/bin/bash, -exc], args: [a]", "-exc"),
        ("command: [sh, -e, -c, a]", "-e -c"), ("command: [bash, -euo, pipefail, -c, a]", "-euo pipefail -c"),
        ("command: [tini, --, sh, -c, a]", "-c"), ("command: [env, X=1, sh, -ec, a]", "-ec"),
        ("command: [python, -c, a]", None), ("command: [sh, a, -c, b]", None), ("args: [sh, -c, a]", None),
        ("command: [sh]", None), ("command: []", None), ("command: a", None),
    ],
)  # fmt: skip
def test_which_text_is_a_script(container: str, options: str | None) -> None:
    found = scripts(pod(f"{{containers: [{{name: a, image: x, {container}}}]}}").containers[0])
    assert [(one.options, one.node.value) for one in found if one.is_shell] == ([(options, "a")] if options else [])


def test_every_real_script_but_a_broken_one_is_understood() -> None:
    texts = [json.loads(line)["script"] for line in corpus("scripts.jsonl").read_text("utf-8").splitlines()]
    assert sum(parse(text).has_errors for text in texts) <= 1
    assert sum(verdict(parse(text)) is None for text in texts) < len(texts) / 20
