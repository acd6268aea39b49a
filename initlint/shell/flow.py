"""How the flow leaves a statement, and what shell built-ins do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from initlint.shell.syntax import Quote, Simple, Variable, Word


class Ending(Enum):
    """How the flow leaves a statement."""

    NEXT = "next"
    EXIT = "exit"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


class State(NamedTuple):
    """What decides the status of what follows: the last status, and the options."""

    succeeded: bool = True
    errexit: bool = False
    pipefail: bool = False


class Outcome(NamedTuple):
    """A way in which a statement can end."""

    ending: Ending
    state: State


Outcomes = frozenset[Outcome]


class Unclear(Exception):  # noqa: N818 - not an error: the script does what is not followed
    """Raised where a script does what decides its status and is not followed: eval, traps that exit, recursion."""


def on(state: State, *succeeded: bool) -> Outcomes:
    """Go on with one of these statuses."""
    return frozenset(Outcome(Ending.NEXT, state._replace(succeeded=one)) for one in succeeded)


def of_status(words: tuple[Word, ...], state: State) -> bool | None:
    """The truth of `$? -eq 0` and its like."""
    texts = [word.text for word in words]
    if len(words) != 3 or texts[2] != "0" or words[0].parts[:1] not in _STATUS_WORDS:
        return None
    return {"-eq": state.succeeded, "=": state.succeeded, "==": state.succeeded, "-ne": not state.succeeded,
            "!=": not state.succeeded, "-gt": not state.succeeded}.get(texts[1] or "")  # fmt: skip


_STATUS_WORDS = ((Variable("?"),), (Variable("?", Quote.DOUBLE),))


def _exit(command: Simple, state: State) -> Outcomes:
    return frozenset(Outcome(Ending.EXIT, way) for way in _given_status(command, state))


def _return(command: Simple, state: State) -> Outcomes:
    return frozenset(Outcome(Ending.RETURN, way) for way in _given_status(command, state))


def _given_status(command: Simple, state: State) -> Iterator[State]:
    """`exit N` and `return N`; without a number the last status, with a variable either."""
    if len(command.words) < 2 or command.words[1].parts in _STATUS_WORDS:
        yield state
        return
    text = command.words[1].text
    known = {int(text) % 256 == 0} if text is not None and text.isdecimal() else {True, False}
    yield from (state._replace(succeeded=one) for one in known)


def _break(command: Simple, state: State) -> Outcomes:
    if len(command.words) > 1 and command.words[1].text != "1":
        raise Unclear("break out of several loops")
    ending = Ending.BREAK if command.name == "break" else Ending.CONTINUE
    return frozenset({Outcome(ending, state._replace(succeeded=True))})


def set_options(command: Simple, state: State) -> State:
    """The state with the options that `set` sets."""
    options = {"errexit": state.errexit, "pipefail": state.pipefail}
    words = [word.text for word in command.words[1:]]
    for index, word in enumerate(words):
        if word is None or word == "--":
            break
        is_on = word.startswith("-")
        named = words[index + 1] if word[1:].endswith("o") and index + 1 < len(words) else None
        if word[:1] in ("-", "+"):
            options |= {"errexit": is_on} if "e" in word[1:] or named == "errexit" else {}
            options |= {"pipefail": is_on} if named == "pipefail" else {}
    return state._replace(**options)


def _set(command: Simple, state: State) -> Outcomes:
    return on(set_options(command, state), True)


def _trap(command: Simple, state: State) -> Outcomes:
    """A trap on EXIT or ERR that exits decides the status in its own way."""
    texts = [word.text for word in command.words[1:]]
    if any(text in ("EXIT", "ERR", "0") for text in texts[1:]) and (texts[0] is None or "exit" in texts[0]):
        raise Unclear("a trap that exits")
    return on(state, True)


def _exec(command: Simple, state: State) -> Outcomes:
    """`exec cmd` is the last thing that runs; `exec` with redirections alone goes on."""
    if len(command.words) == 1:
        return on(state, True)
    return frozenset(Outcome(Ending.EXIT, state._replace(succeeded=one)) for one in (True, False))


def _false(_: Simple, state: State) -> Outcomes:
    return on(state, False)


BUILT_INS: dict[str | None, Callable[[Simple, State], Outcomes]] = {
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _break,
    "set": _set,
    "trap": _trap,
    "exec": _exec,
    "false": _false,
}
