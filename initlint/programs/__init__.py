"""Which commands and images are known to run for ever: servers, proxies, agents and what else never exits by itself.

All that is known stands in `programs.yaml`. There are two answers: it runs for ever (an `Endless`), or it is not known
to (None). A word, a variable or a program that is not known never counts against anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from initlint.kube import image as references

Environment = Mapping[str, str | None] | None
"""Values by name. None for a value: set to something unknown. None for all: any variable may be set."""

_DATA = Path(__file__).with_name("programs.yaml")
_ENDS_ANYTHING = ("--help", "--version", "help", "version")
_BETWEEN_TOKENS = re.compile(r"[\s=;,]+")
_BUNDLED_LETTERS = re.compile(r"-[A-Za-z]{2,3}")


class Program(NamedTuple):
    """What one executable does; the fields are explained at the top of `programs.yaml`."""

    name: str
    does: str
    source: str
    also: Sequence[str] = ()
    runs: Sequence[str] = ()
    needs: Sequence[str] = ()
    ends: Sequence[str] = ()
    ends_env: Mapping[str, Sequence[str]] = {}
    quit: str = ""


class Image(NamedTuple):
    """What an image runs when the manifest gives no `command`."""

    names: Sequence[str]
    program: str
    args: str
    source: str
    default: str = ""
    tag: str = ""


class Endless(NamedTuple):
    """A program that runs for ever. `culprit` is the index of the word that names it; None if the image does."""

    program: str
    does: str
    culprit: int | None
    quit: str = ""


class Data(NamedTuple):
    """The data file, by every name of a program and of an image."""

    wrappers: Mapping[str, Mapping[str, Any]]
    programs: Mapping[str, Program]
    images: Mapping[str, Image]


def of_command(argv: Sequence[str | None], env: Environment = None) -> Endless | None:
    """What this command runs for ever, if it is known to; None in place of a word means that the word is not known."""
    culprit = _behind_wrappers(argv)
    word = argv[culprit] if culprit < len(argv) else None
    program = word and (load().programs.get(word) or load().programs.get(_base(word)))
    if not program or not _runs_for_ever(program, argv[culprit + 1 :]):
        return None
    if program.ends_env and _ended_by_env(program, None if culprit else env):
        return None  # what stands before the program, such as env, may have changed the variables
    return Endless(program.name, program.does, culprit, program.quit)


def of_image(image: str, args: Sequence[str | None] | None, env: Environment) -> Endless | None:
    """What a container without `command` runs for ever, if it is known to. Empty `args` are as good as none."""
    known = _find_image(image)
    if known is None:
        return None
    if args and _is_command(known, args[0]):
        return of_command(args, env)
    endless = of_command([*known.program.split(), *(args or known.default.split())], env)
    return endless and endless._replace(culprit=None)


@cache
def load() -> Data:
    """The data file."""
    raw = yaml.load(_DATA.read_text(encoding="utf-8"), yaml.CSafeLoader)
    programs = [
        Program(name, **{field.replace("-", "_"): value for field, value in entry.items()})
        for name, entry in raw["programs"].items()
    ]
    return Data(
        raw["wrappers"],
        {name: named for program in programs for name, named in _by_name(program)},
        {name: image for image in (Image(**entry) for entry in raw["images"]) for name in image.names},
    )


def _by_name(program: Program) -> Iterator[tuple[str, Program]]:
    """A message says the name that the manifest uses; of a script, whose path says little, that of the program."""
    yield program.name, program
    for name in program.also:
        yield name, program if "/" in name else program._replace(name=name)


def _base(path: str | None) -> str:
    return (path or "").rpartition("/")[2]


def _behind_wrappers(argv: Sequence[str | None]) -> int:
    """Index of the first word that is not part of a wrapper such as `exec`, `env A=b` or `tini --`."""
    index = 0
    while index < len(argv) and (wrapper := load().wrappers.get(_base(argv[index]))) is not None:
        index = _behind_options(argv, index + 1, wrapper.get("takes", ())) + wrapper.get("words", 0)
    return index


def _behind_options(argv: Sequence[str | None], index: int, takes: Sequence[str]) -> int:
    while index < len(argv) and (word := argv[index]) and (word.startswith("-") or "=" in word):
        if word == "--":
            return index + 1
        index += 2 if word in takes else 1
    return index


def _runs_for_ever(program: Program, arguments: Sequence[str | None]) -> bool:
    words = [word for word in arguments if word is not None]
    if program.ends and len(words) < len(arguments):
        return False  # the unknown word may be the one that ends it
    tokens = list(_tokens(words))
    letters = [f"-{letter}" for word in words if _BUNDLED_LETTERS.fullmatch(word) for letter in word[1:]]
    return (
        not _contains([*tokens, "", *letters], [*program.ends, *_ENDS_ANYTHING])
        and (not program.needs or _contains(tokens, program.needs))
        and (not program.runs or any(_begins(arguments, run.split()) for run in program.runs))
    )


def _tokens(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield from (token.replace("--", "-", 1) for token in _BETWEEN_TOKENS.split(word) if token)


def _contains(tokens: Sequence[str], phrases: Sequence[str]) -> bool:
    text = f" {' '.join(tokens)} "
    return any(f" {' '.join(_tokens([phrase]))} " in text for phrase in phrases)


def _begins(arguments: Sequence[str | None], first: Sequence[str]) -> bool:
    """Whether these are the first words, options left out. An unknown word is a word, but none of them."""
    words = [word for word in arguments if word is None or not word.startswith("-")]
    return words[: len(first)] == first if first else not words


def _ended_by_env(program: Program, env: Environment) -> bool:
    values = {name: None if env is None else env.get(name, "") for name in program.ends_env}
    return any(
        value is None or value.lower() in (ending.lower() for ending in program.ends_env[name])
        for name, value in values.items()
    )


def _find_image(image: str) -> Image | None:
    reference = references.parse(image)
    parts = reference.repository.split("/")
    for start in range(len(parts)):
        known = load().images.get("/".join(parts[start:]))
        several_parts = start < len(parts) - 1
        if known and (several_parts or start == 0 or parts[start - 1] == "library"):
            return known if not known.tag or known.tag in re.split(r"[-.]", reference.tag) else None
    return None


def _is_command(image: Image, first: str | None) -> bool:
    """Whether `args` that begin with this word replace the program, as they also do where they repeat its name."""
    if image.args == "replaced" or _base(first) == image.program.split()[0]:
        return True
    return image.args == "command" and not (first or "").startswith("-")
