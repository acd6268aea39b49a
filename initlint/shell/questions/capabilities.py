"""Commands that need a capability which their container does not have: whoever runs them there, root too."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.pods.container import Container
from initlint.shell.commands.facts import meaning_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.container.user import User
from initlint.shell.language.command import Command
from initlint.shell.questions.rights import Forbidden, called, is_of_root, is_run_otherwise, only_tells
from initlint.text.tree import Node


def incapable(container: Container, user: User) -> Iterator[Forbidden]:
    """What a container does without the capability for it, the first for each of them."""
    security = container.node["securityContext"]
    is_plain = not security["privileged"] or security["privileged"].truth is False
    if not is_plain or container.pod.node["runtimeClassName"]:  # nothing is known of other sandboxes
        return
    seen = set[str]()
    for script in scripts(container):
        for one in _of_script(script, user):
            if one.capability not in seen:
                seen.add(one.capability)
                yield one


def _of_script(script: ContainerScript, user: User) -> Iterator[Forbidden]:
    for command in script.commands or ():
        needed = _needed(command, user)
        is_meant = needed and not command.context.is_elsewhere and not is_run_otherwise(script, command)
        if not is_meant or next(_named(script.container, "add", needed), None):
            continue
        first, dropped = command.arguments[0], next(_named(script.container, "drop", needed), None)
        # Of those that any root has, it must be taken away.
        if is_of_root(first.text) and (dropped or meaning_of(command).capability):
            where = script.span(first.start, first.end)
            yield Forbidden(where, f"runs `{called(command)}`", user, capability=needed, dropped=dropped)


def _needed(command: Command, user: User) -> str:
    """The capability that a command needs, if it does what it is called for."""
    meaning = meaning_of(command)
    if only_tells(command.name, command.words[1:]):
        return ""
    gives = command.name in ("chown", "install") and user.is_root is True and _gives_away(command)
    return "CHOWN" if gives else meaning.capability


def _gives_away(command: Command) -> bool:
    """Whether the owner is surely to be another than root, who may keep what is his and give it to his groups."""
    owner = meaning_of(command).owner
    name = (owner.text or "" if owner else "").replace(".", ":").partition(":")[0]
    return name not in ("", "0", "root")


def _named(container: Container, field: str, capability: str) -> Iterator[Node]:
    """Where a list names a capability, with the prefix that some runtimes take too, or all of them."""
    for one in container.node["securityContext"]["capabilities"][field]:
        if str(one.value).upper().removeprefix("CAP_") in (capability, "ALL"):
            yield one
