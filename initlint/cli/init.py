"""Write a commented configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from initlint.config import NAMES, find
from initlint.errors import InitlintError, shown, unwritten
from initlint.kube.terms.versions import DEFAULT
from initlint.version import FILES

_TEMPLATE = f"""\
# yaml-language-server: $schema={FILES}/schemas/config.schema.json
# What initlint is asked to do; flags and INITLINT_* variables win over it. Every key may be left out.

# The Kubernetes version that the manifests are for.
target-version: "{DEFAULT}"

# Rules by name, code, prefix or ALL: `initlint rules` lists them.
select: [ALL]
extend-select: []
ignore: []

# Least severity and least confidence to report: info, warning or error; low, medium or high.
min-severity: info
min-confidence: medium

# Least severity that makes the exit code 1: error, warning, info or never.
fail-on: warning

# Paths to leave out, as in a .gitignore, which is honoured anyway.
exclude: []

# The input is everything that is in its namespaces: what it does not hold is not there.
complete: false

# What rules can be told: a severity for all their findings, and options that `initlint explain` names.
rules: {{}}
#   missing-resources: {{severity: info, require: [limits.memory]}}

# Findings to silence, with the reason.
ignores: []
#   - {{rule: missing-resources, object: "Job/*", container: wait-*, reason: "the quota sets them"}}

# Comments, annotations and `ignores` must give a reason.
require-reason: false

# Findings that are accepted for now: `initlint baseline write` writes the file.
# baseline: .initlint-baseline.json

# What is different for some files.
overrides: []
#   - {{files: ["dev/**"], ignore: [missing-resources]}}

# What your own tools do, as in initlint/shell/commands/commands.yaml.
# commands:
#   fetch-model: {{options: {{-o --output: write}}, operands: url, is: significant}}
"""


def init(force: Annotated[bool, Option("--force", help="Write over the file that is there.")] = False) -> None:
    """Write a commented configuration file."""
    file, before = Path(NAMES[0]), find(Path.cwd())
    if before and before.name != file.name and before.parent == Path.cwd():
        raise InitlintError(f"`{before.name}` is there already: of two configurations only one would be read")
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(_TEMPLATE)
    except FileExistsError:
        raise InitlintError(f"`{file}` is there already: `initlint init --force` writes over it") from None
    except OSError as error:
        raise unwritten(file, error, "run it in a directory that can be written to") from error
    typer.echo(f"wrote {file}")
    if before and before.parent != Path.cwd():
        typer.echo(f"note: it alone counts here and below, nothing of `{shown(before)}` does any more", err=True)
