"""What operators bind to: redirections to the last command, pipes before `&&` and `||`; the parser groups otherwise.

And what is written in two ways, in one: `test x` as `[ x ]`, `while ! x` as `until x`.
"""

from __future__ import annotations

from typing import NamedTuple

from initlint.shell.language import syntax
from initlint.shell.language.syntax import Block, Item, Redirect, Statement, Word


class Trailing(NamedTuple):
    """What the parser puts behind a statement: redirections, and words that stand behind one of these."""

    redirects: tuple[Redirect, ...]
    words: tuple[Word, ...] = ()


def with_redirects(body: Statement, trailing: Trailing, place: tuple[int, int]) -> Statement:
    """A statement with redirections: they bind to the last command of a list, and to a compound command as a whole."""
    redirects = trailing.redirects
    match body:
        case syntax.AndOr():
            right = with_redirects(body.right, trailing, (body.right.start, place[1]))
            return syntax.AndOr(*place, body.left, body.operator, right)
        case syntax.Not():
            return syntax.Not(*place, with_redirects(body.body, trailing, (body.body.start, place[1])))
        case syntax.Pipeline():
            last = with_redirects(body.stages[-1], trailing, (body.stages[-1].start, place[1]))
            return syntax.Pipeline(*place, (*body.stages[:-1], last))
        case syntax.Simple():
            every = (*body.redirects, *redirects)
            words = (*body.words, *trailing.words)
            return syntax.Simple(*place, words, body.assignments, every, body.is_declaration)
        case syntax.Test():
            words = (*body.words, *trailing.words)
            return syntax.Test(*place, body.bracket, words, (*body.redirects, *redirects))
        case syntax.Subshell():
            return syntax.Subshell(*place, body.body, redirects)
    return syntax.Group(*place, Block(body.start, body.end, (Item(body),)), redirects)


def joined(left: Statement, operator: str, right: Statement) -> Statement:
    """What stands before and behind an operator of which the parser has taken all that is behind it together."""
    if isinstance(right, syntax.AndOr):
        return syntax.AndOr(left.start, right.end, joined(left, operator, right.left), right.operator, right.right)
    if operator != "|":
        return syntax.AndOr(left.start, right.end, left, operator, right)
    if isinstance(left, syntax.AndOr):
        return syntax.AndOr(left.start, right.end, left.left, left.operator, joined(left.right, operator, right))
    return piped([left, right], left.start)


def piped(stages: list[Statement], start: int) -> Statement:
    """A pipeline of what the parser takes for stages; pipes bind closer than `&&` and `||`, and `!` speaks of all."""
    *before, last = stages
    if isinstance(stages[0], syntax.Not):
        return syntax.Not(start, last.end, piped([stages[0].body, *stages[1:]], stages[0].body.start))
    if isinstance(last, syntax.AndOr):
        left = piped([*before, last.left], start)
        return syntax.AndOr(start, last.end, left, last.operator, last.right)
    flat = [one for stage in stages for one in (stage.stages if isinstance(stage, syntax.Pipeline) else (stage,))]
    return syntax.Pipeline(start, last.end, tuple(flat))


def as_test(command: syntax.Simple) -> Statement:
    """A command, or the test that it is by its name."""
    if not command.words or command.words[0].text != "test" or command.assignments:
        return command
    return syntax.Test(command.start, command.end, "test", command.words[1:], command.redirects)


def as_until(loop: syntax.While) -> syntax.While:
    """A loop, which goes on until what it asks for, where it goes on while that is not so."""
    match loop.condition.items:
        case (Item(statement=syntax.Not(body=asked)) as only,):
            condition = loop.condition._replace(items=(only._replace(statement=asked),))
            return loop._replace(condition=condition, is_until=not loop.is_until)
    return loop
