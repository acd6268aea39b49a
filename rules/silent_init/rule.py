"""An init container that throws away whatever it could say: nobody can see what it hangs at."""

from collections.abc import Iterator

from initlint.api import INFO, Container, ContainerScript, Finding, Findings, Role, Span, Step, rule, scripts, syntax

_ALL = frozenset({"1", "2"})
# They say nothing, whatever comes of them.
_QUIET = frozenset({
    "", ":", "[", "[[", "((", "break", "cd", "continue", "exit", "export", "expr", "false", "let", "local", "read",
    "return", "set", "shift", "sleep", "test", "trap", "true", "umask", "unset", "wait",
})  # fmt: skip


@rule("INIT701", "init container that says nothing", severity=INFO)
def check(container: Container) -> Findings:
    for script in scripts(container) if container.role is Role.INIT else ():
        where = next(_thrown_away(script), None)
        if script.is_shell and where is not None and _says_nothing(script):
            yield Finding(
                where,
                f"{container} throws away all that it could say: `kubectl logs -c {container.name}` shows nothing when "
                "it hangs or fails",
                help="leave the output alone, or say with `echo` what it waits for",
            )


def _says_nothing(script: ContainerScript) -> bool:
    """Whether every command that can say something is silenced, and there is one."""
    functions = script.walk.functions if script.walk else {}
    telling = [one for one in script.steps if one.command.name not in (_QUIET | set(functions)) or not _is_named(one)]
    traced = any(one.command.name == "set" and _traces(one) for one in script.steps) or "x" in script.options
    return bool(telling) and not traced and all(map(_is_silent, telling))


def _is_named(step: Step) -> bool:
    return bool(step.command.name) or not step.command.arguments


def _traces(step: Step) -> bool:
    words = [word or "" for word in step.command.words[1:]]
    return any(word == "xtrace" or (word[:1] == "-" and "x" in word) for word in words)


def _is_silent(step: Step) -> bool:
    """Whether neither its output nor its errors come to the log; what goes into a pipe or a file does not, either."""
    context, redirections = step.command.context, step.command.redirections
    is_last = context.stage[0] + 1 == context.stage[1]
    is_stored = any(one.writes and (one.descriptor or "1") == "1" and one.operator != ">&" for one in redirections)
    is_used = not is_last or is_stored or context.in_substitution
    return ("2" in context.silent or step.command.name in ("echo", "printf")) and (is_used or "1" in context.silent)


def _thrown_away(script: ContainerScript) -> Iterator[Span]:
    """Where something is silenced altogether: the redirections."""
    for step in script.steps:
        statement = step.command.statement
        redirects = getattr(statement, "redirects", ())
        if redirects and step.command.context.silent | _own(step) >= _ALL:
            yield script.span(redirects[0].start, redirects[-1].end)


def _own(step: Step) -> frozenset[str]:
    """What a group or `exec` silences for those behind it."""
    is_open = isinstance(step.command.statement, syntax.Group | syntax.Subshell)
    nulls = [one for one in step.command.redirections if one.word.text == "/dev/null"]
    return _ALL if is_open and nulls and len(step.command.redirections) > 1 else frozenset()
