"""Commands that only root may run where another user does, or that root itself needs a capability for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

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
from initlint.shell.questions.capabilities import incapable
from initlint.shell.questions.rights import Forbidden as Forbidden
from initlint.shell.questions.rights import Words, called, is_of_root, is_run_otherwise, only_tells

_OWNERS_RIGHT = ("chown", "chgrp", "chmod")
_KERNEL = ("/proc/sys/", "/sys/")
_WITH_VERB = regex(r"(`[\w.-]+) [a-z]+(?=`)")
# Accounts of the system and of services, which have other numbers than people and apps, for any image that is known.
_USERS = {"root": {0}, "daemon": {1}, "bin": {2}, "nobody": {99, 65534}}
_SERVICES = ("haproxy", "memcache", "mongodb", "mysql", "nginx", "postgres", "rabbitmq", "redis", "www-data")


def forbidden(container: Container) -> Iterator[Forbidden]:
    """What a container does that needs root, which its user is known not to be, or a capability; each only once.

    `apt-get update` and `apt-get install` are one thing.
    """
    user, seen = user_of(container), set[str]()
    if user.is_root is not False:
        yield from incapable(container, user)
    for script in scripts(container) if user.is_root is False else ():
        for one in _of_script(script, user, directories_of_root(container)):
            what = _WITH_VERB.sub(r"\1", one.what)
            if what not in seen:
                seen.add(what)
                yield one


def _of_script(script: ContainerScript, user: User, directories: frozenset[str]) -> Iterator[Forbidden]:
    for command in script.commands or ():
        if not is_run_otherwise(script, command):
            yield from list(_of_command(script, command, user)) or _of_owner(script, command, user, directories)


def _of_owner(script: ContainerScript, command: Command, user: User, directories: frozenset[str]) -> list[Forbidden]:
    """What only the owner of a directory may do, whoever the new owner is to be, where the start-up fails with it."""
    first = command.arguments[0] if command.arguments else None
    is_one = first is not None and is_of_root(first.text) and command.name in _OWNERS_RIGHT
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
    if first and not command.context.is_elsewhere and is_of_root(first.text):
        what = _what(command, user, script.container)
        if what:
            yield Forbidden(script.span(first.start, first.end), what, user)
    for effect in meaning_of(command).effects:
        if effect.action in (Action.WRITE, Action.APPEND) and effect.path.known.startswith(_KERNEL):
            yield Forbidden(script.span(effect.start, effect.end), f"writes `{effect.path.known}`", user)
    for word in _entering(command):
        yield Forbidden(script.span(word.start, word.end), f"runs `{word.text}`", user)


def _what(command: Command, user: User, container: Container) -> str:
    words = command.words[1:]
    if command.name == "chown":
        return _chown(words, user, is_known=image_of(container) != UNKNOWN_IMAGE)
    meaning = meaning_of(command)
    if command.name == "install" and meaning.owner:
        owner, is_known = meaning.owner.text or "", image_of(container) != UNKNOWN_IMAGE
        return f"runs `install -o {owner}`" if _is_another(owner, user.uid, is_known=is_known) else ""
    is_refused = meaning.needs_root and not only_tells(command.name, words)
    return f"runs `{called(command)}`" if is_refused else ""


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


def _entering(command: Command) -> Iterator[syntax.Word]:
    """What enters other namespaces or another root."""
    statement = command.statement
    for word in statement.words if isinstance(statement, syntax.Simple) and command.context.is_elsewhere else ():
        if word.text in ("nsenter", "chroot"):
            yield word
