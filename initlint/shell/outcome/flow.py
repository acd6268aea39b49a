"""How the flow leaves a statement, and what shell built-ins do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.language.shells import READING_IN
from initlint.shell.language.syntax import AndOr, Literal, Quote, Simple, Statement, Test, Variable, While, Word
from initlint.shell.outcome.flags import FAILED, STATUS_WORDS, Flags, has_failed, of_flags, value_of


class Ending(Enum):
    """How the flow leaves a statement."""

    NEXT = "next"
    EXIT = "exit"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


NONE, SEEN, OWN, PASSED, KEPT = 0, 1, 2, 3, 4
"""What is left of the failure that is watched, the more the higher: it has not come to it; something has looked at it;
the status, which is still its own; that it was; and what nothing makes up for. Plain numbers, as states are compared
all the time."""


class State(NamedTuple):
    """What decides the status of what follows: the last status, the options, and what a trap on EXIT will do.

    `lost`: what is left of the failure of the command that is watched; `hides`: the job of the background that it is in
    has succeeded all the same. `flags` are variables whose values are known.
    """

    succeeded: bool = True
    errexit: bool = False
    pipefail: bool = False
    lost: int = NONE
    at_exit: str = ""
    flags: Flags = frozenset()
    hides: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether the command that is watched has failed, and nothing has looked at it since."""
        return self.lost > SEEN

    def seen(self) -> State:
        """Something has looked at what has failed."""
        return self._replace(lost=SEEN) if OWN <= self.lost <= PASSED else self

    def passed_on(self) -> State:
        """A function or a shell fails because of what has failed in it: that is the status of its caller's command."""
        return self._replace(lost=OWN) if not self.succeeded and NONE < self.lost < KEPT else self


class Outcome(NamedTuple):
    """A way in which a statement can end."""

    ending: Ending
    state: State

    def seen(self) -> Outcome:
        """Something has looked at what has failed on this way."""
        return Outcome(self.ending, self.state.seen())


Outcomes = frozenset[Outcome]


class Unclear(Exception):  # noqa: N818 - not an error: the script does what is not followed
    """Raised where a script does what decides its status and is not followed: traps on ERR, recursion."""


def on(state: State, *succeeded: bool) -> Outcomes:
    """Go on with one of these statuses."""
    lost = PASSED if state.lost == OWN else state.lost
    return frozenset(Outcome(Ending.NEXT, state._replace(succeeded=one, lost=lost)) for one in succeeded)


def started(ways: Outcomes, state: State) -> Outcomes:
    """Go on behind a job in the background, whose end `wait` asks for."""

    def hides(end: State) -> bool:
        return state.hides if state.is_lost else end.succeeded and end.is_lost

    ends = (way.state._replace(succeeded=True, hides=hides(way.state)) for way in ways)
    return frozenset(Outcome(Ending.NEXT, end) for end in ends) or on(state, True)


def exits(state: State, *succeeded: bool) -> Outcomes:
    """The script ends there with one of these statuses."""
    return frozenset(Outcome(Ending.EXIT, state._replace(succeeded=one)) for one in succeeded)


def at_last(ways: Outcomes) -> Outcomes:
    """`exec`: nothing comes behind it."""
    return frozenset(Outcome(Ending.EXIT, way.state._replace(at_exit="")) for way in ways)


def looked_at(ways: Outcomes, *, closely: bool = True) -> Outcomes:
    """A failure that a condition sees is not lost; behind `|| true` only the command's own is meant."""
    return frozenset(
        way if way.state.succeeded or (way.state.lost != OWN and not closely) else way.seen() for way in ways
    )


def reads_lines(loop: While) -> bool:
    """Whether it goes through its input: `while read line`, also to a last line without an end: `|| [ -n "$line" ]`."""
    last = loop.condition.items[-1].statement if loop.condition.items else None
    if isinstance(last, AndOr) and last.operator == "||" and isinstance(last.right, Test):
        last = last.left
    return isinstance(last, Simple) and last.name == "read" and not loop.is_until


def counts(loop: While) -> bool:
    """Whether a number alone says how long it goes on, which tells nothing of what is done in it."""
    items = [item.statement for item in loop.condition.items]
    words = items[0].words if len(items) == 1 and isinstance(items[0], Test) else ()
    return len(words) == 3 and words[1].text in _COMPARING and not asks_status(words)


def of_status(words: tuple[Word, ...], state: State) -> bool | None:
    """The truth of `$? -eq 0` and its like, and of a text alone."""
    texts = [word.text for word in words]
    if len(texts) == 1 and texts[0] is not None:
        return bool(texts[0])
    if len(words) != 3 or texts[2] != "0" or words[0].parts[:1] not in STATUS_WORDS:
        return None
    return {"-eq": state.succeeded, "=": state.succeeded, "==": state.succeeded, "-ne": not state.succeeded,
            "!=": not state.succeeded, "-gt": not state.succeeded}.get(texts[1] or "")  # fmt: skip


def of_kept_status(test: Statement, state: State) -> bool | None:
    """The truth of a test that asks whether something has failed, by `$?` or by a flag that keeps it."""
    if not isinstance(test, Test):
        return None
    known = of_status(test.words, state)
    return of_flags(test.words, state.flags) if known is None and has_failed(test.words, state.flags) else known


def asks_status(words: Iterable[Word | None], state: State | None = None) -> bool:
    """Whether the status of what was before is looked at; where that has succeeded, it tells nothing of a failure."""
    parts = (part for word in words if word for part in word.parts)
    asked = {part.name for part in parts if isinstance(part, Variable) and part in _STATUSES}
    return "PIPESTATUS" in asked or ("?" in asked and not (state and state.succeeded))


def state_behind(command: Simple, state: State, names: frozenset[str]) -> State:
    """The state behind the words of a command that may look at a status; of a flag that keeps it, its tests do."""
    kept = (one.value for one in command.assignments if one.name not in names)
    is_asked = asks_status([*command.words[1:], *kept], state) or has_failed(command.words[1:], state.flags)
    return state.seen() if is_asked else state


def only_says(command: Simple) -> bool:
    """`echo "ended with $?" >&2` changes nothing, and `return $?` leaves it to the caller."""
    is_shown = all(one.operator == ">&" for one in command.redirects)
    return command.name == "return" or (command.name in ("echo", "printf") and is_shown)


def may_set_options(command: Simple) -> bool:
    """Whether it reads in a file that is not known, and may hold more than settings: many libraries `set -e`."""
    if command.name not in READING_IN or len(command.words) < 2:
        return False
    path = "".join(part.text for part in command.words[1].parts if isinstance(part, Literal))
    return not _SETTINGS.fullmatch(path)


_SETTINGS = regex(
    r"(?i)(?:.*/)?(?:activate|nvm\.sh|[\w.-]*(?:env|profile|rc|release|config|settings|secret|vars|credential)[\w.-]*)"
    r"|/(?:etc|opt/bitnami|run|vault)/.*|"
)
"""Files that only set variables and define functions, by their names; `. "$FILE"` may be any."""
_COMPARING = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">", "<=", ">=")
_STATUSES = [Variable(name, quote) for name in ("?", "PIPESTATUS") for quote in (Quote.NONE, Quote.DOUBLE)]


def _exit(command: Simple, state: State) -> Outcomes:
    return frozenset(Outcome(Ending.EXIT, way) for way in _given_status(command, state))


def _return(command: Simple, state: State) -> Outcomes:
    return frozenset(Outcome(Ending.RETURN, way) for way in _given_status(command, state))


def _given_status(command: Simple, state: State) -> Iterator[State]:
    """`exit N` and `return N`; without a number the last status, with a variable either."""
    if len(command.words) < 2 or command.words[1].parts in STATUS_WORDS:
        yield state
        return
    text = value_of(command.words[1], state.flags)
    known = (
        {False}
        if text == FAILED
        else {int(text) % 256 == 0}
        if text is not None and text.isdecimal()
        else {True, False}
    )
    yield from (state._replace(succeeded=one).passed_on() for one in known)


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
    return state._replace(errexit=options["errexit"], pipefail=options["pipefail"])


def _set(command: Simple, state: State) -> Outcomes:
    return on(set_options(command, state), True)


def _setopt(command: Simple, state: State) -> Outcomes:
    """Of zsh, which takes names in any case and with underscores: `setopt ERR_EXIT`."""
    names = {(word.text or "").replace("_", "").lower() for word in command.words[1:]}
    errexit = state.errexit or not names.isdisjoint(("errexit", "errreturn"))
    return on(state._replace(errexit=errexit, pipefail=state.pipefail or "pipefail" in names), True)


def _trap(command: Simple, state: State) -> Outcomes:
    """What runs at the end is kept; a trap on ERR, which only bash has, is not followed if it exits."""
    texts = [word.text for word in command.words[1:] if word.text != "--"]
    action = "" if texts[:1] == ["-"] else texts[0] if texts else ""
    signals = [(text or "?").upper().removeprefix("SIG") for text in texts[1:]]
    if action is None and {"EXIT", "0", "ERR", "?"} & set(signals):
        raise Unclear("a trap whose action is not known")
    if {"ERR", "?", "DEBUG", "RETURN"} & set(signals):
        if not action or "exit" in action or "return" in action:
            raise Unclear("a trap that exits at an error")
        return on(state, True, False)  # dash does not know it
    return on(state._replace(at_exit=action or "") if {"EXIT", "0"} & set(signals) else state, True)


def _exec(_: Simple, state: State) -> Outcomes:
    """`exec` with redirections alone goes on."""
    return on(state, True)


def _false(_: Simple, state: State) -> Outcomes:
    return on(state, False)


BUILT_INS: dict[str | None, Callable[[Simple, State], Outcomes]] = {
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _break,
    "set": _set,
    "setopt": _setopt,
    "trap": _trap,
    "exec": _exec,
    "false": _false,
}
