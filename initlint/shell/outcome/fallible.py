"""Whether a simple command can fail, by its words and redirections."""

from __future__ import annotations

from initlint.programs import of_command
from initlint.shell.commands.interpret import understand
from initlint.shell.commands.wrappers import unwrap
from initlint.shell.language import syntax
from initlint.shell.language.scope import Scope
from initlint.shell.language.syntax import Word
from initlint.shell.language.values import UNKNOWN
from initlint.shell.outcome.flow import BUILT_INS

_NOWHERE = Scope()
# What they are fed they hand on, whatever that is; only files of their own may not be there.
_FILTERS = frozenset({"cat", "fold", "head", "nl", "rev", "sort", "tac", "tail", "tee", "tr", "uniq", "wc"})


def statuses(command: syntax.Simple, known: bool | None = None) -> tuple[bool, ...]:
    """How a simple command may end; `known` is whether its words let it fail. What runs for ever does not end."""
    if command.name in BUILT_INS and not (command.name == "exec" and len(command.words) > 1):
        return (True, False)
    if command.name and of_command([word.text for word in command.words]):
        return ()
    if known is None:
        known = bool(command.words) and _words_can_fail(command.words)
    return (True, False) if known or any(map(can_fail, command.redirects)) else (True,)


def _words_can_fail(words: tuple[Word, ...]) -> bool:
    if words[0].text == "ls" and all((word.text or "").startswith("-") for word in words[1:]):
        return False
    if words[0].text == "wait":
        return len(words) > 1  # alone it succeeds, else it has the status of what it waits for
    arguments = [_NOWHERE.argument(word) for word in words]
    arguments = list(unwrap(arguments).arguments or arguments)
    found = understand(arguments, UNKNOWN)
    is_filter = arguments[0].text in _FILTERS and all(one.text is not None for one in arguments)
    return found.can_fail and not (is_filter and not found.effects)


def can_fail(redirect: syntax.Redirect) -> bool:
    """Whether a redirection opens a file that may not be there or not be allowed."""
    target = redirect.target
    if target is None or redirect.operator.startswith("<<"):
        return False
    return not (target.text or "").startswith("/dev/") and not (target.text or "x").isdecimal()
