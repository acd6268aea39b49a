"""What is done about a failure if that is as good as nothing: it is said, marked, counted, and slept over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from initlint.regex import regex
from initlint.shell.language.syntax import AndOr, Group, If, Item, Literal, Not, Simple, Statement, Test, While

_LEAVING = ("break", "exit", "return")
_IDLE = (None, ":", "break", "continue", "date", "echo", "exit", "let", "printf", "return", "sleep", "true")
_FAILED = regex(
    r"(?i)\bfail|\berror|\bc(?:ould|an) ?n[o']t|\bcan't|\bunable|\bunsuccessful|\bproblem"
    r"|\bmissing|\bnot found|\bno such|\b(?:do(?:es)?|did) ?n[o']t exist"
)
_TOLERATED = regex(
    r"(?i)continu|ignor|skip|warn|optional|already|anyway|fall(?:ing)? ?back|later|nothing|go(?:ing)? on|without"
    r"|\binstead|\bus(?:e|ing)\b|proceed|by itself|on its own|best.effort"
)


def only_reports(statements: Sequence[Statement], unread: frozenset[str] = frozenset()) -> bool:
    """Whether all that is done about a failure is to say that there is one, or to mark it in vain: `echo "migration
    failed"`, and `failed=1` where nothing is `unread` but that.
    """
    said = [one for one in statements if isinstance(one, Simple) and one.name in ("echo", "printf")]
    marks = [one for one in statements if isinstance(one, Simple) and _is_mark(one, unread)]
    if any(redirect.operator != ">&" for one in said for redirect in one.redirects):
        return False
    text = " ".join(_texts(tuple(one.words for one in said)))
    is_known = bool(marks) or bool(_FAILED.search(text))
    return len(said) + len(marks) == len(statements) > 0 and is_known and not is_tolerant(text)


def is_tolerant(said: str) -> bool:
    """Whether the words say that the script goes on without what has failed."""
    return _TOLERATED.search(said) is not None


def only_marks(statement: Statement, unread: frozenset[str]) -> bool:
    """Whether that it is marked in vain is all that is done about a failure."""
    parts = [statement]
    if isinstance(statement, Group) and not statement.redirects:
        parts = [one.statement for one in statement.body.items]
    return any(isinstance(one, Simple) and not one.words for one in parts) and only_reports(parts, unread)


def _is_mark(command: Simple, unread: frozenset[str]) -> bool:
    """Whether it sets variables that nothing reads, and does no more."""
    return (
        not command.words and bool(command.assignments) and unread.issuperset(one.name for one in command.assignments)
    )


def leaves_if_it_works(statement: Statement) -> bool:
    """Whether what follows runs only if something has failed: `wget a && exit 0`, `if wget a; then break; fi`."""
    if isinstance(statement, AndOr):
        return statement.operator == "&&" and isinstance(statement.right, Simple) and statement.right.name in _LEAVING
    if not isinstance(statement, If) or len(statement.branches) != 1 or statement.otherwise:
        return False
    *said, last = [item.statement for item in statement.branches[0].body.items] or [statement]
    is_plain = all(isinstance(one, Simple) and one.name in ("echo", "printf") for one in said)
    return is_plain and isinstance(last, Simple) and last.name in _LEAVING


def only_idles(items: Sequence[Item]) -> bool:
    """Whether nothing is done about a failure: it is said, counted and slept over."""
    found = [item.statement for item in items]
    text = " ".join(_texts(tuple(one.words for one in found if isinstance(one, Simple))))
    is_idle = all(isinstance(one, Simple) and one.name in (None, "echo", "printf", "sleep", "date") for one in found)
    return is_idle and not is_tolerant(text) and not any(getattr(one, "redirects", ()) for one in found)


def only_pauses(tries: AndOr, other: Statement) -> bool:
    """Whether a failure is only slept over: `psql -f a.sql && break || sleep 5`."""
    leaves_loop = isinstance(tries.right, Simple) and tries.operator == "&&" and tries.right.name in ("break", "exit")
    return leaves_loop and isinstance(other, Simple) and other.name == "sleep"


def gives_up(loop: While) -> bool:
    """Whether a loop only tries again, and may go on without what it tries: nothing handles the failure then."""
    goes_on = loop.is_until or any(_is_negated(item.statement) for item in loop.condition.items)
    is_idle = goes_on and all(_is_idle(item.statement) for item in loop.body.items)
    return is_idle and not is_tolerant(" ".join(_texts(loop.body)))


def _is_negated(statement: Statement) -> bool:
    """Whether a failure lets a condition hold: `! wget a && [ $n -lt 9 ]`."""
    if isinstance(statement, AndOr):
        return _is_negated(statement.left) or _is_negated(statement.right)
    return isinstance(statement, Not)


def _is_idle(statement: Statement) -> bool:
    """Whether a statement only says, counts and sleeps, and leaves at some time: `[ $n -gt 9 ] && break`."""
    match statement:
        case Test():
            return True
        case Simple():
            return statement.name in _IDLE and all(one.operator == ">&" for one in statement.redirects)
        case AndOr():
            return _is_idle(statement.left) and _is_idle(statement.right)
        case Group():
            return not statement.redirects and all(_is_idle(one.statement) for one in statement.body.items)
        case If():
            blocks = [block for one in statement.branches for block in (one.condition, one.body)]
            blocks += [statement.otherwise] if statement.otherwise else []
            return all(_is_idle(one.statement) for block in blocks for one in block.items)
    return False


def _texts(node: object) -> Iterator[str]:
    """What is written in a part of the syntax."""
    if isinstance(node, Literal):
        yield node.text
    elif isinstance(node, tuple):
        for part in node:
            yield from _texts(part)
