"""Programs that a container calls and its image surely does not have: silent where anything may have brought them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from initlint.finding import Where
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.table import builtin
from initlint.shell.commands.wrappers import ENTERING, unwrap
from initlint.shell.container.images import ImageFacts, Shell, image_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts, words_of
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.shells import is_shell
from initlint.shell.language.syntax import Word
from initlint.shell.language.values import UNKNOWN, Argument, whole
from initlint.shell.questions.accounts import missing_users
from initlint.shell.questions.provided import PATH, Provided, is_let_go
from initlint.text.tree import Scalar

_PROGRAM = regex(r"[A-Za-z0-9][\w.+-]*")
# What some shell has built in; whether this one has is a matter of its dialect.
_BUILT_IN = frozenset({
    ".", ":", "[", "[[", "((", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "chdir",
    "command", "compgen", "complete", "continue", "coproc", "declare", "dirs", "disown", "echo",
    "enable", "eval", "exec", "exit", "export", "false", "fc", "fg", "getopts", "hash", "help",
    "history", "jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd",
    "read", "readarray", "readonly", "return", "select", "set", "shift", "shopt", "source", "suspend",
    "test", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait",
})  # fmt: skip
_KEYWORDS = frozenset({"until", "while", "for", "if", "case", "set", "echo", "exec", "export"})
# What they run is of a project's own packages, not of the image.
_OF_PROJECTS = frozenset({"bundle", "npx", "pipenv", "poetry", "uv"})


class MissingTool(NamedTuple):
    """A program that is not there. `is_first`: the container itself is started with it; `has_no_shell`: with no other,
    either; `in_loop`: it is asked again and again; `is_line`: it is a program with its arguments in one word, or, where
    it is not the first, a whole script in quotes; `may_fail`: the script lets it go. `user`: the program is there, but
    not the user to whom it gives files.
    """

    where: Where
    name: str
    has_no_shell: bool = False
    is_first: bool = False
    in_loop: bool = False
    is_line: bool = False
    may_fail: bool = False
    user: str = ""


def missing_tools(container: Container) -> Iterator[MissingTool]:
    """The programs that a container calls and its image does not have, each once; if it cannot start, only why."""
    facts = image_of(container)
    if container.known_env.get("PATH", "") != "":
        return
    found = next(chain(_line(container), _first(container, facts), _named_first(container, facts)), None)
    if found:
        yield found
        return
    seen = set[str]()
    for script in scripts(container):
        for tool in chain(_quoted(script), _of_script(script, facts)) if script.is_shell else ():
            if tool.name not in seen:
                seen.add(tool.name)
                yield tool
    yield from (MissingTool(one.where, one.command, user=one.name) for one in missing_users(container))


def _line(container: Container) -> Iterator[MissingTool]:
    """A command line in one word, `sh -c ls`: no image has a file of that name."""
    first = next(iter(container.command), None)
    name, *rest = (first.value.split() if isinstance(first, Scalar) else []) or [""]
    is_program = is_shell(name) or builtin().get(_base(name)) is not None
    if first is not None and rest and first.value == first.value.lstrip() and is_program:
        yield MissingTool(first.span, first.value, is_first=True, is_line=True)


def _quoted(script: ContainerScript) -> Iterator[MissingTool]:
    """A script that is all in quotes once more, `sh -c "'until nc …; done'"`: to the shell the name of one program."""
    commands = script.commands or ()
    words = commands[0].arguments if len(commands) == 1 else ()
    text = words[0].text if len(words) == 1 else None
    first = text.split()[0] if text and len(text.split()) > 1 else ""
    if text is not None and (first in _KEYWORDS or is_shell(first) or builtin().get(_base(first)) is not None):
        yield MissingTool(script.span(words[0].start, words[0].end), text.strip(), is_line=True)


def _first(container: Container, facts: ImageFacts) -> Iterator[MissingTool]:
    """What the kubelet is told to start, and what that starts in turn: `tini`, then `bash`."""
    nodes = words_of(container)
    words = container.words(nodes)
    arguments = [
        Argument(index, index, UNKNOWN if word is None else whole(word), Word(index, index))
        for index, word in enumerate(words)
    ]
    found = unwrap(arguments)
    first = found.arguments[0].start if found.arguments and not found.leaves else 0
    starting = {0, first, *(index for index in range(first) if _base(words[index]) in found.wrappers)}
    for index in sorted(starting) if nodes else ():
        word = words[index]
        if word is not None and _is_missing(word, facts) and not _is_mounted(container, word):
            no_shell = facts.shell is Shell.NONE and is_shell(word)
            yield MissingTool(nodes[index].span, word, no_shell, is_first=True)


def _named_first(container: Container, facts: ImageFacts) -> Iterator[MissingTool]:
    """What the first line of a file names that the container runs."""
    for script in scripts(container):
        shebang = script.file.shebang if script.file else None
        if shebang is None or shebang.shell != script.shell:
            continue
        if _is_missing(shebang.shell, facts) and not _is_mounted(container, shebang.shell):
            start = script.script.text.index(shebang.shell)
            is_first = not any(map(is_shell, container.words(words_of(container))))
            where = script.span(start, start + len(shebang.shell))
            yield MissingTool(where, shebang.shell, is_first=is_first and "/" in shebang.shell)


def _of_script(script: ContainerScript, facts: ImageFacts) -> Iterator[MissingTool]:
    commands = script.commands or ()
    provided = Provided(script.script, commands, script.walk.inner if script.walk else ())
    for command in commands:
        for word in _programs(command, is_entered=script.is_elsewhere or _is_entered(command, commands)):
            name = word.text or ""
            is_keyword = name == "time" and script.has_braces  # of bash and its like
            if is_keyword or not _is_missing(name, facts) or _is_mounted(script.container, name):
                continue
            if not provided.may_be_there(_base(name), command) and not provided.is_handled(command):
                in_loop = command.context.header is not None
                may_fail = not in_loop and is_let_go(command, commands)
                yield MissingTool(script.span(word.start, word.end), name, in_loop=in_loop, may_fail=may_fail)


def _is_entered(command: Command, commands: Iterable[Command]) -> bool:
    """Whether what hands a script to a shell has entered another root before: `chroot /host sh -c "sudo …"`."""
    around = command.context.shells if command.context.is_elsewhere else ()
    return bool(around) and any(one.context.is_elsewhere and one.start in around for one in commands)


def _programs(command: Command, *, is_entered: bool) -> Iterator[Word]:
    """The words of a command that name programs of the image: wrappers up to what enters another root, and what they
    start.
    """
    statement = command.statement
    for word in statement.words if isinstance(statement, syntax.Simple) and not is_entered else ():
        if command.arguments and word.start >= command.arguments[0].start:
            break
        if _base(word.text) in command.wrappers:
            yield word
        if _base(word.text) in ENTERING:
            break
    is_of_project = not _OF_PROJECTS.isdisjoint(command.wrappers)
    if command.arguments and not command.context.is_elsewhere and not is_of_project:
        yield command.arguments[0].word


def _is_missing(word: str, facts: ImageFacts) -> bool:
    """Whether a program is surely not on the PATH, or not where such programs are."""
    folder, _, name = word.rpartition("/")
    is_found_by_name = not folder and not word.startswith("/")
    if not _PROGRAM.fullmatch(name) or not (is_found_by_name or folder in PATH):
        return False
    return facts.has(name) is False and not (is_found_by_name and name in _BUILT_IN)


def _is_mounted(container: Container, word: str) -> bool:
    """Whether a volume may bring a program: it covers a directory of the PATH, or is mounted as that file."""
    paths = [mount.path.value.rstrip("/") or "/" for mount in container.mounts]
    return any(
        _covers(path, folder) or (path.startswith(f"{folder}/") and _base(path) == _base(word))
        for path in paths
        for folder in PATH
    )


def _covers(path: str, folder: str) -> bool:
    return path in ("/", folder) or folder.startswith(f"{path}/")


def _base(word: str | None) -> str:
    return (word or "").rpartition("/")[2]
