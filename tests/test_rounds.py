"""What loops go through, told apart round by round, and what expansion makes of texts that are known."""

from __future__ import annotations

import pytest

from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.shell.language.command import Context
from initlint.shell.language.expand import calculated, captured, removed, replaced
from initlint.shell.language.filters import filtered
from initlint.shell.language.parse import parse
from initlint.shell.language.scope import Scope
from initlint.shell.language.values import whole
from initlint.shell.way.walk import walk


def hosts(text: str, *, has_braces: bool = True, **env: str) -> tuple[str, ...] | str | None:
    """What the command `ask` is given: in each round, or all of it, or None."""
    files = {
        "/etc/hosts.txt": "a 1\n# b\n\n  c 2  3\n",
        "/etc/host": "db\n",
        "/etc/many": "x\n" * 33,
        "/etc/many2": "x\ny\n",
    }
    scope = Scope(env, whole("/etc"), (whole("x"), whole("y")), has_braces=has_braces, files=files)
    found = walk(parse(text), scope, Context())
    assert found is not None
    value = next(one for one in found.commands if one.name == "ask").arguments[1].value
    return value.each.texts if value.each else value.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in 0 1; do ask zk-$i.zk; done", ("zk-0.zk", "zk-1.zk")),
        ("for i in a; do ask $i; done", "a"),
        ("set -- a b; for i; do ask $i; done", ("a", "b")),
        ("set -- a b; ask $2", "b"),
        ("set -- $X b; ask $2", None),
        ("[ $X ] && set -- a b; ask $2", None),
        ("for i in $(seq 2); do ask $i; done", ("1", "2")),
        ("for i in $(seq 0 $((N - 1))); do ask p-$i; done", ("p-0", "p-1", "p-2")),
        ("for i in `seq 4 1 5`; do ask $i; done", ("4", "5")),
        ("for i in $(seq 4 2 8); do ask $i; done", None),
        ("for i in {1..3}; do ask $i; done", ("1", "2", "3")),
        ("for i in $HOSTS; do ask $i; done", ("a", "b")),
        ("for i in ${LISTED//,/ }; do ask $i; done", ("a", "b")),
        ("for i in $(echo $LISTED | tr , ' '); do ask $i; done", ("a", "b")),
        ("for i in $(echo a b); do ask $i; done", ("a", "b")),
        ('for i in "$@"; do ask $i; done', ("x", "y")),
        ('h=(a "b"); for i in "${h[@]}"; do ask $i; done', ("a", "b")),
        ("declare -a h=(\n  a:1\n  'b:2'\n)\nfor i in ${h[@]} c:3; do ask ${i%:*}; done", ("a", "b", "c")),
        ('h=(a b); h+=(c); for i in "${h[@]}"; do ask $i; done', None),
        ('h=(a b); h=c; for i in "${h[@]}"; do ask $i; done', None),
        ('h=(a $OTHER); for i in "${h[@]}"; do ask $i; done', None),
        ('h=(a b); [ -e x ] && h=(c); for i in "${h[@]}"; do ask $i; done', None),
        ('h=(a b); mapfile -t h < x; for i in "${h[@]}"; do ask $i; done', None),
        ('h=(a b); for i in "${h[*]}"; do ask $i; done', None),
        ("for i in $OTHER; do ask $i; done", None),
        ("for ((i = 0; i < N; i++)); do ask $i; done", ("0", "1", "2")),
        ("for ((i=1; i<=2; ++i)); do ask $i; done", ("1", "2")),
        ("for ((i=0; i<2; i++)); do i=7; ask $i; done", "7"),
        ("i=0; while [ $i -lt 2 ]; do ask $i; i=$((i+1)); done", ("0", "1")),
        ("i=1; while [ $i -le 2 ]; do ask $i; let i++; done", ("1", "2")),
        ("i=1; while [ $i -le 2 ]; do ask $i; ((i++)); done", ("1", "2")),
        ("i=0; while [ $i -lt 2 ]; do i=$((i+1)); ask $i; done", None),
        ("i=0; while [ $i -gt 2 ]; do ask $i; i=$((i+1)); done", None),
        ("f() { ask $1:80; }; for h in a b; do f $h; done", ("a:80", "b:80")),
        ("for h in a b; do for p in 1 2; do ask $h:$p; done; done", None),
        ("for t in a:1 b:2; do ask ${t%%:*}; done", ("a", "b")),
        ("for t in a:1 b:2; do ask $(echo $t | cut -d: -f2); done", ("1", "2")),
        ("while read h p; do ask $h:$p; done < /etc/hosts.txt", ("a:1", "c:2  3")),
        ("while read -r h p _; do ask $h:$p; done < hosts.txt", ("a:1", "c:2")),
        ('cat hosts.txt | while read h p || [ -n "$h" ]; do ask $h; done', ("a", "c")),
        ("cat <<END | tr : ' ' | while read h p; do ask $p; done\na:1\nb:2\nEND", ("1", "2")),
        ("while IFS=: read -r h p; do ask $p$h; done <<END\na:1\nb\nEND", ("1a", "b")),
        ("while IFS= read -r h; do ask \"$h\"; done <<< ' a b'", " a b"),
        ("printf '%s\\n' $LISTED x | while read h; do ask $h; done", ("a,b", "x")),
        ("echo $LISTED | tr , '\\n' | while read h; do ask $h; done", ("a", "b")),
        ("echo $LISTED | tr -d , | while read h; do ask $h; done", "ab"),
        ("for h in $(cat /etc/host many); do ask $h; done", None),
        ("for h in $(< /etc/host); do ask $h; done", "db"),
        ("ask $(cat host)", "db"),
        ("h=`cat < /etc/host`; ask $h", "db"),
        ("ask $(cat -A host)", None),
        ("ask $(cat /etc/other host)", None),
        ("echo $LISTED | sort | while read h; do ask $h; done", None),
        ("grep -v '^#' hosts.txt | while read h p; do ask $h:$p; done", ("a:1", "c:2  3")),
        ("grep -vE '^(#|$)' < hosts.txt | while read h _; do ask $h; done", ("a", "c")),
        ("grep -v a hosts.txt | while read h _; do ask $h; done", None),
        ('declare -A h=([a]=1 ["b"]=2); for i in "${!h[@]}"; do ask $i:${h[$i]}; done', ("a:1", "b:2")),
        ("declare -A h=([a]=1 [b]=2); ask ${h[b]}", "2"),
        ("declare -A h=([a]=1 [b]=2); h[a]=3; ask ${h[a]}", None),
        ("h=(a b); h[1]=$(c); ask x", "x"),
        ("declare -A h=([a]=1 [b]=$X); ask ${h[a]}", None),
        ("h=([1]=a [2]=b); ask ${h[0]}", None),
        ('mapfile -t h < /etc/many2; for i in "${h[@]}"; do ask $i; done', ("x", "y")),
        ('readarray -t h <<END\na\nb\nEND\nfor i in "${h[@]}"; do ask $i; done', ("a", "b")),
        ('mapfile h < host; for i in "${h[@]}"; do ask $i; done', None),
        ("IFS=, read -r h p <<< $LISTED; ask $p$h", "ba"),
        ('for t in a:1 b:2; do IFS=: read h p <<< "$t"; ask $p; done', ("1", "2")),
        ("read h <<END\nx y\nEND\nask $h", "x y"),
        ("read -n 1 h <<< x; ask $h", None),
        ("read h < host; ask $h", None),
        ("IFS=$X read h <<< x; ask $h", None),
        ('h=(a b); p=(1 2); for i in "${!h[@]}"; do ask "${h[$i]}:${p[i]}"; done', ("a:1", "b:2")),
        ("h=(a b); for ((i=0; i<${#h[@]}; i++)); do ask ${h[i]}; done", ("a", "b")),
        ("for ((i=0; i<${#h[@]}; i++)); do ask ${h[i]}; done", None),
        ("h=(a b); ask ${h[1]}", "b"),
        ("h=(a b); ask ${h[2]}", None),
        ("h=(a b); i=x; ask ${h[$i]}", None),
        ("IFS=,; while read h; do ask $h; done < host", None),
        ("while IFS=$X read h; do ask $h; done < host", None),
        ("while read -u 3 h; do ask $h; done 3< host", None),
        ("while read h; do ask $h; done < many", None),
        ("until read h; do ask $h; done < host", None),
        ("while read h; do ask $h; done <&3", None),
        ("while read h; do ask $h; done", None),
        ("{ while read h; do ask $h; done < /dev/stdin; } < host", None),
    ],
)
def test_what_a_variable_is_in_each_round(text: str, expected: tuple[str, ...] | str | None) -> None:
    assert hosts(text, N="3", HOSTS="a b", LISTED="a,b") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask db.$NS.svc", "db.<own_namespace>.svc"),
        ("ask db.${NS:-default}", "db.<own_namespace>"),
        ("n=$(cat /run/secrets/kubernetes.io/serviceaccount/namespace); ask db.$n", "db.<own_namespace>"),
        ("ask ${URL#http://}", "db.<own_namespace>"),
        ("ask ${NS%-x}", None),
        ("ask db.$(cat /etc/namespace)", None),
        (". /env; ask $NS", None),
    ],
)
def test_the_own_namespace_has_a_name(text: str, expected: str | None) -> None:
    scope = Scope(env_of_namespace={"NS": OWN_NAMESPACE, "URL": f"http://db.{OWN_NAMESPACE}"})
    found = walk(parse(text), scope, Context())
    assert found is not None
    value = next(one for one in found.commands if one.name == "ask").arguments[1].value
    assert (value.text, value.named.text) == (None, expected)


def test_the_own_namespace_in_each_round() -> None:
    scope = Scope(env_of_namespace={"NS": OWN_NAMESPACE})
    found = walk(parse("for h in a b; do ask $h.$NS; done"), scope, Context())
    assert found is not None
    each = next(one for one in found.commands if one.name == "ask").arguments[1].value.each
    assert each
    assert each.texts == ("a.<own_namespace>", "b.<own_namespace>")


def test_only_some_shells_know_braces() -> None:
    assert hosts("for i in {1..3}; do ask $i; done", has_braces=False) is None


@pytest.mark.parametrize(
    ("text", "operator", "pattern", "expected"),
    [
        ("a.b.c", "%", ".*", "a.b"), ("a.b.c", "%%", ".*", "a"), ("a.b.c", "#", "*.", "b.c"),
        ("a.b.c", "##", "*.", "c"),
        ("a", "%", ":*", "a"), ("a", "#", "*:", "a"), ("a", "%", "[ab]", None),
    ],
)  # fmt: skip
def test_what_is_taken_off(text: str, operator: str, pattern: str, expected: str | None) -> None:
    assert removed(text, operator, pattern) == expected


def test_what_is_replaced_cut_and_calculated() -> None:
    assert (replaced("a,b,c", "//,/ "), replaced("a,b,c", "/,/ "), replaced("a", "^^")) == ("a b c", "a b,c", None)
    cut = (("a:b", 2), ("a", 2), ("a:b", 3))
    assert [filtered("cut", ["-d:", f"-f{at}"], text) for text, at in cut] == ["b", "a", ""]
    known = {"n": "3", "m": "x"}.get
    texts = ("$((n*2+1))", "$(( $n - ${n} ))", "$((m))", "$((n++))", "$((n/2))", "$((n+))")
    assert [calculated(text, known) for text in texts] == [7, 0, None, None, None, None]


def test_long_texts_are_not_changed() -> None:
    assert removed("a" * 1_001, "%", "a*") is None
    assert replaced("a" * 1_001, "//a/aa") is None


@pytest.mark.parametrize(
    ("program", "operands", "text", "expected"),
    [
        ("cut", ["-c1"], "a:b", None), ("cut", ["-d:", "-f1"], "a:b\nc", None), ("cut", ["-d:", None], "a:b", None),
        ("awk", ["{print $2}"], "a  b c", "b"), ("awk", ["-F:", "{ print $1; }"], "a:b", "a"),
        ("awk", ["-F", ",", "{print $3}"], "a,b", ""), ("awk", ["-F|", "{print $1}"], "a|b", None),
        ("awk", ["{print $NF}"], "a b", "b"), ("awk", ["-F-", "{print $NF}"], "a-0", "0"),
        ("awk", ["{print $1}"], "a\nb", None),
        ("sed", ["s/,/ /g"], "a,b,c", "a b c"), ("sed", ["-e", "s|:|/|"], "a:b:c", "a/b:c"),
        ("sed", ["s/.*//"], "a", ""), ("sed", ["-e", "s|.*@||", "-e", "s|[:/].*||"], "pg://u:p@db:5432/x", "db"),
        ("sed", ["s#^.*://##;s#/.*##"], "http://db:1/x", "db:1"), ("sed", ["s/a.b/x/"], "acb", None),
        ("sed", ["s/\\(a\\)/\\1/"], "a", None), ("sed", ["s/a*/&/"], "a", None), ("sed", ["-E", "s/a+/b/"], "a", None),
        ("sed", ["s/a*/b/g"], "ca", None), ("sed", ["s/a/b/"], "a\na", None), ("sed", ["s/a/b/c/"], "a", None),
        ("tr", [",", "\\n"], "a,b", "a\nb"), ("tr", ["-d", "\\n"], "a\nb", "ab"), ("tr", ["a-z", "A-Z"], "a", None),
        ("sort", [], "b\na", None),
    ],
)  # fmt: skip
def test_what_filters_leave(program: str, operands: list[str | None], text: str, expected: str | None) -> None:
    assert filtered(program, operands, text) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("db-2", "-([0-9]+)$", {"0": "-2", "1": "2"}),
        ("eu-west-db-2", "^(.+)-([0-9]+)$", {"0": "eu-west-db-2", "1": "eu-west-db", "2": "2"}),
        ("db", "-([0-9]+)$", {}),
        ("db-2", "-(([0-9]+)+)$", {}),
        ("db-2", "(.*)(.*)(.*)", {}),
        ("db-2" * 1_000, "-([0-9]+)$", {}),
    ],
)
def test_what_a_match_keeps(text: str, pattern: str, expected: dict[str, str]) -> None:
    """`[[ text =~ pattern ]]`, of patterns that take no time and mean the same to Python."""
    assert captured(text, pattern) == expected
