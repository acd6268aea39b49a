"""An init container that throws away whatever it could say: nobody can see what it hangs at."""

import re
from collections.abc import Iterator

from initlint.api import (
    INFO,
    Command,
    ContainerScript,
    Finding,
    Findings,
    RegularInitContainer,
    Step,
    Where,
    rule,
    scripts,
    silenced,
    syntax,
)

_ALL = frozenset({"1", "2"})
# They say nothing, whatever comes of them.
_QUIET = frozenset({
    "", ":", "[", "[[", "((", "break", "cd", "continue", "exit", "export", "expr", "false", "let", "local", "read",
    "return", "set", "shift", "sleep", "test", "trap", "true", "umask", "unset", "wait",
})  # fmt: skip
# They have no output, only errors, unless they are asked for more.
_MUTE = ("chgrp", "chmod", "chown", "cp", "install", "ln", "mkdir", "mv", "nc", "rm", "rmdir", "touch")
_ASKED_QUIETLY = ("egrep", "fgrep", "grep", "pg_isready")
_SHELLS = ("ash", "bash", "dash", "sh")
_TO_OUTPUT = {"-", "-O-", "-qO-", "--output-document=-", "/dev/stdout", "w"}


@rule("INIT701", "init container that says nothing", severity=INFO)
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
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
    functions, inner = (script.walk.functions, script.walk.inner) if script.walk else ({}, {})
    quiet = _QUIET | set(functions)
    said = [one for one in script.steps if id(one.command.statement) not in inner]
    telling = [one for one in said if one.command.name not in quiet or not _is_named(one)]
    heard = any(_traces(one) or _says_goodbye(one) for one in script.steps) or "x" in script.options
    return bool(telling) and not heard and all(map(_is_silent, telling))


def _is_named(step: Step) -> bool:
    return bool(step.command.name) or not step.command.arguments


def _says_goodbye(step: Step) -> bool:
    """`trap 'echo failed' EXIT`."""
    return step.command.name == "trap" and any("echo" in (word or "echo") for word in step.command.words[1:2])


def _traces(step: Step) -> bool:
    words = [word or "" for word in step.command.words[1:]] if step.command.name == "set" else []
    if step.command.name in _SHELLS:
        words = [word or "" for word in step.command.words[1:2]]
    return any(word == "xtrace" or (word[:1] == "-" and "x" in word) for word in words)


def _is_silent(step: Step) -> bool:
    """Whether neither its output nor its errors come to the log; what goes into a pipe or a file does not, either."""
    context, redirections = step.command.context, step.command.redirections
    is_last = context.stage[0] + 1 == context.stage[1]
    is_stored = any(one.writes and (one.descriptor or "1") == "1" and one.operator != ">&" for one in redirections)
    is_used = not is_last or is_stored or context.in_substitution
    has_no_output = is_used or "1" in context.silent or _prints_nothing(step.command)
    return has_no_output and ("2" in context.silent or step.command.name in ("echo", "printf"))


def _prints_nothing(command: Command) -> bool:
    """Whether it only ever has errors to tell."""
    words = [word or "" for word in command.words[1:]]
    flags = "".join(word[1:] for word in words if re.fullmatch(r"-[A-Za-z]+", word))
    if command.name in ("curl", "wget"):
        is_stored = command.name == "wget" or bool(set(flags) & {"o", "O"}) or "--output" in words
        return is_stored and not _TO_OUTPUT & {*words, *flags} and "--write-out" not in words
    is_mute = command.name in _MUTE or (command.name in _ASKED_QUIETLY and ("q" in flags or "--quiet" in words))
    return is_mute and "v" not in flags and "--verbose" not in words


def _thrown_away(script: ContainerScript) -> Iterator[Where]:
    """Where everything is silenced, then where errors are and nothing else is said: the redirections."""
    for step in sorted(script.steps, key=lambda step: not silenced(step.command.redirections) >= _ALL):
        statement = step.command.statement
        is_open = isinstance(statement, syntax.Group | syntax.Subshell) or step.command.wrappers == ("exec",)
        redirects = getattr(statement, "redirects", ())
        own = silenced(step.command.redirections)
        if redirects and "2" in own and (is_open or _is_silent(step)):
            yield script.span(redirects[0].start, redirects[-1].end)
