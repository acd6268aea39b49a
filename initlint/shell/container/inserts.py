"""Files that a script runs in the midst of it: their texts stand behind the commands that run them, as if in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from initlint.shell.container.copies import copy
from initlint.shell.container.mounted import MountedCall, MountedFile, called, read_in
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.inner import InnerScript
from initlint.shell.language.parse import parse
from initlint.shell.language.shells import sets_errexit, sets_pipefail

# A budget: of a script that runs more files, none is read.
_MOST = 8


class Insert(NamedTuple):
    """A mounted file that a command runs: where the command ends, and where the text of the file begins then."""

    at: int
    start: int
    call: MountedCall
    command: Command

    @property
    def text(self) -> str:
        """What the file holds."""
        return self.call.file.node.value

    @property
    def size(self) -> int:
        """How much longer the script becomes: the file stands on lines of its own."""
        return len(self.text) + 2

    def inner(self) -> InnerScript:
        """What the other shell runs, in the places of the whole text."""
        script = parse(self.text, origin=lambda offset: self.start + offset)
        options = self.call.options.split()
        is_wrapped = not {"exec", "env", "command"}.issuperset(self.command.wrappers)
        return InnerScript(
            script, sets_errexit(options), sets_pipefail(options), is_wrapped, self.call.arguments,
            self.call.is_read_in, self.call.word.value,
        )  # fmt: skip


def inserts(
    commands: Sequence[Command], files: Mapping[str, MountedFile], shell: str, own: MountedFile | None
) -> tuple[Insert, ...]:
    """The files that a script runs by commands of its own, in their order; of more than a few, none."""
    found = {one.end: (call, one) for one, call in _calls(commands, files, shell) if call.file is not own}
    shift, made = 1, list[Insert]()
    for at, (call, command) in sorted(found.items(), key=lambda item: item[0]):
        made.append(Insert(at, at + shift, call, command))
        shift += made[-1].size
    return tuple(made) if len(made) <= _MOST else ()


def _calls(
    commands: Sequence[Command], files: Mapping[str, MountedFile], shell: str
) -> Iterator[tuple[Command, MountedCall]]:
    """What is run in a word, in a function or in another script has no place of its own behind the command."""
    copies: dict[str, MountedFile] = {}
    for command in commands:
        context, statement = command.context, command.statement
        is_own = not (context.in_substitution or context.functions or context.is_elsewhere)
        if is_own and isinstance(statement, syntax.Simple) and all(one.operator != "<<" for one in statement.redirects):
            seen = {**files, **copies}
            call = called(command.arguments, command.cwd, seen, by=shell)
            call = call or read_in(command.arguments, command.cwd, seen, by=shell)
            if call is None:
                copy(command, files, copies)
            if call and not parse(call.file.node.value).has_errors:
                yield command, call


def with_inserts(text: str, made: Sequence[Insert]) -> str:
    """The whole text."""
    for one in reversed(made):
        text = f"{text[: one.at]}\n{one.text}\n{text[one.at :]}"
    return text


def within(offset: int, made: Sequence[Insert]) -> int:
    """Where a character of the script stands in the whole text; what ends where a file follows, ends before it."""
    return offset + sum(one.size for one in made if one.at < offset)


def located(offset: int, made: Sequence[Insert]) -> tuple[Insert | None, int]:
    """Where a character of the whole text comes from: the file, if it is of one, and the offset there."""
    shift = 0
    for one in made:
        if offset < one.start:
            break
        if offset < one.start + len(one.text) + 1:
            return one, offset - one.start
        shift += one.size
    return None, offset - shift
