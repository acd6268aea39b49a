"""What the words of a script are before it runs, compared with what a real bash makes of them."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Sequence

import pytest

from tests.helpers import real, script

_BEFORE = "A=va\nB=vb\nD=vd\nF=foo/bar.tar.gz\nN=4\nset -- p1 p2\n"
_PARTS = (
    "/", "a", "-b", ".c", ":", "@", "=", "%", "+", ",", "_", "x1", "$A", "${B}", "$N", "$1", "$2", "${U}", "\\ ",
    "\\$A", '"q"', "'r'", "'\\t'", '"a b"', '"$D"', "'$A'", '"$A/$B"', '"${A}x"', '"\\$A"', "${E:-d}", "${A:-z}",
    "${A:+y}", "${U:-$A}", "${F%/*}", "${F##*/}", "${F#/}", "${F%.gz}", "${F%%/*}", "${F/o/0}", "${F//o/0}", "${F:1:3}",
    "${A^^}", "${#A}", "$((1+2))", "$((N-1))", "$(echo hi)", "`echo ho`", '"$(echo "$A")"', "$(basename $F)",
    '$(dirname "$F")',
)  # fmt: skip
# The ways of a word to a command; each `run` is one.
_WAYS = (
    "run WORD", 'X=WORD\nrun "$X"', 'export X=WORD; run "$X"', 'readonly X=WORD\nrun "$X"', 'X=q; X+=WORD\nrun "$X"',
    'X=WORD Y=WORD\nrun "$Y"', 'X=$(echo WORD)\nrun "$X"', 'set -- WORD\nrun "$1"', 'set -- WORD\nrun "$@"',
    'f() { run "$@"; }; f WORD', 'f() { local X=WORD; run "$X"; }; f', "if true; then run WORD 2>&1; fi",
    'case $N in 4) X=WORD; run "$X";; esac', "( cd / && run WORD )", "run WORD | cat", "run WORD < /dev/null",
    """eval "run 'WORD'\"""", 'X=$(cat <<EOF\nWORD\nEOF\n)\nrun "$X"',
    'while read -r X; do run "$X"; done <<EOF\nWORD\nEOF', 'while read X; do run "$X"; done <<EOF\nWORD\nEOF',
    'read -r X <<< WORD; run "$X"', 'read X <<< WORD; run "$X"',
)  # fmt: skip
_END = "\x02"


def _scripts(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    words = ("".join(chance.choices(_PARTS, k=chance.randint(1, 4))) for _ in range(count))
    return [chance.choice(_WAYS).replace("WORD", word) for word in words if word[0] != "="]


def _of_bash(scripts: Sequence[str]) -> list[list[str]]:
    """What `run` is told by each."""
    told = "run() { printf '%s\\x01' \"$@\"; }\n"
    text = told + "\n".join(f"(\n{_BEFORE}{one}\n) 2> /dev/null; printf '\\x02'" for one in scripts)
    done = subprocess.run(["bash"], input=text, capture_output=True, text=True, check=True)
    return [said.split("\x01")[:-1] for said in done.stdout.split(_END)[:-1]]


def _of_ours(text: str) -> list[str | None] | None:
    """The same as far as it is known: None for what is not, also for the whole of a script that is not understood."""
    found = script(f"{_BEFORE}{text}\n", shell="bash", image="bash:5")
    run = next((one.command for one in found.steps if one.command.words[:1] == ["run"]), None)
    return [argument.value.text for argument in run.arguments[1:]] if run else None


@pytest.mark.no_cover
def test_what_is_known_of_a_word_is_what_bash_makes_of_it() -> None:
    real("bash")
    scripts = _scripts(0, 1_500)
    compared = [(one, _of_ours(one), said) for one, said in zip(scripts, _of_bash(scripts), strict=True)]
    known = [(one, ours, said) for one, ours, said in compared if ours is not None and None not in ours]
    assert [one for one in known if one[1] != one[2]] == []
    assert len(known) > len(scripts) / 2
