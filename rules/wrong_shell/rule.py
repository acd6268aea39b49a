"""Syntax and built-ins that the shell of an init container's or sidecar's image does not have."""

from initlint.api import (
    WARNING,
    Container,
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
            first, *others = misfit.where
            yield Finding(
                first,
                f"{container} uses {_what(misfit)}, which {_shell(misfit, script.shell, container)} does not have: "
                f"{misfit.bashism.instead}",
                related=tuple(Related(where, "and here") for where in others[:_MOST_RELATED]),
                defect=misfit.bashism.what,
                help=misfit.bashism.remedy or "call the script with `bash`, in an image that has it",
            )


def _what(misfit: Misfit) -> str:
    lines = misfit.text.splitlines() or [""]
    shown = lines[0] if len(lines) == 1 and len(lines[0]) <= _LONGEST else f"{lines[0][: _LONGEST - 1]}…"
    return misfit.bashism.what.replace("{}", shown.replace("`", "'"))


def _shell(misfit: Misfit, name: str, container: Container) -> str:
    """The shell by its kind, and what it is called."""
    if name.rpartition("/")[2] == "sh":
        return f"{misfit.shell.value}, the `sh` of image `{container.image.value}`,"
    return f"`{name}`"
