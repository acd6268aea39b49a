"""The options of `check`, each with the environment variable that stands for it; a flag wins over its variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from initlint.cli.output import Color
from initlint.config import FailOn
from initlint.kube.versions import DEFAULT, NEWEST, OLDEST
from initlint.reporters import FORMATS


def _option(*names: str, help: str, **more: Any) -> Any:  # noqa: A002 - Typer's word
    return Option(*names, help=help, envvar="INITLINT_" + names[0].lstrip("-").replace("-", "_").upper(), **more)


Names = list[str] | None
_VERSIONS = f"Kubernetes version to check for, {OLDEST} to {NEWEST}. Default: {DEFAULT}"

Paths = Annotated[Names, Argument(help="Files and directories; `-` is standard input. Default: `.`")]
Select = Annotated[Names, _option("--select", help="Rules to report: names, codes, prefixes or ALL.")]
ExtendSelect = Annotated[Names, _option("--extend-select", help="Rules to report as well.")]
Ignore = Annotated[Names, _option("--ignore", help="Rules to leave out.")]
OutputFormat = Annotated[
    Names, _option("--output-format", metavar="NAME[=FILE]", help=f"{', '.join(FORMATS)}; repeatable.")
]
Fail = Annotated[FailOn | None, _option("--fail-on", help="Least severity that makes the exit code 1.")]
ExitZero = Annotated[bool, _option("--exit-zero", help="Exit with 0 even if there are findings.")]
Strict = Annotated[bool, _option("--strict", help="Exit with 2 if something was skipped.")]
MinSeverity = Annotated[str | None, _option("--min-severity", help="Least severity to report: info, warning, error.")]
MinConfidence = Annotated[
    str | None, _option("--min-confidence", help="Least confidence to report: low, medium, high.")
]
TargetVersion = Annotated[str | None, _option("--target-version", help=_VERSIONS)]
Context = Annotated[Names, _option("--context", metavar="DIR", help="Read and resolved against, not reported.")]
Complete = Annotated[
    bool | None, _option("--complete", help="The input is everything that is in its namespaces.", show_default=False)
]
Exclude = Annotated[Names, _option("--exclude", help="Patterns of paths to leave out, as in a .gitignore.")]
ForceExclude = Annotated[bool, _option("--force-exclude", help="Exclude given files, too.")]
Baseline = Annotated[
    Path | None, _option("--baseline", metavar="FILE", help="Findings that are accepted for now: only new ones count.")
]
Helm = Annotated[
    Names, _option("--helm", metavar="CHART", help="Check what a chart renders to; calls your helm. Repeatable.")
]
Values = Annotated[list[Path] | None, _option("--values", metavar="FILE", help="Values for --helm. Repeatable.")]
Kustomize = Annotated[
    Names, _option("--kustomize", metavar="DIR", help="Check what a kustomization builds; calls your kustomize.")
]
StdinFilename = Annotated[str, _option("--stdin-filename", help="What to call standard input.")]
ConfigFile = Annotated[Path | None, _option("--config", help="The configuration file, instead of the nearest.")]
Isolated = Annotated[bool, _option("--isolated", help="Heed no configuration file.")]
RulesDir = Annotated[list[Path] | None, _option("--rules-dir", help="A directory of rule folders of your own.")]
Jobs = Annotated[int, _option("--jobs", min=0, help="Processes; 0 is as many as are worth it.")]
Statistics = Annotated[bool, _option("--statistics", help="Count findings by rule, instead of showing them.")]
ShowFiles = Annotated[bool, _option("--show-files", help="List the files that would be checked.")]
ShowSettings = Annotated[bool, _option("--show-settings", help="Show the settings that would be used.")]
ColorWhen = Annotated[Color, _option("--color", help="Colour the output.")]
Fix = Annotated[bool, Option("--fix", help="Mend what can be mended first, and report what is left.")]
Unsafe = Annotated[bool, Option("--unsafe", help="Make fixes that change more than what is wrong, too.")]
Diff = Annotated[bool, Option("--diff", help="Write nothing, show what would change.")]
CheckOnly = Annotated[bool, Option("--check", help="Write nothing, exit with 1 if something would change.")]
Verbose = Annotated[int, Option("-v", "--verbose", count=True, help="Say what was skipped or unknown.")]
Quiet = Annotated[bool, _option("--quiet", "-q", help="Findings only.")]
