"""Check manifests for what breaks Pod start-up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from initlint.cli.output import Color, display, outputs, write
from initlint.cli.status import FailOn, exit_code
from initlint.finding import Confidence
from initlint.inputs import collect
from initlint.kube.versions import DEFAULT, NEWEST, OLDEST, Version
from initlint.run import check_sources
from initlint.settings import Settings, selected_codes

Names = list[str]
_VERSIONS = f"Kubernetes version to check for, {OLDEST} to {NEWEST}."


def check(
    paths: Annotated[Names | None, Argument(help="Files and directories; `-` is standard input. Default: `.`")] = None,
    select: Annotated[Names | None, Option(help="Rules to report: names, codes, prefixes or ALL.")] = None,
    ignore: Annotated[Names | None, Option(help="Rules to leave out, in the same way.")] = None,
    output_format: Annotated[Names | None, Option(metavar="NAME[=FILE]", help="full, concise or json.")] = None,
    fail_on: Annotated[FailOn, Option(help="Least severity that makes the exit code 1.")] = FailOn.WARNING,
    exit_zero: Annotated[bool, Option("--exit-zero", help="Exit with 0 even if there are findings.")] = False,
    min_confidence: Annotated[str, Option(help="Least confidence to report: low, medium or high.")] = "medium",
    target_version: Annotated[str, Option(help=_VERSIONS)] = str(DEFAULT),
    exclude: Annotated[Names | None, Option(help="Patterns of paths to leave out, as in a .gitignore.")] = None,
    force_exclude: Annotated[bool, Option("--force-exclude", help="Exclude given files, too.")] = False,
    stdin_filename: Annotated[str, Option(help="What to call standard input.")] = "<stdin>",
    rules_dir: Annotated[list[Path] | None, Option(help="A directory of rule folders of your own.")] = None,
    jobs: Annotated[int, Option(min=0, help="Processes; 0 is as many as are worth it.")] = 0,
    color: Annotated[Color, Option(help="Colour the output.")] = Color.AUTO,
    verbose: Annotated[int, Option("-v", "--verbose", count=True, help="Say what was skipped or unknown.")] = 0,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Findings only.")] = False,
) -> None:
    """Check manifests for what breaks Pod start-up."""
    settings = Settings(
        select=_listed(select) or ("ALL",),
        ignore=_listed(ignore),
        min_confidence=_confidence(min_confidence),
        version=Version.parse(target_version),
        packs=tuple(rules_dir or ()),
        jobs=jobs,
    )
    wanted = outputs(output_format or ["full"])
    selected_codes(settings)
    inputs = collect(paths or ["."], _listed(exclude), force_exclude, stdin_filename)
    report = check_sources(inputs.sources, settings, inputs.problems, inputs.skipped)
    for output in wanted:
        write(report, output, display(sys.stdout, color, -1 if quiet else verbose))
    raise typer.Exit(exit_code(report, fail_on, exit_zero=exit_zero, had_files=inputs.had_files))


def _listed(values: Names | None) -> tuple[str, ...]:
    """Options may be repeated, and hold several names with commas between them."""
    return tuple(name.strip() for value in values or () for name in value.split(",") if name.strip())


def _confidence(name: str) -> Confidence:
    try:
        return Confidence[name.upper()]
    except KeyError:
        raise typer.BadParameter(f"`{name}` is not low, medium or high", param_hint="--min-confidence") from None
