"""Which files a command touches that names them all at once: by the words of a loop, a pattern, or `find`."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from initlint.flow.model import WRITES, Use
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import within
from initlint.shell.language.command import Guard
from initlint.shell.language.syntax import For, Pattern, Test, Variable
from initlint.shell.language.values import whole

_MAGIC = frozenset("*?[")
_SAYING = frozenset({"", "cd", "echo", "printf", "set", "true", ":"})


class Entry(NamedTuple):
    """A file or a directory that is known to be there, as the container names it."""

    path: str
    is_directory: bool


def each_of(use: Use, known: Iterable[Entry]) -> list[Use]:
    """The use as it befalls each file; one that is not taken apart stays as it is."""
    texts = _in_rounds(use)
    if texts:
        return [_at(use, text) for text in texts]
    if use.action not in (Action.CHANGE, Action.REMOVE):
        return [use]
    if use.step.command.name == "find":
        return _of_find(use, known)
    pattern = _pattern(use)
    if pattern is None:
        return [use]
    return [_at(use, path) for path in dict.fromkeys(_matching(pattern, known, is_tree=use.is_tree))]


def is_sure(use: Use) -> bool:
    """Whether a command runs whenever the script comes past, as far as it goes well."""
    context = use.step.command.context
    is_certain = context.is_certain or _is_first_of_all(use)
    return is_certain and all(_is_gone_well(guard, use) for guard in context.guards)


def _at(use: Use, path: str) -> Use:
    return dataclasses.replace(use, paths=(whole(posixpath.normpath(path)),))


def _in_rounds(use: Use) -> Sequence[str]:
    """What the path is in each round of a loop through words that are all known."""
    if len(use.paths) != 1 or use.paths[0].is_whole or use.action not in (*WRITES, Action.CHANGE, Action.REMOVE):
        return ()
    values = [(one.start, one.value) for one in use.step.command.arguments]
    values += [(one.start, one.word) for one in use.step.command.redirections]
    each = next((value.each for start, value in values if start == use.effect.start), None)
    texts = each.texts if each and use.effect.is_directory is not True else ()
    is_plain = all(text.startswith("/") and not text.endswith("/") and not _MAGIC & set(text) for text in texts)
    return texts if is_plain else ()


def _pattern(use: Use) -> str | None:
    """The pattern that the path is, or through which the loop goes whose variable it is."""
    if use.of_pattern is not None:
        return use.written
    loop = _loop(use)
    word = loop.words[0] if loop and loop.words is not None and len(loop.words) == 1 else None
    part = word.parts[-1] if word and word.parts else None
    argument = next((one for one in use.step.command.arguments if one.start == use.effect.start), None)
    names = [one.name if isinstance(one, Variable) else None for one in argument.word.parts] if argument else []
    if loop is None or names != [loop.name] or not isinstance(part, Pattern) or not word or len(word.parts) > 1:
        return None
    return part.text if part.text.startswith("/") else None


def _loop(use: Use) -> For | None:
    """The only loop around a command, if it goes through words."""
    around = use.step.command.context.loops
    found = [one.statement for one in use.script.loops if one.start in around]
    return found[0] if len(found) == len(around) == 1 and isinstance(found[0], For) else None


def _is_first_of_all(use: Use) -> bool:
    """Whether a loop through a pattern stands for itself in the script, and the command in the loop."""
    loop, command = _loop(use), use.step.command
    items = use.script.script.body.items
    is_top = loop is not None and any(item.statement is loop for item in items)
    return loop is not None and is_top and any(item.statement is command.statement for item in loop.body.items)


def _matching(pattern: str, known: Iterable[Entry], *, is_tree: bool) -> Iterator[str]:
    """What a pattern in the last part of a path stands for; of a tree also what lies deeper is of its top."""
    folder, name = posixpath.split(pattern.rstrip("/"))
    for one in known:
        parts = one.path.removeprefix(folder + "/").split("/") if within(one.path, folder) else [""]
        is_hit = bool(parts[0]) and fnmatchcase(parts[0], name) and not parts[0].startswith(".")
        is_whole = len(parts) == 1 and (one.is_directory or not pattern.endswith("/"))
        if is_hit and (is_whole or (is_tree and len(parts) > 1)):
            yield f"{folder}/{parts[0]}"


def _of_find(use: Use, known: Iterable[Entry]) -> list[Use]:
    """What `find … -exec chmod` or `-delete` befalls; where it asks for more than names and kinds, it is left."""
    step = use.step
    arguments = step.command.arguments
    words = step.command.words
    begins = [index for index, word in enumerate(words) if word in ("-exec", "-delete")]
    tests = _tests(words[2 : begins[0]]) if len(begins) == 1 and len(words) > 2 else None
    ends = [
        index for index, word in enumerate(words) if word in (";", "+", "-delete") and begins and index >= begins[0]
    ]
    root = words[1] if len(words) > 1 else None
    if tests is None or not ends or root is None or not root.startswith("/"):
        return [use]
    is_run = words[begins[0]] == "-exec"
    inner = (
        step if not is_run else Step(step.command._replace(arguments=arguments[begins[0] + 1 : ends[0]]), step.meaning)
    )
    plain = dataclasses.replace(use, step=inner, is_tree=False)
    return [_at(plain, one.path) for one in known if within(one.path, root.rstrip("/")) and _passes(one, tests)]


def _tests(words: Sequence[str | None]) -> dict[str, str] | None:
    """The names and kinds that `find` asks for; None if it asks for anything else."""
    if len(words) % 2 or any(word is None for word in words):
        return None
    pairs = dict(zip((one or "" for one in words[::2]), (one or "" for one in words[1::2]), strict=True))
    is_known = pairs.keys() <= {"-name", "-type"} and pairs.get("-type", "f") in ("f", "d")
    return pairs if is_known and len(pairs) == len(words) // 2 else None


def _passes(one: Entry, tests: dict[str, str]) -> bool:
    kind = tests.get("-type")
    is_kind = kind is None or (kind == "d") is one.is_directory
    return is_kind and fnmatchcase(posixpath.basename(one.path), tests.get("-name", "*"))


def _is_gone_well(guard: Guard, use: Use) -> bool:
    """Whether a guard only says that what the script does before has gone well: `cp a b && chmod 400 b`.

    Not meant: `[ "$CLOSED" ] && chmod 400 b`. Of a condition whose other branch fails the way itself says so.
    """
    if not use.script.script.text[guard.statement.end :].lstrip().startswith("&&"):
        return True
    asked = [one for one in use.script.steps if guard.start <= one.command.start < guard.statement.end]
    is_done = all(one.meaning.is_significant or one.command.name in _SAYING or _is_written(one) for one in asked)
    return guard.succeeded and bool(asked) and is_done and not isinstance(guard.statement, Test)


def _is_written(step: Step) -> bool:
    """Whether what a command says goes into a file: `cat a b > c`."""
    return any(one.writes for one in step.command.redirections)
