"""Users that a script names and its image surely does not have: silent where anything may have added them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.finding import Where
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.facts import meaning_of
from initlint.shell.container.images import image_of
from initlint.shell.container.mounts import within
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.language.command import Command
from initlint.shell.questions.privilege import forbidden
from initlint.shell.questions.provided import may_add_users
from initlint.shell.questions.rights import is_run_otherwise

_NAME = regex(r"[a-z_][a-z0-9_-]*")
_FILES = ("/etc/passwd", "/etc/nsswitch.conf")


class MissingUser(NamedTuple):
    """A user to whom `command` gives files, and whom the image does not have."""

    where: Where
    name: str
    command: str


def missing_users(container: Container) -> Iterator[MissingUser]:
    """The users that a container gives files to and its image does not have, each once."""
    known = image_of(container).accounts
    is_changed = any(within(path, str(mount.path.value)) for mount in container.mounts for path in _FILES)
    if not known or is_changed:
        return
    seen, refused = set[str](), {one.where for one in forbidden(container)}  # these fail for want of root already
    for script in scripts(container):
        for one in _of_script(script, known):
            if one.name not in seen and one.where not in refused:
                seen.add(one.name)
                yield one


def _of_script(script: ContainerScript, known: frozenset[str]) -> Iterator[MissingUser]:
    commands = script.commands or ()
    for command in commands:
        name = _owner(command)
        is_here = bool(name) and name not in known and not command.context.is_elsewhere
        if is_here and not is_run_otherwise(script, command) and not any(map(may_add_users, commands)):
            first = command.arguments[0]
            yield MissingUser(script.span(first.start, first.end), name, command.name)


def _owner(command: Command) -> str:
    """The name of the user to whom a command gives files; empty if it is a number, or not known."""
    owner = meaning_of(command).owner if command.name in ("chown", "install") else None
    name = (owner.text or "" if owner else "").partition(":")[0]
    return name if _NAME.fullmatch(name) else ""
