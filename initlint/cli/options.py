"""The options of all verbs, each with the environment variable that stands for it; a flag wins over its variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from initlint.baseline import NAME
from initlint.cli.completion import formats, levels, rule_names, versions
from initlint.cli.output import Color
from initlint.config import FailOn
from initlint.finding import Confidence, Severity
from initlint.kube.terms.versions import DEFAULT, NEWEST, OLDEST
from initlint.reporters import FORMATS

RULES, INPUT, OUTPUT, GATE = "Which rules", "What is read", "What is shown", "Exit code"
FIXES, SETUP = "Fixes", "Configuration"
"""The sections of `--help`, in which Typer's panels are plain headings."""

VARIABLES: set[str] = set()
"""The variables that stand for flags, of all verbs."""


def _option(*names: str, panel: str, help: str, **more: Any) -> Any:  # noqa: A002 - Typer's word
    variable = "INITLINT_" + names[0].lstrip("-").replace("-", "_").upper()
    VARIABLES.add(variable)
    return Option(*names, help=help, envvar=variable, show_envvar=False, rich_help_panel=panel, **more)


def output(*names: str, help: str) -> Any:  # noqa: A002 - Typer's word
    """An option about the output, for a verb of its own formats."""
    return _option(*names, panel=OUTPUT, metavar="NAME", help=help)


Names = list[str] | None
_CODES: dict[str, Any] = {"metavar": "RULES", "panel": RULES, "autocompletion": rule_names}
_VERSIONS = f"Kubernetes version to check for, {OLDEST} to {NEWEST}; default {DEFAULT}."
_LEVELS: dict[str, Any] = {"metavar": "LEVEL", "panel": RULES}

_PATHS = "Files and directories; `-` is standard input; default `.`."
Paths = Annotated[Names, Argument(metavar="[PATH]...", help=_PATHS)]
Select = Annotated[Names, _option("--select", help="Rules to run: names, codes, prefixes or ALL.", **_CODES)]
ExtendSelect = Annotated[Names, _option("--extend-select", help="Rules to run as well.", **_CODES)]
Ignore = Annotated[Names, _option("--ignore", help="Rules to leave out.", **_CODES)]
MinSeverity = Annotated[
    str | None,
    _option(
        "--min-severity",
        help="Least severity to report: info (default), warning, error.",
        autocompletion=levels(Severity),
        **_LEVELS,
    ),
]
MinConfidence = Annotated[
    str | None,
    _option(
        "--min-confidence",
        help="Least confidence to report: low, medium (default), high.",
        autocompletion=levels(Confidence),
        **_LEVELS,
    ),
]
TargetVersion = Annotated[
    str | None, _option("--target-version", panel=INPUT, metavar="VERSION", help=_VERSIONS, autocompletion=versions)
]
RulesDir = Annotated[
    list[Path] | None,
    _option("--rules-dir", panel=RULES, metavar="DIR", help="Rule folders of your own; repeatable."),
]
Pack = Annotated[
    list[Path] | None,
    _option("--rules-dir", panel=RULES, metavar="DIR", help="The pack to put it into; default `rules`."),
]
Context = Annotated[
    Names,
    _option("--context", panel=INPUT, metavar="PATH", help="Resolved against, not reported; repeatable."),
]
Complete = Annotated[
    bool | None,
    _option("--complete", panel=INPUT, help="The input is everything that is in its namespaces.", show_default=False),
]
Exclude = Annotated[
    Names,
    _option("--exclude", panel=INPUT, metavar="PATTERN", help="Leave out, as in a .gitignore; repeatable."),
]
ForceExclude = Annotated[bool, _option("--force-exclude", panel=INPUT, help="Leave out given files, too.")]
StdinFilename = Annotated[
    str,
    _option("--stdin-filename", panel=INPUT, metavar="PATH", help="What to call standard input.", show_default=False),
]
Helm = Annotated[
    Names,
    _option("--helm", panel=INPUT, metavar="CHART", help="Check what your `helm` makes of a chart; repeatable."),
]
Values = Annotated[
    list[Path] | None, _option("--values", panel=INPUT, metavar="FILE", help="Values for `--helm`; repeatable.")
]
Kustomize = Annotated[
    Names,
    _option("--kustomize", panel=INPUT, metavar="DIR", help="Check what your `kustomize` builds; repeatable."),
]
OutputFormat = Annotated[
    Names,
    _option(
        "--output-format",
        panel=OUTPUT,
        metavar="NAME[=FILE]",
        help=f"{', '.join(FORMATS)}; repeatable.",
        autocompletion=formats,
    ),
]
Statistics = Annotated[
    bool, _option("--statistics", panel=OUTPUT, help="Count findings by rule, as `--output-format statistics`.")
]
ColorWhen = Annotated[
    Color,
    _option("--color", panel=OUTPUT, metavar="WHEN", help="auto, always or never.", show_default=False),
]
Verbose = Annotated[
    int,
    _option("--verbose", "-v", panel=OUTPUT, count=True, help="Say what was skipped or unknown.", show_default=False),
]
Quiet = Annotated[bool, _option("--quiet", "-q", panel=OUTPUT, help="Findings only.")]
QuietFix = Annotated[bool, _option("--quiet", "-q", panel=OUTPUT, help="Diffs and errors only.")]
ShowFiles = Annotated[
    bool, _option("--show-files", panel=OUTPUT, help="List the files that would be checked, and end.")
]
ShowSettings = Annotated[
    bool, _option("--show-settings", panel=OUTPUT, help="Show the settings that would be used, and end.")
]
Fail = Annotated[
    FailOn | None,
    _option(
        "--fail-on", panel=GATE, metavar="LEVEL", help="Least that exits with 1: error, warning (default), info, never."
    ),
]
ExitZero = Annotated[bool, _option("--exit-zero", panel=GATE, help="Exit with 0 even if there are findings.")]
Strict = Annotated[bool, _option("--strict", panel=GATE, help="Exit with 2 if something was skipped.")]
Baseline = Annotated[
    Path | None,
    _option("--baseline", panel=GATE, metavar="FILE", help="Findings accepted for now: only new ones count."),
]
BaselineFile = Annotated[
    Path | None,
    _option("--baseline", panel=SETUP, metavar="FILE", help=f"Instead of {NAME} beside the configuration."),
]
Fix = Annotated[bool, _option("--fix", panel=FIXES, help="Mend what can be mended first, and report what is left.")]
Unsafe = Annotated[bool, _option("--unsafe", panel=FIXES, help="Make fixes that change more than what is wrong, too.")]
Diff = Annotated[bool, _option("--diff", panel=FIXES, help="Write nothing, show what would change.")]
CheckOnly = Annotated[
    bool, _option("--check", panel=FIXES, help="Write nothing, exit with 1 if something would change.")
]
ConfigFile = Annotated[
    Path | None,
    _option("--config", panel=SETUP, metavar="FILE", help="The configuration, instead of the nearest .initlint.yaml."),
]
Isolated = Annotated[bool, _option("--isolated", panel=SETUP, help="Heed no configuration file.")]
Jobs = Annotated[
    int,
    _option(
        "--jobs",
        panel=SETUP,
        metavar="N",
        help="Processes; default 0, as many as are worth it.",
        show_default=False,
    ),
]
