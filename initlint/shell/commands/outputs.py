"""What a program writes of which only its options are known: `-o /out/app.bin`, `--output-dir=/site`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Effect
from initlint.shell.commands.options import part
from initlint.shell.language.values import UNKNOWN, Argument

_FILE = regex(r"-o|--?(?:out|output|outfile|out-file|output-file|output-path)")
_DIRECTORY = regex(
    r"--?(?:outdir|outDir|(?:out|output|dest|destination|dst|target|download|extract|save|export)(?:[-_]\w+)?[-_](?:dir|directory|path)"
    r"|dest|destination|dst|into|to)|-D(?:mdep\.)?outputDirectory"
)


def told_outputs(words: Sequence[Argument]) -> Iterator[Effect]:
    """The absolute paths behind options that every program means alike; `-o json` is none."""
    for before, word in itertools.pairwise([*words[:1], *words]):
        known = word.value.known
        name, equals, _ = known.partition("=")
        if before is not word and known.startswith("/"):
            yield from _written(before.text or "", word)
        elif equals and known.startswith("-"):
            value = part(word, len(name) + 1)
            yield from _written(name, value) if value.value.known.startswith("/") else ()


def _written(option: str, path: Argument) -> Iterator[Effect]:
    if _FILE.fullmatch(option):
        yield Effect(Action.WRITE, path.start, path.end, path.value)
    elif _DIRECTORY.fullmatch(option):
        yield Effect(Action.WRITE, path.start, path.end, path.value, True, (UNKNOWN,))
