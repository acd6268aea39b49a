"""Check manifests for what breaks Pod start-up."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer

from initlint.baseline import Baseline
from initlint.cli import options
from initlint.cli.output import Color, display, outputs, show
from initlint.cli.progress import Progress
from initlint.cli.request import Flags, RunRequest, named
from initlint.cli.status import exit_code
from initlint.cli.templates import rendering, with_templates
from initlint.config import FailOn
from initlint.errors import InitlintError
from initlint.inputs import STDIN, Inputs
from initlint.report import Report
from initlint.run import check_inputs
from initlint.settings import Settings


def check(
    paths: options.Paths = None,
    select: options.Select = None,
    extend_select: options.ExtendSelect = None,
    ignore: options.Ignore = None,
    output_format: options.OutputFormat = None,
    fail_on: options.Fail = None,
    exit_zero: options.ExitZero = False,
    strict: options.Strict = False,
    min_severity: options.MinSeverity = None,
    min_confidence: options.MinConfidence = None,
    target_version: options.TargetVersion = None,
    context: options.Context = None,
    complete: options.Complete = None,
    exclude: options.Exclude = None,
    force_exclude: options.ForceExclude = False,
    stdin_filename: options.StdinFilename = STDIN,
    helm: options.Helm = None,
    values: options.Values = None,
    kustomize: options.Kustomize = None,
    baseline: options.Baseline = None,
    config: options.ConfigFile = None,
    isolated: options.Isolated = False,
    rules_dir: options.RulesDir = None,
    jobs: options.Jobs = 0,
    statistics: options.Statistics = False,
    fix: options.Fix = False,
    unsafe: options.Unsafe = False,
    show_files: options.ShowFiles = False,
    show_settings: options.ShowSettings = False,
    color: options.ColorWhen = Color.AUTO,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Check manifests for what breaks Pod start-up."""
    flags = Flags(
        select=select, extend_select=extend_select, ignore=ignore, min_severity=min_severity,
        min_confidence=min_confidence, target_version=target_version, complete=complete, exclude=exclude,
        fail_on=FailOn.NEVER if exit_zero else fail_on, baseline=baseline)  # fmt: skip
    request = RunRequest.of(flags, config_file=config, isolated=isolated, rules_dir=rules_dir, jobs=jobs)
    wanted = outputs(output_format or ["full"], is_counted=statistics)
    _answer(lambda: _settings(request), asked=show_settings)
    given = [] if (helm or kustomize) and not paths else named(paths, stdin_filename)
    inputs = request.inputs(given, context=context, force_exclude=force_exclude, stdin_filename=stdin_filename)
    inputs = _mended_if(fix, inputs, request.settings, unsafe=unsafe, quiet=quiet, is_shown_only=show_files)
    inputs = with_templates(inputs, rendering(helm, values, kustomize, request.settings), stdin_filename)
    _answer(lambda: "\n".join(source.path for source in inputs.sources), asked=show_files)
    report = _checked(inputs, request)
    show(report, wanted, color, -1 if quiet else verbose)
    raise typer.Exit(exit_code(report, inputs, given, fail_on=request.fail_on, strict=strict))


def _mended_if(
    fix: bool, inputs: Inputs, settings: Settings, *, unsafe: bool, quiet: bool, is_shown_only: bool
) -> Inputs:
    if unsafe and not fix and "INITLINT_UNSAFE" not in os.environ:
        raise InitlintError("`--unsafe` is about fixes, and none is asked for: add `--fix`")
    return _mended(inputs, settings, unsafe=unsafe, quiet=quiet) if fix and not is_shown_only else inputs


def _settings(request: RunRequest) -> str:
    from initlint.cli import shown

    return shown.settings(request)


def _answer(text: Callable[[], str], *, asked: bool) -> None:
    """Print what was asked for instead of a check, if it was, and end."""
    if asked:
        if shown := text():
            typer.echo(shown)
        raise typer.Exit


def _checked(inputs: Inputs, request: RunRequest) -> Report:
    """What is found in the inputs, with a line of progress; what is accepted is not reported."""
    settings = request.settings
    accepted = Baseline.load(request.baseline) if request.baseline else None
    with Progress(sys.stderr, len(inputs.sources)) as tick:
        report = check_inputs(inputs, settings, tick=tick)
    return accepted.applied(report, settings, [source.path for source in inputs.sources]) if accepted else report


def _mended(inputs: Inputs, settings: Settings, *, unsafe: bool, quiet: bool) -> Inputs:
    """Mend the files, say what was done, and go on with what they hold then."""
    from initlint.cli.fix import save
    from initlint.fixing.mend import mend
    from initlint.fixing.show import fixed

    if any(source.path not in inputs.files for source in inputs.sources):
        raise InitlintError("`--fix` writes files: standard input is mended by `initlint fix -`")
    outcome, unwritten = save(mend(inputs.sources, settings, unsafe=unsafe, context=inputs.context), inputs)
    if not quiet:
        sys.stderr.writelines(f"fixed: {line}\n" for line in fixed(outcome, display(sys.stderr, Color.NEVER, 0)))
    after = {one.before.path: one.after for one in outcome.mended}
    sources = tuple(after.get(source.path, source) for source in inputs.sources)
    return inputs._replace(sources=sources, problems=(*inputs.problems, *unwritten))
