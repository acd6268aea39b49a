"""What a test says of an HTTP status where nobody answers: curl says `000` then, which ends some loops at once."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Literal, Pattern, Statement, Substitution, Variable, Word
from initlint.shell.waiting.atoms import constant, holds
from initlint.shell.waiting.loops import Loop, Way

_STATUS = regex(r"%\{(?:http_code|response_code)\}")
_UNANSWERED = "000"


def is_left_unanswered(loop: Loop, ways: Iterable[Way]) -> bool:
    """Whether a loop is left where nobody answers: `while [ "$(curl -w '%{http_code}' …)" = 503 ]`."""

    def answer(one: Statement) -> bool | None:
        known = constant(one)
        return _compared(loop, one) if known is None and isinstance(one, syntax.Test) else known

    return any(way.guards and all(holds(one.statement, answer) is one.succeeded for one in way.guards) for way in ways)


def _compared(loop: Loop, test: syntax.Test) -> bool | None:
    """The answer of a test that compares a status, by words or by numbers."""
    match [word for word in test.words if word.text not in ("]", "]]")]:
        case [subject, Word(text=str(operator)), other] if _is_status(loop, subject):
            pattern = "".join(part.text for part in other.parts if isinstance(part, Literal | Pattern))
            is_known = all(isinstance(part, Literal | Pattern) for part in other.parts)
            return _answer(operator, pattern) if is_known else None
    return None


def _answer(operator: str, other: str) -> bool | None:
    match operator:
        case "=" | "==":
            return fnmatchcase(_UNANSWERED, other)
        case "!=":
            return not fnmatchcase(_UNANSWERED, other)
    if not other.isdecimal():
        return None
    number = int(other)
    answers = {"-eq": number == 0, "-ne": number != 0, "-lt": number > 0, "-le": True, "-gt": False, "-ge": number == 0}
    return answers.get(operator)


def _is_status(loop: Loop, word: Word) -> bool:
    """Whether a word is what curl alone says of a status, or a variable that the loop sets to that."""
    match word.parts:
        case (Substitution(body=body),):
            statements = [item.statement for item in body.items]
            return len(statements) == 1 and _says_status(loop, statements[0])
        case (Variable(name=name),):
            set_to = [change.value for change in loop.changes if change.name == name]
            return len(set_to) == 1 and set_to[0] is not None and _is_status(loop, set_to[0])
    return False


def _says_status(loop: Loop, statement: Statement) -> bool:
    is_alone = isinstance(statement, syntax.Simple) and statement.name == "curl"
    text = loop.text_of(statement)
    return is_alone and bool(_STATUS.search(text)) and " -I" not in text and " -i" not in text
