"""The parts of a condition that are answered on their own: commands and tests, behind `!`, `&&`, `||` and pipes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Block, Quote, Statement, Word
from initlint.shell.way.changes import inside

Atom = Statement

_NAME = regex(r"\$?\{?#?([A-Za-z_]\w*)")
_SAYING = ("echo", "printf", "tee")
_TRUE, _FALSE = ("true", ":"), ("false",)
_NUMBER_OPERATORS = ("-lt", "-le", "-gt", "-ge", "-eq", "-ne")


def atoms(statement: Statement) -> Iterator[Atom]:
    """The commands and tests that a statement asks."""
    match statement:
        case syntax.AndOr():
            yield from atoms(statement.left)
            yield from atoms(statement.right)
        case syntax.Not():
            yield from atoms(statement.body)
        case syntax.Pipeline():
            yield from (atom for stage in statement.stages for atom in atoms(stage))
        case _:
            body = _inside(statement)
            yield from (atom for item in body.items for atom in atoms(item.statement)) if body else (statement,)


def holds(statement: Statement, answer: Callable[[Atom], bool | None]) -> bool | None:
    """Whether a condition holds, by the answers of its parts; None where they do not decide it."""
    match statement:
        case syntax.AndOr(operator=operator, left=left, right=right):
            both = (holds(left, answer), holds(right, answer))
            decisive = operator == "||"
            return decisive if decisive in both else None if None in both else not decisive
        case syntax.Not():
            inner = holds(statement.body, answer)
            return None if inner is None else not inner
        case syntax.Pipeline():
            return holds(statement.stages[-1], answer)
    body = _inside(statement)
    return holds(body.items[-1].statement, answer) if body and body.items else answer(statement)


def _inside(statement: Statement) -> Block | None:
    """What is in brackets, or all that a command consists of: `until $(curl -o /dev/null http://db)`."""
    match statement:
        case syntax.Group(body=body) | syntax.Subshell(body=body):
            return body
        case syntax.Simple(words=(Word(parts=(syntax.Substitution(body=body, quote=Quote.NONE),)),), assignments=()):
            return body
    return None


def constant(statement: Statement) -> bool | None:
    """Whether a statement always holds or never does: `true`, `[ 1 ]`, `((1))`, `false`; None if it depends."""
    match statement:
        case syntax.Simple() if any(map(_connects, statement.redirects)):
            return None
        case syntax.Simple() if statement.words:
            name = (statement.name or "").rpartition("/")[2]
            return True if name in _TRUE or _is_pause(name, statement) else False if name in _FALSE else None
        case syntax.Test(bracket="((", words=words):
            text = "".join(part.text for word in words for part in word.parts if isinstance(part, syntax.Pattern))
            inside = text.strip("() \t")
            return bool(int(inside)) if inside.isdecimal() else None
        case syntax.Test():
            return _of_words(statement.words)
        case syntax.Not():
            inner = constant(statement.body)
            return None if inner is None else not inner
    return None


def surely(statement: Statement, functions: Mapping[str, syntax.Function]) -> bool | None:
    """The same of a whole condition, by its end: `(nc -z db 1; echo asked)` holds, whoever answers."""

    def answer(atom: Atom) -> bool | None:
        known = constant(atom)
        if known is not None or not isinstance(atom, syntax.Simple):
            return known
        called = functions.get(atom.name or "")
        body = called.body if called else None
        if isinstance(body, syntax.Group) and body.body.items and not _may_return(body):
            return surely(body.body.items[-1].statement, {})
        return True if atom.name in _SAYING and not atom.redirects else None

    return holds(statement, answer)


def _may_return(statement: Statement) -> bool:
    """Whether a function may end before its end."""
    if isinstance(statement, syntax.Simple):
        return statement.name in ("exec", "exit", "return")
    return any(_may_return(inner) for inner, _ in inside(statement))


def _connects(redirect: syntax.Redirect) -> bool:
    """`: < /dev/tcp/db/5432` fails where nothing answers."""
    part = redirect.target.parts[0] if redirect.target and redirect.target.parts else None
    return isinstance(part, syntax.Literal) and part.text.startswith(("/dev/tcp/", "/dev/udp/"))


def _is_pause(name: str, command: syntax.Simple) -> bool:
    """`while sleep 5` goes on unless it is killed."""
    return name == "sleep" and all(word.text for word in command.words)


def _of_words(words: tuple[Word, ...]) -> bool | None:
    texts = [word.text for word in words]
    if None in texts:
        return None
    if len(texts) == 1:
        return bool(texts[0])
    if len(texts) == 3 and texts[1] in ("-eq", "=", "=="):
        return texts[0] == texts[2]
    return None


def variables_of(statement: Statement) -> set[str]:
    """The names of the variables that a command or test looks at; in arithmetic they need no `$`."""
    words: tuple[Word, ...] = statement.words if isinstance(statement, (syntax.Simple, syntax.Test)) else ()
    found = {name for word in words for name in _of_word(word)}
    is_number = any(word.text in _NUMBER_OPERATORS for word in words)
    if isinstance(statement, syntax.Test) and statement.bracket == "[[" and is_number:
        found |= {word.text for word in words if word.text and re.fullmatch(r"[A-Za-z_]\w*", word.text)}
    return found


def _of_word(word: Word) -> Iterator[str]:
    for part in word.parts:
        match part:
            case syntax.Variable():
                yield part.name
            case syntax.Pattern() if part.text.startswith(("((", "$((", "${")):
                yield from _NAME.findall(part.text)
            case syntax.Substitution():
                for item in part.body.items:
                    for atom in atoms(item.statement):
                        yield from variables_of(atom)
