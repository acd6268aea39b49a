"""The script that a script hands to another shell: `sh -c '…'`, `bash <<EOF`, in the places of the outer text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.parse import parse
from initlint.shell.language.shells import AS_USER, is_shell, sets_errexit, sets_pipefail, text_index
from initlint.shell.language.syntax import Quote, Redirect, Word
from initlint.shell.language.text import ShellText, of_quoted
from initlint.shell.language.values import UNKNOWN, Argument, Value


class InnerScript(NamedTuple):
    """A script within a script, and the options of the shell that runs it.

    `is_wrapped`: it is started by what may fail itself. `is_read_in`: no other shell runs it, but the one that is told
    to. `arguments` are its `$1`, `$2` and so on; None if that is not known. `name` is what it is called by, as a file.
    """

    script: syntax.Script
    errexit: bool = False
    pipefail: bool = False
    is_wrapped: bool = False
    arguments: tuple[Value, ...] | None = None
    is_read_in: bool = False
    name: Value = UNKNOWN


def inner_script(command: Command, text: str) -> InnerScript | None:
    """What a command runs in another shell, if the script says it; `text` is the whole of the outermost script."""
    words = command.words
    is_wrapped = command.name in AS_USER or not {"exec", "env", "command"}.issuperset(command.wrappers)
    index = text_index(words)
    if index is not None:
        options = [word or "" for word in words[1:index]]
        return _made(_of_word(command.arguments[index].word, text), options, is_wrapped)
    if command.name == "eval" and len(command.arguments) == 2:
        made = _made(_of_word(command.arguments[1].word, text), (), is_wrapped=False)
        return made and made._replace(is_read_in=True)
    if is_shell(command.name) and all((word or "-x").startswith("-") for word in words[1:]):
        heredoc = next((one for one in _redirects(command) if one.operator.startswith("<<")), None)
        if heredoc and heredoc.target:
            return _made(_of_heredoc(heredoc, heredoc.target, text), [word or "" for word in words[1:]], is_wrapped)
    return None


def behind_text(command: Command, text: str) -> Sequence[Argument]:
    """The words behind a text for a shell, its `$0`, `$1` and so on; where the outer shell expands none of these."""
    index = text_index(command.words)
    is_literal = index is not None and text[command.arguments[index].start] == "'"
    return command.arguments[index + 1 :] if index is not None and is_literal else ()


def _redirects(command: Command) -> tuple[Redirect, ...]:
    return command.statement.redirects if isinstance(command.statement, syntax.Simple) else ()


def _made(
    found: tuple[ShellText, Callable[[int], int]] | None, options: Sequence[str], is_wrapped: bool
) -> InnerScript | None:
    if found is None:
        return None
    text, origin = found
    script = parse(text.text, text.expanded, origin)
    return InnerScript(script, sets_errexit(options), sets_pipefail(options), is_wrapped)


def _of_word(word: Word, text: str) -> tuple[ShellText, Callable[[int], int]] | None:
    """The text of a quoted word, and where its characters stand; of any other only the whole word is known."""
    raw = text[word.start : word.end]
    start = word.start + 1
    if len(word.parts) == 1 and len(raw) > 1 and raw[0] == raw[-1] == "'":
        return ShellText(raw[1:-1]), lambda offset: start + offset
    if len(raw) > 1 and raw[0] == raw[-1] == '"' and all(part.quote is Quote.DOUBLE for part in word.parts):
        unquoted = of_quoted(raw[1:-1])
        return unquoted, lambda offset: start + unquoted.origin(offset)
    if word.text is not None:
        known = _places(raw)
        if known and known[0] == word.text:
            return ShellText(word.text), lambda offset: word.start + known[1][offset]
        return ShellText(word.text), lambda offset: word.end if offset else word.start
    return None


def _places(raw: str) -> tuple[str, list[int]] | None:
    """A word of several quoted and plain parts without its quotes, and where each character stands: `'a'"b"'c'`."""
    text, places, quote = "", list[int](), ""
    for index, char in enumerate(raw):
        if char in (quote or "'\""):
            quote = "" if quote else char
        elif char == "\\" and quote != "'":
            return None
        else:
            text += char
            places.append(index)
    return text, [*places, len(raw)]


def _of_heredoc(heredoc: Redirect, body: Word, text: str) -> tuple[ShellText, Callable[[int], int]]:
    raw = text[body.start : body.end]
    is_literal = any(mark in text[heredoc.start : heredoc.start + 5] for mark in "'\"\\")
    unquoted = ShellText(raw) if is_literal else of_quoted(raw)
    return unquoted, lambda offset: body.start + unquoted.origin(offset)
