"""What the commands of a script need of others besides their paths: namespaces, and the files of packages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.products import products, written
from initlint.shell.language.values import Argument

_KUBECTL = ("kubectl", "oc", "kubecolor")
_IN_NAMESPACES = (*_KUBECTL, "helm")
_CREATING = regex(r"create (?:ns|namespace|project)|new-project")
_OPTION = regex(r"(?:-n|--namespace)(?:=(.+))?", re.DOTALL)
_DOCUMENT = regex(r"kind:[ \t]*Namespace\b(?:(?!---)[\s\S]){0,400}?\bname:[ \t]*['\"]?([^\s'\"]+)")
_MAKING = frozenset({"add", "create", "declare", "init", "mb", "new"})
_PATTERN = regex(r"(/[^*?\[{$\"'`]*)/([^/$\"'`]*[*?\[][^/$\"'`]*)")
_FORCE = regex(r"-[A-Za-z]*f[A-Za-z]*|--force")
# Where packages put their files; what images are made for mostly lies elsewhere.
_OF_PACKAGES = regex(r"/(?:etc|lib|lib64|opt|sbin|bin|usr|var/lib)/.+")


def namespaces(step: Step, steps: Sequence[Step], text: str) -> set[str]:
    """The namespaces that a command makes, also of what comes to it through a pipe; as they are written."""
    if step.command.name not in _KUBECTL:
        return set()
    stage, stages = step.command.context.stage
    earlier = itertools.takewhile(lambda one: one is not step, steps)
    before = [one for one in earlier if one.command.context.stage[1] == stages > 1]
    piped = before[len(before) - stage :] if stage else []
    found = {name for one in (*piped, step) for name in _created(one, text)}
    return found | {match[1] for match in _DOCUMENT.finditer(text, step.command.start, step.command.end)}


def _created(step: Step, text: str) -> Iterator[str]:
    words = [one for one in step.command.arguments[1:] if not (one.text or "").startswith("-")]
    verbs = _CREATING.match(" ".join(one.text or "" for one in words[:2]))
    if step.command.name in _KUBECTL and verbs:
        yield from (_written(one, text) for one in words[len(verbs[0].split()) :][:1])


def is_in_namespace(step: Step, names: AbstractSet[str], text: str) -> bool:
    """Whether a command works in one of these namespaces, which must be there."""
    if not names or step.command.name not in _IN_NAMESPACES or "--create-namespace" in step.command.words:
        return False
    for one, following in itertools.pairwise([*step.command.arguments, None]):
        match = _OPTION.fullmatch(_written(one, text)) if one else None
        given = match and (match[1] or (following and _written(following, text)))
        if given and given.strip("\"'") in names:
            return True
    return False


def _written(argument: Argument, text: str) -> str:
    """A word, or how it is written where that is not known."""
    return argument.text if argument.text is not None else text[argument.start : argument.end].strip("\"'")


def may_be_of_package(step: Step, install: Step, there: AbstractSet[str]) -> bool:
    """Whether a command reads what may be the files of a package that is installed: they need not bear its name."""
    reads = [one.path.known for one in step.meaning.effects if one.action is Action.READ and one.path.is_whole]
    return install.meaning.lasts == "image" and any(
        _OF_PACKAGES.fullmatch(path) and not any(path == one or path.startswith(f"{one}/") for one in there if one)
        for path in reads
    )


def is_of_made(step: Step, on: Step) -> bool:
    """Whether a program is told to work on what another call of it makes elsewhere: `mc mb s/b`, `mc ls s/b/x`."""
    made = _made_elsewhere(on)
    if not made or step.command.name != on.command.name or _made_elsewhere(step) == made:
        return False
    return any(word == made or word.startswith(f"{made}/") or word.endswith(f"={made}") for word in _texts(step))


def _made_elsewhere(step: Step) -> str:
    """The name of what a command makes, which stands last, behind what says that; empty if it makes nothing there."""
    words = [word for word in _texts(step) if not word.startswith("-")]
    verb = next((at for at, word in enumerate(words[:3]) if word in _MAKING), None)
    is_there = verb is not None and len(words) > verb + 1 and not step.meaning.effects
    return words[-1] if is_there else ""


def finds_nothing(step: Step, on: Step, steps: Sequence[Step], text: str, there: AbstractSet[str]) -> bool:
    """Whether it works on all files of a pattern, where nothing brings such files but the command that has failed."""
    for effect in step.meaning.effects if step.meaning.can_fail else ():
        match = (
            _PATTERN.fullmatch(written(effect, text)) if effect.action not in (Action.WRITE, Action.APPEND) else None
        )
        if match:
            brings = [one for one in steps if one is not step and _brings(one, match, text, there)]
            return bool(brings) and all(one.command.statement is on.command.statement for one in brings)
    return False


def _brings(step: Step, pattern: re.Match[str], text: str, there: AbstractSet[str]) -> bool:
    """Whether a command makes a file, or whatever, that a pattern is for."""
    folder = f"{pattern[1]}/"
    paths = [one.path.rstrip("/") + "/" for one in products(step, text, there) if not one.is_directory]
    inside = [path.removeprefix(folder).partition("/")[0] for path in paths if path.startswith(folder)]
    return any(not name or fnmatchcase(name, pattern[2]) for name in inside)


def removes_in_vain(step: Step, download: Step) -> bool:
    """Whether `rm` without `-f` takes away the file of a download, which there is not if that has failed."""
    if step.command.name != "rm" or not download.meaning.downloads or any(map(_FORCE.fullmatch, _texts(step))):
        return False
    poured = {one.start for one in download.command.redirections}
    written = {
        one.path.text for one in download.meaning.effects if one.action is Action.WRITE and one.start not in poured
    }
    return any(one.path.is_whole and one.path.text in written for one in step.meaning.effects)


def _texts(step: Step) -> list[str]:
    return [word or "" for word in step.command.words[1:]]
