"""Commands that only root may run, and that a container runs as another user."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import normpath
from typing import NamedTuple

from initlint.finding import Where
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.facts import meaning_of
from initlint.shell.commands.meaning import Action
from initlint.shell.container.images import UNKNOWN_IMAGE, image_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.container.user import User, directories_of_root, user_of
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.questions.provided import failed_before

Words = Sequence[str | None]

_CHANGING_USER = ("sudo", "doas", "gosu", "su-exec", "su", "runuser", "setpriv", "fakeroot")
_OWNERS_RIGHT = ("chown", "chgrp", "chmod")
_ASKING = regex(r"\bid\b|\bwhoami\b|\bE?UID\b")
_KERNEL = ("/proc/sys/", "/sys/")
# Accounts of the system and of services, which have other numbers than people and apps, for any image that is known.
_USERS = {"root": {0}, "daemon": {1}, "bin": {2}, "nobody": {99, 65534}}
_SERVICES = ("haproxy", "memcache", "mongodb", "mysql", "nginx", "postgres", "rabbitmq", "redis", "www-data")


class Forbidden(NamedTuple):
    """A command that fails for want of root. `what` is what it is called in a sentence.

    `is_of_volume`: it is not for anybody but the owner of a volume.
    """

    where: Where
    what: str
    user: User
    is_of_volume: bool = False


def forbidden(container: Container) -> Iterator[Forbidden]:
    """What a container does that needs root, which its user is known not to be; each only once."""
    user, seen = user_of(container), set[str]()
    for script in scripts(container) if user.is_root is False else ():
        for one in _of_script(script, user, directories_of_root(container)):
            if one.what not in seen:
                seen.add(one.what)
                yield one


def _of_script(script: ContainerScript, user: User, directories: frozenset[str]) -> Iterator[Forbidden]:
    for command in script.commands or ():
        if not _is_root_somehow(script, command):
            yield from list(_of_command(script, command, user)) or _of_owner(script, command, user, directories)


def _of_owner(script: ContainerScript, command: Command, user: User, directories: frozenset[str]) -> list[Forbidden]:
    """What only the owner of a directory may do, whoever the new owner is to be, where the start-up fails with it."""
    first = command.arguments[0] if command.arguments else None
    is_one = first is not None and _is_by_name(first.text) and command.name in _OWNERS_RIGHT
    if not first or not is_one or not directories or command.context.is_elsewhere:
        return []
    changed = [effect.path.text for effect in meaning_of(command).effects if effect.action is Action.CHANGE]
    theirs = [path for path in changed if path and normpath(path) in directories]
    if not theirs or not script.fails_with(command):
        return []  # the app may write there all the same
    what = f"runs `{command.name}` on `{theirs[0]}`, a directory of root,"
    return [Forbidden(script.span(first.start, first.end), what, user, is_of_volume=True)]


def _of_command(script: ContainerScript, command: Command, user: User) -> Iterator[Forbidden]:
    first = command.arguments[0] if command.arguments else None
    if first and not command.context.is_elsewhere and _is_by_name(first.text):
        what = _what(command, user, script.container)
        if what:
            yield Forbidden(script.span(first.start, first.end), what, user)
    for effect in meaning_of(command).effects:
        if effect.action in (Action.WRITE, Action.APPEND) and effect.path.known.startswith(_KERNEL):
            yield Forbidden(script.span(effect.start, effect.end), f"writes `{effect.path.known}`", user)
    for word in _entering(command):
        yield Forbidden(script.span(word.start, word.end), f"runs `{word.text}`", user)


def _is_by_name(word: str | None) -> bool:
    """Whether a program is the one that its name says, not one of an application's own."""
    return word is not None and ("/" not in word or re.match(r"/(?:usr/)?s?bin/", word) is not None)


def _is_root_somehow(script: ContainerScript, command: Command) -> bool:
    """Whether it may be root there, asks for it, has a function of that name, or may fail on purpose."""
    guards = (guard.statement for guard in command.context.guards)
    return (
        bool(set(command.wrappers) & set(_CHANGING_USER))
        or any(_ASKING.search(script.script.text_of(one)) for one in guards)
        or any(command.name in one.context.functions or _is_by_su(command, one) for one in script.commands or ())
        or _may_fail(script, command)
    )


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


def _what(command: Command, user: User, container: Container) -> str:
    words = command.words[1:]
    if command.name == "chown":
        return _chown(words, user, is_known=image_of(container) != UNKNOWN_IMAGE)
    meaning = meaning_of(command)
    if command.name == "install" and meaning.owner:
        owner, is_known = meaning.owner.text or "", image_of(container) != UNKNOWN_IMAGE
        return f"runs `install -o {owner}`" if _is_another(owner, user.uid, is_known=is_known) else ""
    is_refused = meaning.needs_root and not _only_tells(command.name, words)
    return f"runs `{' '.join([command.name, *_verb(words)])}`" if is_refused else ""


def _only_tells(name: str, words: Words) -> bool:
    """`mount` alone, and what is asked for its options."""
    return bool({"--help", "--version", "-h"} & set(words)) or (name == "mount" and words in ([], ["-l"]))


def _chown(words: Words, user: User, *, is_known: bool) -> str:
    """The owner must be another one: what the process owns it may keep, and give to its groups."""
    operands = [word for word in words if word is None or not word.startswith("-")]
    if not operands or operands[0] is None or any((word or "").startswith("--reference") for word in words):
        return ""
    owner = re.split(r"[:.]", operands[0], maxsplit=1)[0]
    return f"runs `chown {operands[0]}`" if _is_another(owner, user.uid, is_known=is_known) else ""


def _is_another(owner: str, uid: int | None, *, is_known: bool) -> bool:
    if owner.isdecimal():
        return int(owner) != uid if uid is not None else int(owner) == 0
    if owner in _SERVICES:
        return is_known and uid is not None and (uid == 1000 or uid > 1001)
    return owner in _USERS and (uid is not None or owner == "root") and uid not in _USERS[owner]


def _verb(words: Words) -> list[str]:
    """The word that says what a package manager or `ip` does."""
    return [word for word in words[:1] if word and re.fullmatch(r"[a-z]+|-w", word)]


def _entering(command: Command) -> Iterator[syntax.Word]:
    """What enters other namespaces or another root."""
    statement = command.statement
    for word in statement.words if isinstance(statement, syntax.Simple) and command.context.is_elsewhere else ():
        if word.text in ("nsenter", "chroot"):
            yield word
