"""Syntax and built-ins that the shell of an init container's or sidecar's image does not have, or that none has."""

from initlint.api import (
    ERROR,
    WARNING,
    Container,
    ContainerScript,
    Finding,
    Findings,
    InitContainer,
    Misfit,
    Part,
    Related,
    misfits,
    rule,
    scripts,
)

_LONGEST = 40
_MOST_RELATED = 3


@rule("INIT310", "syntax that the shell does not have", severity=WARNING)
def check(container: InitContainer) -> Findings:
    for script in (part for one in scripts(container) for part in one.parts):
        for misfit in misfits(script):
            container.require(Part.IMAGES, Part.COMMANDS)
            yield _of(container, script, misfit) if misfit.shell else _broken(container, misfit)


def _of(container: Container, script: ContainerScript, misfit: Misfit) -> Finding:
    first, *others = misfit.where
    return Finding(
        first,
        f"{container} uses {_what(misfit)}, which {_shell(misfit, script.shell, container)} does not have: "
        f"{misfit.bashism.instead}",
        related=tuple(Related(where, "and here") for where in others[:_MOST_RELATED]),
        defect=misfit.bashism.what,
        help=misfit.bashism.remedy or "call the script with `bash`, in an image that has it",
    )


def _broken(container: Container, misfit: Misfit) -> Finding:
    text = misfit.text.replace("`", "backquote")
    lacks = f"`{text}` and no `{misfit.lacks}` that belongs to it".replace("```", "backquote")
    fact = lacks if misfit.lacks else f"a `{text}` where none can be"
    if misfit.text.startswith("<<"):
        fact = f"a here-document that never ends, as no line is `{misfit.lacks}` without spaces around it"
    return Finding(
        misfit.where[0],
        f"the script of {container} has {fact}: any shell stops there with a syntax error, and the container fails",
        severity=ERROR,
        defect=misfit.bashism.what,
        help=_mended(misfit),
    )


def _mended(misfit: Misfit) -> str:
    if not misfit.lacks:
        return "leave it out, or write what belongs before it"
    if misfit.text.startswith("<<"):
        return f"move `{misfit.lacks}` to the beginning of its line: `<<-` takes tabs before it, and no spaces"
    if not misfit.lacks.isalpha():
        return "close it, or put a backslash before it"
    return (
        f"put `{misfit.lacks}` behind a `;`, or on a line of its own: quotes and `>` join lines, where `|` keeps them"
    )


def _what(misfit: Misfit) -> str:
    lines = misfit.text.splitlines() or [""]
    shown = lines[0] if len(lines) == 1 and len(lines[0]) <= _LONGEST else f"{lines[0][: _LONGEST - 1]}…"
    return misfit.bashism.what.replace("{}", shown.replace("`", "'"))


def _shell(misfit: Misfit, name: str, container: Container) -> str:
    """The shell by its kind, and what it is called."""
    if name.rpartition("/")[2] == "sh":
        return f"{misfit.shell.value if misfit.shell else name}, the `sh` of image `{container.image.value}`,"
    return f"`{name}`"
