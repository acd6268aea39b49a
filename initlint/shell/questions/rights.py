"""What a command needs that not everybody may do, and whether it is meant to run as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from initlint.finding import Where
from initlint.regex import regex
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.user import User
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.questions.provided import failed_before
from initlint.text.tree import Node

Words = Sequence[str | None]

_CHANGING_USER = ("sudo", "doas", "gosu", "su-exec", "su", "runuser", "setpriv", "fakeroot")
_TELLING = ("id", "whoami")
_ASKING = regex(r"\bid\b|\bwhoami\b|\bE?UID\b")


class Forbidden(NamedTuple):
    """A command that fails for want of root, or of a capability. `what` is what it is called in a sentence.

    `is_of_volume`: it is not for anybody but the owner of a volume. `dropped` takes the capability from root.
    """

    where: Where
    what: str
    user: User
    is_of_volume: bool = False
    capability: str = ""
    dropped: Node | None = None


def is_of_root(word: str | None) -> bool:
    """Whether a program is the one that its name says, not one of an application's own."""
    return word is not None and ("/" not in word or re.match(r"/(?:usr/)?s?bin/", word) is not None)


def is_run_otherwise(script: ContainerScript, command: Command) -> bool:
    """Whether it may be another user there, asks for it, has a function of that name, or may fail on purpose."""
    guards = (guard.statement for guard in command.context.guards)
    return (
        command.runs_as is not None
        or bool(set(command.wrappers) & set(_CHANGING_USER))
        or any(_asks_for_user(one, script) for one in guards)
        or any(command.name in one.context.functions or _is_by_su(command, one) for one in script.commands or ())
        or _may_fail(script, command)
    )


def _asks_for_user(statement: syntax.Statement, script: ContainerScript) -> bool:
    """Whether a condition depends on the user; a plain `id` only tells who it is, and succeeds."""
    if isinstance(statement, syntax.AndOr):
        return any(_asks_for_user(one, script) for one in (statement.left, statement.right))
    is_told = isinstance(statement, syntax.Simple) and statement.name in _TELLING
    options = [word.text for word in statement.words[1:]] if is_told and isinstance(statement, syntax.Simple) else []
    is_plain = is_told and all(one and one.startswith("-") for one in options)
    return not is_plain and bool(_ASKING.search(script.script.text_of(statement)))


def _is_by_su(command: Command, other: Command) -> bool:
    return other.name == "su" and other.start <= command.start < other.end


def _may_fail(script: ContainerScript, command: Command) -> bool:
    """Whether the script goes on as if all were well where the command fails: `|| true`."""
    others = [
        other
        for other in script.commands or ()
        if any(one.start <= command.start < one.end for one in failed_before(other))
    ]
    return bool(others) and not any(other.name in ("exit", "return", "false") for other in others)


def called(command: Command) -> str:
    """A command with the word that says what a package manager or `ip` does."""
    return " ".join([command.name, *(word for word in command.words[1:2] if word and re.fullmatch(r"[a-z]+|-w", word))])


def only_tells(name: str, words: Words) -> bool:
    """`mount` alone, and what is asked for its options."""
    return bool({"--help", "--version", "-h", "-V"} & set(words)) or (name == "mount" and words in ([], ["-l"]))
