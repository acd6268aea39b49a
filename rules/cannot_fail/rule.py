"""A script that succeeds whatever happens: that an init container must succeed means nothing."""

from collections.abc import Iterator

from initlint.api import ERROR, Container, ContainerScript, Finding, Findings, Related, Role, rule, scripts, syntax
from initlint.shell.status import NEVER_FAIL

# What is done to see or to wait, not to prepare anything.
_INSIGNIFICANT = NEVER_FAIL | {"ls", "cat", "test", "cd", "set", "trap", "hostname", "df", "du", "ps", "exit", "sync"}


@rule("INIT303", "script that cannot fail", severity=ERROR)
def check(container: Container) -> Findings:
    for script in scripts(container) if container.role is Role.INIT else ():
        verdict = script.verdict_of(_without_a_last_look(script))
        commands = list(_significant(script.script.body))
        lost = next((one for one in commands if one.name != "mkdir"), next(iter(commands), None))
        if lost and verdict and verdict.can_succeed and not verdict.can_fail:
            yield _cannot_fail(script, lost)


def _without_a_last_look(script: ContainerScript) -> syntax.Script:
    """The script, its last `ls` without operands if these are directories that must be there."""
    items = script.script.body.items
    last = items[-1].statement if items else None
    if not (isinstance(last, syntax.Simple) and last.name == "ls" and not last.redirects):
        return script.script
    there = {mount.path.value.rstrip("/") for mount in script.container.mounts} | set(_made(script))
    operands = [script.script.text[word.start : word.end] for word in last.words[1:] if not _is_option(word)]
    if not all(operand.rstrip("/") in there for operand in operands):
        return script.script
    look = syntax.Item(syntax.Simple(last.start, last.end, last.words[:1]))
    body = syntax.Block(script.script.body.start, script.script.body.end, (*items[:-1], look))
    return syntax.Script(script.script.text, body)


def _made(script: ContainerScript) -> Iterator[str]:
    """Directories that the script makes, and those above them, as they are written."""
    for command in _significant(script.script.body):
        for word in command.words[1:] if command.name == "mkdir" else ():
            steps = script.script.text[word.start : word.end].split("/")
            yield from ("/".join(steps[:count]) for count in range(1, len(steps) + 1))


def _is_option(word: syntax.Word) -> bool:
    return (word.text or "").startswith("-")


def _cannot_fail(script: ContainerScript, lost: syntax.Simple) -> Finding:
    last = script.script.body.items[-1].statement
    deciding = script.span(last.start, last.end)
    return Finding(
        deciding,
        f"{script.container} succeeds even if `{lost.name}` fails, by what its script ends with: "
        "what comes next starts without what was prepared for it",
        related=(Related(script.span(lost.start, lost.end), f"nothing looks at the status of `{lost.name}`"),),
        defect=lost.name,
        help="let the script begin with `set -e`",
    )


def _significant(block: syntax.Block) -> Iterator[syntax.Simple]:
    """Commands whose failure is lost, in order: not conditions, what the script says may fail, what a loop retries."""
    for item in block.items:
        if not item.in_background:
            yield from _of_statement(item.statement)


def _of_statement(statement: syntax.Statement) -> Iterator[syntax.Simple]:
    match statement:
        case syntax.Simple(name=name) if name and name not in _INSIGNIFICANT:
            yield statement
        case syntax.AndOr(operator="&&"):
            yield from _of_statement(statement.left)
            yield from _of_statement(statement.right)
        case syntax.Pipeline():
            yield from _of_statement(statement.stages[-1])
        case syntax.Group() | syntax.Subshell() | syntax.For():
            yield from _significant(statement.body)
        case syntax.Function():
            yield from _of_statement(statement.body)
        case syntax.If():
            bodies = [branch.body for branch in statement.branches]
            for body in [*bodies, statement.otherwise] if statement.otherwise else bodies:
                yield from _significant(body)
