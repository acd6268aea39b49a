"""Accept what is found today, so that only what is new fails."""

from __future__ import annotations

import sys
from enum import Enum
from typing import Annotated

import typer
from typer import Argument

from initlint.baseline import NAME, Baseline
from initlint.cli import options
from initlint.cli.output import Color, display
from initlint.cli.request import Flags, RunRequest
from initlint.cli.status import tell_empty, tell_problems
from initlint.cli.templates import with_templates
from initlint.errors import InitlintError
from initlint.errors import shown as name_of
from initlint.inputs import Inputs
from initlint.report import Report
from initlint.reporters.summary import plural, vanished
from initlint.run import check_inputs


class BaselineAction(Enum):
    """What to do with the baseline."""

    WRITE = "write"
    PRUNE = "prune"
    SHOW = "show"


_WHAT = "Write what is found now, prune what is gone, or show what is accepted."
What = Annotated[BaselineAction, Argument(metavar="write|prune|show", help=_WHAT)]


def baseline(
    action: What,
    paths: options.Paths = None,
    baseline: options.BaselineFile = None,
    select: options.Select = None,
    extend_select: options.ExtendSelect = None,
    ignore: options.Ignore = None,
    min_severity: options.MinSeverity = None,
    min_confidence: options.MinConfidence = None,
    target_version: options.TargetVersion = None,
    context: options.Context = None,
    complete: options.Complete = None,
    exclude: options.Exclude = None,
    force_exclude: options.ForceExclude = False,
    config: options.ConfigFile = None,
    isolated: options.Isolated = False,
    rules_dir: options.RulesDir = None,
    jobs: options.Jobs = 0,
) -> None:
    """Accept what is found today, so that only what is new fails."""
    flags = Flags(
        select=select, extend_select=extend_select, ignore=ignore, min_severity=min_severity,
        min_confidence=min_confidence, target_version=target_version, complete=complete, exclude=exclude,
        baseline=baseline)  # fmt: skip
    request = RunRequest.of(flags, config_file=config, isolated=isolated, rules_dir=rules_dir, jobs=jobs)
    file = request.baseline or request.root / NAME
    shown = name_of(file)
    if action is BaselineAction.SHOW:
        typer.echo(_listed(Baseline.load(file)), nl=False)
        return
    given = paths or ["."]
    report, checked = _check(request.inputs(given, context=context, force_exclude=force_exclude), given, request)
    if action is BaselineAction.WRITE:
        told = _write(Baseline(file).of(report), shown)
    else:
        told = _prune(Baseline.load(file), request, report, checked)
    typer.echo(told)


def _check(inputs: Inputs, paths: list[str], request: RunRequest) -> tuple[Report, list[str]]:
    """What is found; if not everything can be read, nothing: what is accepted would be less than there is."""
    inputs = with_templates(inputs)
    if inputs.problems:
        tell_problems(inputs.problems)
        raise InitlintError("not everything could be read, so that the baseline is left as it is")
    if not inputs.had_files:
        tell_empty(inputs, paths)
        raise typer.Exit(3)
    return check_inputs(inputs, request.settings), [source.path for source in inputs.sources]


def _write(accepted: Baseline, shown: str) -> str:
    accepted.save()
    count = plural(len(accepted.entries), "finding")
    return f"wrote {shown}: {count} accepted; `initlint check --baseline {shown}` fails for new ones only"


def _prune(accepted: Baseline, request: RunRequest, report: Report, checked: list[str]) -> str:
    report = accepted.applied(report, request.settings, checked)
    accepted.without(report.vanished).save()
    gone = vanished(report, display(sys.stdout, Color.NEVER, 0))[:-1]
    left = len(accepted.entries) - len(report.vanished)
    return "\n".join([*gone, f"{len(report.vanished):,} taken out, {left:,} left"])


def _listed(accepted: Baseline) -> str:
    plain = display(sys.stdout, Color.NEVER, 0)
    lines = [
        f"{plain.name(one.path)}: {plain.name(f'{one.code} {one.rule}')}: {plain.prose(one.message)}"
        for one in accepted.entries
    ]
    return "".join(f"{line}\n" for line in [*lines, f"{plural(len(lines), 'finding')} accepted"])
