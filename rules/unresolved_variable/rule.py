"""`$(VAR)` that Kubernetes leaves as it is, because the container does not define the variable, or only later."""

from collections.abc import Iterator
from itertools import chain

from initlint.api import (
    ERROR,
    RUNNING_TEXT,
    Container,
    ContainerScript,
    EnvVar,
    Finding,
    Findings,
    InitContainer,
    Part,
    Related,
    Scalar,
    Span,
    is_of_service,
    references,
    regex,
    rule,
    scripts,
)

# What looks like the name of a variable, and not like a command or a parameter of another program.
_NAME = regex(r"[A-Z_][A-Z0-9_]+")
# `$DB_HOST`, `${DB_HOST}`: what a shell would replace.
_OF_SHELL = regex(r"(?<!\$)\$(?:\{([A-Z_][A-Z0-9_]+)\}|([A-Z_][A-Z0-9_]+))")
# What takes its words as they are; of other programs some replace variables themselves.
_LITERAL = frozenset({
    "cat", "chgrp", "chmod", "chown", "cp", "curl", "git", "kubectl", "ln", "ls", "mc", "mkdir", "mongosh", "mv",
    "mysql", "mysqladmin", "nc", "nslookup", "pg_isready", "ping", "psql", "redis-cli", "rm", "rmdir", "rsync", "tar",
    "test", "touch", "wget",
})  # fmt: skip
# `--id=$(hostname)`: a command that a shell would run, in a word that is no text of its own.
_COMMAND = regex(
    r"[\w./:@=,-]*?(?<!\$)(\$\((?:cat|date|hostname|id|nproc|pwd|uname|whoami)(?:\s[^()|;&]*)?\))[\w./:@=,-]*"
)
_SCRIPT = regex(r"\.\w+$|entrypoint")
_SHELLS = frozenset({"ash", "bash", "busybox", "dash", "eval", "fish", "ksh", "sh", "zsh"})
# What they read in may define functions, of which none is called `DB_HOST`.
_READING_IN = frozenset({".", "source"})


@rule("INIT309", "reference to a variable that is not defined there", severity=ERROR)
def check(container: InitContainer) -> Findings:
    yield from _in_variables(container)
    yield from _in_words(container)
    yield from _as_in_shell(container)
    yield from _commands(container)
    for script in scripts(container):
        yield from _in_script(container, script)


def _in_variables(container: Container) -> Iterator[Finding]:
    """A value may refer to what is defined before it (makeEnvironmentVariables)."""
    before: set[str] = set()
    for variable in container.env:
        value = variable.value
        for start, end, name in references(value.value) if isinstance(value, Scalar) else ():
            if name and name not in before and isinstance(value, Scalar):
                yield from _unresolved(container, variable, name, value.at(start, end))
        before.add(variable.name.value)


def _unresolved(container: Container, variable: EnvVar, name: str, where: Span) -> Iterator[Finding]:
    later = next((one for one in container.env if one.name.value == name), None)
    holder = f"`{variable.name}` of {container} refers to `$({name})`"
    if container.node["envFrom"] or is_of_service(name):
        return
    if later is not None:
        is_itself = later.node is variable.node
        order = "is not defined before it" if is_itself else "is defined only after it"
        related = () if is_itself else (Related(later.name, "it is defined here"),)
        yield Finding(where, f"{holder}, which {order}: {_stays(name)}", related, help="define it before")
    elif _NAME.fullmatch(name):
        _require_all(container)
        yield Finding(where, f"{holder}, which is not defined: {_stays(name)}", help=_help(name))


def _stays(name: str) -> str:
    return f"Kubernetes leaves it as it is, and the program gets the text `$({name})`"


def _help(name: str) -> str:
    return f"define `{name}` in `env` of this container"


def _require_all(container: Container) -> None:
    """Raise Unknown where something else may add variables."""
    container.pod.require(Part.CONTAINERS, Part.IMAGES, Part.COMMANDS)


def _in_words(container: Container) -> Iterator[Finding]:
    """Arguments that no shell reads."""
    texts = {id(script.node) for script in scripts(container) if script.is_shell}
    for word in chain(container.command, container.args):
        if isinstance(word, Scalar) and id(word) not in texts:
            for start, end, name in references(word.value):
                if name and _is_undefined(container, name):
                    _require_all(container)
                    message = f"{container} is given `$({name})`, which is not defined: {_stays(name)}"
                    yield Finding(word.at(start, end), message, help=_help(name))


def _as_in_shell(container: Container) -> Iterator[Finding]:
    """`$VAR` where there is no shell: Kubernetes replaces `$(VAR)` only."""
    first, *others = [*container.command, None]
    program = first.value.rpartition("/")[2] if isinstance(first, Scalar) else ""
    defined = {one.name.value for one in container.env} if program in _LITERAL else set[str]()
    for word in chain(others, container.args):
        for match in _OF_SHELL.finditer(word.value) if defined and isinstance(word, Scalar) else ():
            name = match[1] or match[2]
            if name in defined and isinstance(word, Scalar):
                yield Finding(
                    word.at(*match.span()),
                    f"{container} is given `{match[0]}`, which no shell is there to replace: `{program}` gets the text",
                    help=f"write `$({name})`, which Kubernetes replaces",
                )


def _commands(container: Container) -> Iterator[Finding]:
    """`$(hostname)` where there is no shell; not for a script, which may hand it to one."""
    words = [word for word in (*container.command, *container.args) if isinstance(word, Scalar)]
    names = [word.value.rpartition("/")[2] for word in words]
    if not names or not container.overrides_entrypoint or not _SHELLS.isdisjoint(names) or _SCRIPT.search(names[0]):
        return
    for word in words[1:]:
        if match := _COMMAND.fullmatch(word.value):
            yield Finding(
                word.at(*match.span(1)),
                f"{container} is given `{match[1]}`, which no shell is there to run: `{names[0]}` gets the text",
                help="call it by a shell, as in `sh -c`, or take the name of the Pod from a `fieldRef`",
            )


def _is_undefined(container: Container, name: str) -> bool:
    if container.node["envFrom"] or is_of_service(name) or not _NAME.fullmatch(name):
        return False
    return all(one.name.value != name for one in container.env)


def _in_script(container: Container, script: ContainerScript) -> Iterator[Finding]:
    """What Kubernetes leaves, a shell takes for a command, which has no such name."""
    running = {step.command.name for step in script.steps} & set(RUNNING_TEXT)
    if not script.is_shell or script.walk is None or not running <= _READING_IN:
        return
    seen: set[int] = set()
    for step in script.steps:
        command, text = step.command, script.script.text
        start, end = command.start - 2, command.end + 1
        if command.start in seen or text[start : start + 2] != "$(" or text[command.end : end] != ")":
            continue
        name, where = text[command.start : command.end], script.span(start, end)
        if not isinstance(where, Span) or container.node.source.text.startswith("$$", where.start):
            continue  # in another file, or meant for the shell: `$$(NAME)`
        may_be_function = name in script.walk.functions or (running and "_" not in name)
        if _is_undefined(container, name) and not may_be_function:
            seen.add(command.start)
            _require_all(container)
            yield Finding(
                where,
                f"{container} refers to `$({name})`, which is not defined: Kubernetes leaves it as it is, and the "
                f"shell runs a command `{name}`, which is not there",
                help=f"define `{name}` in `env` of this container, or write `${{{name}}}` if the image defines it",
            )
