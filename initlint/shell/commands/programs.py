"""The text of a program as a word of a command: what it touches, and where the word says so."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.shell.commands import codewaits, literals, python, pythonwaits
from initlint.shell.commands.meaning import Effect, Meaning, Probe, ProbeKind
from initlint.shell.commands.probes import asking
from initlint.shell.language.command import Command
from initlint.shell.language.syntax import Word
from initlint.shell.language.values import Argument, whole

WHOLE = ""
"""Stands among the variables where no others are set than these."""

# What a program reads variables of the environment by.
_READING = ("environ", "getenv", "process.env", "ENV[", "ENV.fetch", "$ENV{")


def may_read_variables(program: str) -> bool:
    """Whether a program's text reads variables of the environment."""
    return any(one in program for one in _READING)


def is_python(name: str) -> bool:
    """Whether a program of that name runs Python."""
    return name.startswith(("python", "pypy"))


def is_read(name: str) -> bool:
    """Whether it runs a language of which something is known."""
    return is_python(name) or literals.is_known(name) or name == "perl"


def of_text(found: Meaning, text: Argument, env: Mapping[str, str | None], name: str) -> Meaning:
    """What a command means that runs a program's text, where these variables have these values."""
    if text.text is None:
        return found
    if not is_python(name):
        seen = tuple(_effect(one, text) for one in literals.touches(text.text))
        return _asking_again(found._replace(effects=(*found.effects, *seen)), text, _set(text.text, env))
    known = _set(text.text, env)
    program = python.read(text.text, known)
    effects = tuple(_effect(one, text) for one in program.touches)
    found = found._replace(effects=(*found.effects, *effects), is_complete=program.is_complete)
    return waiting_for(found, text.text, text, env) if not found.probes else found


def _set(program: str, env: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    """The variables that a program may ask for, and their values."""
    return tuple((name, value) for name, value in env.items() if value is not None and name in program)


def _asking_again(found: Meaning, text: Argument, env: tuple[tuple[str, str], ...]) -> Meaning:
    """The same with what a program in another language waits for."""
    asked = codewaits.asked_again(text.text or "", env)
    if asked is None:
        return found
    start, end = _place(asked, text)
    probe = asking(ProbeKind.PORT, Argument(start, end, whole(asked.address), text.word))
    return found._replace(probes=(probe,), waits=True, limit_is_unknown=asked.is_bounded)


def waiting_for(found: Meaning, program: str, word: Argument, env: Mapping[str, str | None]) -> Meaning:
    """The same with what a Python program waits for; `word` is the program, or names it."""
    named = {name: value for name, value in env.items() if name in program}
    if None in named.values():
        named.pop(WHOLE, None)
    known = _set(program, named)
    asked = pythonwaits.dialled(program, known)
    if not asked:
        return found
    probes = tuple(_probe(one, word, program) for one in asked)
    is_bounded = all(one.is_bounded for one in asked)
    return found._replace(probes=probes, waits=True, limit_is_unknown=is_bounded, needs_each=True)


def fed_text(command: Command) -> Argument | None:
    """The text of a program that an interpreter reads from a here-document; None if something else tells it what."""
    is_told = any(not (word or "").startswith("-") or word == "-c" for word in command.words[1:])
    fed = [one for one in command.redirections if one.operator in ("<<", "<<-") and one.descriptor in ("", "0")]
    if len(fed) != 1 or is_told:
        return None
    return Argument(fed[0].start, fed[0].end, fed[0].word, Word(fed[0].start, fed[0].end))


def _effect(one: python.Touch, text: Argument) -> Effect:
    start, end = _place(one, text)
    return Effect(one.action, start, end, whole(one.path), one.is_directory, one.names, one.is_recursive)


def _probe(one: pythonwaits.Dialled, text: Argument, program: str) -> Probe:
    start, end = _place(one, text) if text.text == program else (text.start, text.end)
    kind = ProbeKind.NAME if one.only_name else ProbeKind.PORT
    return asking(kind, Argument(start, end, whole(one.address), text.word))


def _place(one: python.Touch | pythonwaits.Dialled | codewaits.AskedAgain, text: Argument) -> tuple[int, int]:
    """Where the word says it: in one that is written as it is, perhaps in quotes; else the word."""
    quotes = text.end - text.start - len(text.text or "")
    if quotes not in (0, 2):
        return text.start, text.end
    first = text.start + quotes // 2
    return first + one.start, first + one.end
