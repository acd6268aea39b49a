"""Whether the name of a file is the same each time that a container runs: by what the word is made of."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.model import Use
from initlint.shell.language.syntax import For, Literal, Part, Statement, Substitution, Variable, Word

_BY_CHANCE = frozenset({"date", "mktemp", "od", "openssl", "shuf", "uuidgen"})
_NUMBERS = frozenset({"$", "BASHPID", "EPOCHREALTIME", "EPOCHSECONDS", "RANDOM", "SECONDS", "SRANDOM"})
# They only make another text of their words, or say what the container is called.
_OF_TEXT = frozenset({"basename", "dirname", "echo", "hostname", "printf"})
# They set variables that their words name.
_SETTING = frozenset({"getopts", "let", "mapfile", "printf", "read", "readarray"})


def parts(use: Use) -> Iterator[Part]:
    """What the word that names the path is made of."""
    for argument in use.step.command.arguments:
        if argument.start <= use.effect.start < argument.end:
            yield from argument.word.parts


def is_of_one_run(part: Part, use: Use) -> bool:
    """Whether a part of a name is another one in each run: a time, a number by chance."""
    if isinstance(part, Substitution):
        return any(name_of(item.statement) in _BY_CHANCE for item in part.body.items)
    if not isinstance(part, Variable):
        return False
    statements = (one.command.statement for one in use.script.steps if part.name in one.command.assigned)
    values = (one.value for statement in statements for one in getattr(statement, "assignments", ()) if one.value)
    return part.name in _NUMBERS or any(
        isinstance(inner, Substitution) and is_of_one_run(inner, use) for value in values for inner in value.parts
    )


def is_same_again(use: Use) -> bool:
    """Whether the name of a file is the same in each run: all of it is known, or a list of files decides it."""
    if len(use.paths) != 1 or use.text is not None:
        return use.text is not None
    word = _target(use)
    return word is not None and all(_is_fixed(part, use) for part in word.parts)


def _target(use: Use) -> Word | None:
    """The word that names the path, of an argument or a redirection."""
    command = use.step.command
    words = [one.word for one in command.arguments]
    words += [one.target for one in getattr(command.statement, "redirects", ()) if one.target]
    return next((one for one in words if one.start <= use.effect.start < one.end), None)


def _is_fixed(part: Part, use: Use, seen: tuple[str, ...] = ()) -> bool:
    """Whether a part of a name is made of words, of variables that the container has, and of what a loop goes over."""
    if isinstance(part, Literal):
        return True
    if isinstance(part, Substitution):
        items = [item.statement for item in part.body.items]
        inner = [one for item in items for word in getattr(item, "words", ()) for one in word.parts]
        return all(name_of(item) in _OF_TEXT for item in items) and all(_is_fixed(one, use, seen) for one in inner)
    if not isinstance(part, Variable) or part.name in (*seen, *_NUMBERS) or not part.name.isidentifier():
        return False
    if "$(" in part.operation or "`" in part.operation:
        return False
    loops = (one.statement for one in use.script.loops if one.start in use.step.command.context.loops)
    if any(isinstance(one, For) and one.name == part.name for one in loops):
        return True
    if part.name in _set_by_others(use):
        return False
    further = (*seen, part.name)
    return all(value and all(_is_fixed(one, use, further) for one in value.parts) for value in _values(part.name, use))


def _values(name: str, use: Use) -> list[Word | None]:
    """What a script gives to a variable; empty if that comes with the container."""
    statements = (one.command.statement for one in use.script.steps if name in one.command.assigned)
    given = (one for statement in statements for one in getattr(statement, "assignments", ()) if one.name == name)
    return [one.value for one in given]


def _set_by_others(use: Use) -> set[str]:
    """The variables that commands set: `read`, `mapfile`, `printf -v`, `getopts`."""
    setting = [one.command for one in use.script.steps if one.command.name in _SETTING]
    return {word for command in setting for word in command.words[1:] if word}


def name_of(statement: Statement) -> str | None:
    """The program that a simple command calls, if its name is known."""
    words: tuple[Word, ...] = getattr(statement, "words", ())
    return words[0].text if words else None
