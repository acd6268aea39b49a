"""What a statement leaves behind for those that follow it: options, what has been ruled out, where output goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from initlint.shell.language import syntax
from initlint.shell.language.command import Command, Context, Guard, Redirection
from initlint.shell.language.syntax import Statement
from initlint.shell.outcome.flow import State, set_options

LEAVING = ("exit", "return", "break", "continue")
_QUESTIONS = ("test", "[", "grep", "command", "which", "type", "true", "false")


def after(statement: Statement, context: Context, commands: Iterable[Command]) -> Context:
    """The context of what follows a statement; `commands` are those in it."""
    for command in commands:
        if command.name == "set" and command.context.depth == context.depth:
            context = _with_options(command, context)
        if command.wrappers == ("exec",) and not command.arguments:
            context = context._replace(silent=context.silent | silenced(command.redirections))
    guards = tuple(_ruled_out(statement))
    return context._replace(guards=(*context.guards, *guards)) if guards else context


def _with_options(command: Command, context: Context) -> Context:
    """The options that `set` sets; where it may not have run, they are known only if it changes nothing."""
    if not isinstance(command.statement, syntax.Simple):
        return context
    state = set_options(command.statement, State(True, context.errexit is True, context.pipefail is True))
    if command.context.is_certain:
        return context._replace(errexit=state.errexit, pipefail=state.pipefail)
    return context._replace(
        errexit=context.errexit if state.errexit is context.errexit else None,
        pipefail=context.pipefail if state.pipefail is context.pipefail else None,
    )


def _ruled_out(statement: Statement) -> Iterator[Guard]:
    """What must have held if the flow came behind a statement: `[ -f x ] && exit`, `if …; then exit; fi`."""
    match statement:
        case syntax.AndOr(left=left, operator=operator, right=right) if leaves(right):
            yield Guard(left, operator == "||")
        case syntax.If(branches=branches, otherwise=None):
            for branch in branches:
                if branch.condition.items and branch.body.items and leaves(branch.body.items[-1].statement):
                    yield Guard(branch.condition.items[-1].statement, False)


def leaves(statement: Statement) -> bool:
    """Whether the flow surely leaves at the end of a statement."""
    match statement:
        case syntax.Simple():
            return statement.name in LEAVING or (statement.name == "exec" and len(statement.words) > 1)
        case syntax.Group(body=body) if body.items:
            return leaves(body.items[-1].statement)
        case syntax.AndOr(operator="&&"):
            return leaves(statement.right)
    return False


def is_question(statement: Statement) -> bool:
    """Whether a statement is there to be answered by yes or no, not to do anything."""
    match statement:
        case syntax.Simple():
            return statement.name in _QUESTIONS
        case syntax.AndOr():
            return is_question(statement.left) and is_question(statement.right)
        case syntax.Not() | syntax.Test():
            return True
    return False


def silenced(redirections: Iterable[Redirection]) -> frozenset[str]:
    """The descriptors that go to `/dev/null`: `>/dev/null`, `2>&1` behind it, `&>/dev/null`, `2>&-`."""
    silent: set[str] = set()
    for one in redirections:
        descriptor = one.descriptor or "1"
        if one.operator in ("&>", ">&", "&>>") and one.word.text == "/dev/null":
            silent |= {"1", "2"} if not one.descriptor else {descriptor}
        elif one.operator in (">", ">>", ">|") and one.word.text == "/dev/null":
            silent.add(descriptor)
        elif one.operator == ">&" and one.descriptor == "2" and "1" in silent:
            silent.add("2")
    return frozenset(silent)
