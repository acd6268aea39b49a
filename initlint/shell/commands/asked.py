"""What a test such as `[ -f file ]` looks at."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Effect, Meaning, Probe, ProbeKind
from initlint.shell.language.syntax import Literal, Pattern
from initlint.shell.language.values import Argument, Value, resolve

_OF_FILE = regex("-[bcdefghkprsuwxGLNOS]")
_OF_TWO_FILES = ("-nt", "-ot", "-ef")


def of_test(words: Sequence[Argument], cwd: Value) -> Meaning:
    """What a test looks at: the files of `-e file`, `-S file`, `a -nt b`; it asks for the one it tests alone."""
    names = [word for before, word in itertools.pairwise(words) if _OF_FILE.fullmatch(_operator(before))]
    pairs = [index for index, word in enumerate(words) if _operator(word) in _OF_TWO_FILES]
    names += [words[near] for index in pairs for near in (index - 1, index + 1) if 0 <= near < len(words)]
    found = tuple(Effect(Action.LOOK, word.start, word.end, resolve(word.value, cwd)) for word in names)
    asked = (Probe(ProbeKind.FILE, found[0].start, found[0].end, path=found[0].path),) if len(found) == 1 else ()
    return Meaning(found, asked, is_known=True, is_complete=True)


def _operator(word: Argument) -> str:
    """The text of an operator; `-f` is a pattern to the parser."""
    return "".join(part.text for part in word.word.parts if isinstance(part, Literal | Pattern))
