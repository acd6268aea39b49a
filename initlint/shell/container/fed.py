"""Mounted files that a shell is fed with: as its input, or as a text that `cat` shows."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.shell.container.mounted import MountedCall, MountedFile
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.shells import is_shell, text_index
from initlint.shell.language.syntax import Word
from initlint.shell.language.values import Argument, resolve, whole


def fed(command: Command, files: Mapping[str, MountedFile], *, by: str) -> MountedCall | None:
    """The mounted file that a command feeds a shell with: `sh < file`, `sh -c "$(cat file)"`, `eval "$(cat file)"`."""
    words = command.words
    if command.name == "eval" and len(words) == 2:
        return _shown(command, 1, files, by)
    if not is_shell(command.name):
        return None
    index = text_index(words)
    if index is not None:
        return _shown(command, index, files, words[0] or "")
    if any(not (word or "").startswith("-") for word in words[1:]):
        return None
    read = [one for one in command.redirections if one.operator == "<" and one.descriptor in ("", "0")]
    file = files.get(read[-1].path.text or "") if read else None
    if file is None:
        return None
    word = Argument(read[-1].start, read[-1].end, read[-1].path, Word(read[-1].start, read[-1].end))
    return MountedCall(file, word, words[0] or "", " ".join(word or "" for word in words[1:]), ())


def _shown(command: Command, index: int, files: Mapping[str, MountedFile], shell: str) -> MountedCall | None:
    """The file that stands in place of a text; the arguments are those behind it and its own name."""
    argument = command.arguments[index]
    path = _path_of(argument.word)
    file = files.get(resolve(whole(path), command.cwd).text or "") if path else None
    if file is None:
        return None
    options = " ".join(word or "" for word in command.words[1:index])
    arguments = tuple(one.value for one in command.arguments[index + 2 :])
    return MountedCall(file, argument, shell, options, arguments, is_read_in=index == 1 and not options)


def _path_of(word: Word) -> str:
    """The path in `$(cat path)`."""
    part = word.parts[0] if len(word.parts) == 1 else None
    items = part.body.items if isinstance(part, syntax.Substitution) else ()
    statement = items[0].statement if len(items) == 1 else None
    words = [one.text for one in statement.words] if isinstance(statement, syntax.Simple) else []
    return words[1] or "" if len(words) == 2 and words[0] == "cat" else ""
