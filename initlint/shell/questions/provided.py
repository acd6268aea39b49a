"""What a script itself brings before it calls a program, and where it is ready for the program's absence."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from initlint.regex import regex
from initlint.shell.container.depends import ADDING_USERS
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.shells import RUNNING_TEXT, is_shell, text_index
from initlint.shell.language.syntax import Script

PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""Where programs are looked for, as nearly every image has it."""

_LOOKING = ("command", "which", "type", "hash", "whereis")
_TESTS = ("[", "[[", "test")
_PLACING = ("cp", "mv", "ln", "install", "chmod", "tar", "unzip", "curl", "wget", "tee", "git", "gunzip")
_ANYTHING = (*RUNNING_TEXT, "alias", "chroot")
_MANAGERS = ("apk", "apt", "apt-get", "aptitude", "dpkg", "dnf", "yum", "microdnf", "tdnf", "rpm", "zypper", "pacman")
_OTHER_INSTALLERS = ("asdf", "brew", "busybox", "conda", "corepack", "emerge", "gcloud", "krew", "make", "mamba",
                     "snap")  # fmt: skip
_OF_LANGUAGES = ("bundle", "cargo", "composer", "gem", "go", "npm", "pip", "pip3", "pipx", "pnpm", "poetry", "python",
                 "python3", "uv", "yarn")  # fmt: skip
# What no package of a language brings.
_OF_SYSTEMS = ("bash", "curl", "dig", "git", "host", "mysql", "mysqladmin", "nc", "nslookup", "openssl", "pg_dump",
               "pg_isready", "ping", "psql", "redis-cli", "rsync", "ssh", "sudo", "unzip", "wget", "zip")  # fmt: skip
_INSTALLING = ("add", "install", "i", "localinstall", "reinstall", "groupinstall", "sync", "build", "setup", "ci",
               "upgrade", "update", "enable", "--install", "-i", "-U", "-S", "-Sy", "-Uvh", "-ivh", "krew",
               "components")  # fmt: skip
# What does no other thing in place of what failed.
_GIVING_UP = ("", "[", "[[", "((", "test", "let", "expr", "echo", "printf", "exit", "return", "true", "false", ":",
              "sleep", "break", "continue", "kill", "logger", "date", "set", "export", "local", "cat",
              "ls")  # fmt: skip
_LETTING = ("true", ":")
_QUESTIONS = (*_TESTS, "((", "grep", "command", "which", "type", "true", "false", ":", "mkdir", "cd", "ls", "sleep")
_DISTRIBUTION = regex(r"release|debian_version|uname|\bID\b|OSTYPE|DISTRO|\bOS\b", re.IGNORECASE)


@dataclass(frozen=True)
class Provided:
    """What the commands of a script do for each other; `inner` are those of which it is known what they run."""

    script: Script
    commands: Sequence[Command]
    inner: Container[int] = ()

    def may_be_there(self, tool: str, command: Command) -> bool:
        """Whether a program may be there by what runs before it, is looked for, or is a function of the script."""
        if _sets_path(command) or any(tool in one.context.functions for one in self.commands):
            return True
        if tool in self._looked_for or None in self._looked_for:
            return True
        if tool in _MANAGERS and (self._has_many_managers or self._is_for_a_distribution(command)):
            return True
        return any(_brings(tool, one) for one in self._before(command))

    def is_handled(self, command: Command) -> bool:
        """Whether something else is done in its place where it fails, or it is what is done in place of another."""
        return any(map(_is_of_program, failed_before(command))) or any(
            failed.start <= command.start < failed.end and other.name not in _GIVING_UP and not _repeats(command, other)
            for other in self.commands
            for failed in failed_before(other)
        )

    @cached_property
    def _looked_for(self) -> frozenset[str | None]:
        """Names of programs that the script looks for; None is one that is not known."""
        return frozenset(name for command in self.commands for name in _looked_for(command))

    @cached_property
    def _has_many_managers(self) -> bool:
        return len({command.name for command in self.commands} & set(_MANAGERS) - {"apt", "dpkg", "rpm"}) > 1

    def _before(self, command: Command) -> Iterator[Command]:
        """What may run before a command: what stands before it, and what is in one loop with it."""
        loop = command.context.loops[:1]
        for one in self.commands:
            is_other = one is not command and id(one.statement) not in self.inner
            if is_other and (one.start < command.start or (loop and one.context.loops[:1] == loop)):
                yield one

    def _is_for_a_distribution(self, command: Command) -> bool:
        guards = (guard.statement for guard in command.context.guards)
        return any(_DISTRIBUTION.search(self.script.text_of(one)) for one in guards)


def failed_before(command: Command) -> Iterator[syntax.Statement]:
    """The statements of which one has failed where a command runs."""
    return (guard.statement for guard in command.context.guards if not guard.succeeded)


def is_let_go(command: Command, commands: Iterable[Command]) -> bool:
    """Whether the script goes on on purpose where a command fails: `|| true`."""
    return any(
        other.name in _LETTING and any(one.start <= command.start < one.end for one in failed_before(other))
        for other in commands
    )


def _is_of_program(statement: syntax.Statement) -> bool:
    match statement:
        case syntax.Simple():
            return (statement.name or "") not in _QUESTIONS
        case syntax.AndOr():
            return _is_of_program(statement.left) or _is_of_program(statement.right)
        case syntax.Pipeline():
            return any(map(_is_of_program, statement.stages))
    return False


def _repeats(command: Command, other: Command) -> bool:
    """Whether a command is the condition of a loop that has the other one in its body, and so is tried again."""
    header = command.context.header
    return header is not None and header in other.context.loops and other.context.header != header


def _looked_for(command: Command) -> Iterator[str | None]:
    operands = [one.text for one in command.arguments[1:] if (one.text or "")[:1] != "-"]
    if command.name in _LOOKING:
        yield from (word and word.rpartition("/")[2] for word in operands)
    elif command.name in _TESTS:
        yield from (word.rpartition("/")[2] for word in operands if word and "/" in word)


def may_add_users(command: Command) -> bool:
    """Whether a command may add users: itself, by packages that come with some, or by what it runs."""
    written = [one.path.known for one in command.redirections if one.writes]
    return (
        command.name in (*ADDING_USERS, *_ANYTHING, *_MANAGERS, "install_packages")
        or (bool(command.words) and _is_unknown_program(command.words))
        or any("/etc/" in path for path in (*written, *(one.value.known for one in command.arguments[1:])))
    )


def _brings(tool: str, command: Command) -> bool:
    """Whether a command may put a program on the PATH, or change the PATH."""
    name, words = command.name, command.words
    if name in _ANYTHING or _sets_path(command) or (words and _is_unknown_program(words)):
        return True
    if name == "install_packages" or (name in _installers(tool) and set(words) & set(_INSTALLING)):
        return True
    written = [one.path.known for one in command.redirections if one.writes]
    placed = [one.value.known for one in command.arguments[1:]] if name in _PLACING else []
    return any(_is_on_path(path) or path.rpartition("/")[2] == tool for path in (*written, *placed))


def _installers(tool: str) -> tuple[str, ...]:
    """What may install a program."""
    return (*_MANAGERS, *_OTHER_INSTALLERS, *(() if tool in _OF_SYSTEMS else _OF_LANGUAGES))


def _sets_path(command: Command) -> bool:
    """Whether a command changes the PATH, be it for itself alone."""
    statement = command.statement
    own = [one.name for one in statement.assignments] if isinstance(statement, syntax.Simple) else []
    return "PATH" in (*command.assigned, *own)


def _is_unknown_program(words: Sequence[str | None]) -> bool:
    """Whether anything may run: a program that is not known, a script, or a shell that is given one."""
    program = words[0]
    if program is None or program.endswith(".sh"):
        return True
    folder, _, name = program.rpartition("/")
    if "/" in program and folder not in PATH:
        return True
    return is_shell(name) and text_index(words) is None


def _is_on_path(path: str) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in PATH)
