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
from initlint.cli.status import exit_code, tell_empty
from initlint.cli.templates import rendering, with_templates
from initlint.errors import InitlintError
from initlint.inputs import STDIN, Inputs, collect
from initlint.report import Report
from initlint.run import check_sources
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
    own = Flags(select, extend_select, ignore, min_severity, min_confidence, target_version, exclude, fail_on, baseline)
    own = own._replace(complete=complete)
    request = RunRequest.of(own, config, isolated, tuple(rules_dir or ()), jobs)
    wanted = outputs(output_format or ["full"], is_counted=statistics)
    answer(lambda: _settings(request), asked=show_settings)
    given = [] if (helm or kustomize) and not paths else named(paths, stdin_filename)
    inputs = collect(given, request.exclude, force_exclude, stdin_filename, request.root, context or [])
    _refuse_in_vain(unsafe=unsafe, fix=fix)
    inputs = mended(inputs, request.settings, unsafe=unsafe, quiet=quiet) if fix and not show_files else inputs
    inputs = with_templates(inputs, rendering(helm, values, kustomize, request.settings), stdin_filename)
    answer(lambda: "\n".join(source.path for source in inputs.sources), asked=show_files)
    report = checked(inputs, request)
    show(report, wanted, color, -1 if quiet else verbose)
    tell_empty(inputs, given)
    raise typer.Exit(exit_code(report, request.fail_on, exit_zero, strict, inputs.had_files))


def _refuse_in_vain(*, unsafe: bool, fix: bool) -> None:
    if unsafe and not fix and "INITLINT_UNSAFE" not in os.environ:
        raise InitlintError("`--unsafe` is about fixes, and none is asked for: add `--fix`")


def _settings(request: RunRequest) -> str:
    from initlint.cli import shown

    return shown.settings(request)


def answer(text: Callable[[], str], *, asked: bool) -> None:
    """Print what was asked for instead of a check, if it was, and end."""
    if asked:
        if shown := text():
            typer.echo(shown)
        raise typer.Exit


def checked(inputs: Inputs, request: RunRequest) -> Report:
    """What is found in the inputs, with a line of progress; what is accepted is not reported."""
    settings = request.settings
    accepted = Baseline.load(request.baseline) if request.baseline else None
    with Progress(sys.stderr, len(inputs.sources)) as tick:
        report = check_sources(inputs.sources, settings, inputs.problems, inputs.skipped, inputs.context, tick)
    return accepted.applied(report, settings, [source.path for source in inputs.sources]) if accepted else report


def mended(inputs: Inputs, settings: Settings, *, unsafe: bool, quiet: bool) -> Inputs:
    """Mend the files, say what was done, and go on with what they hold then."""
    from initlint.cli.fix import save
    from initlint.fixing.mend import mend
    from initlint.fixing.show import fixed

    if any(source.path not in inputs.files for source in inputs.sources):
        raise InitlintError("`--fix` writes files: standard input is mended by `initlint fix -`")
    outcome = mend(inputs.sources, settings, unsafe=unsafe, context=inputs.context)
    unwritten = list(save(outcome, inputs))
    if not quiet:
        sys.stderr.writelines(f"fixed: {line}\n" for line in fixed(outcome, display(sys.stderr, Color.NEVER, 0)))
    after = {one.before.path: one.after for one in outcome.mended if one.before.path not in dict(unwritten)}
    sources = tuple(after.get(source.path, source) for source in inputs.sources)
    return inputs._replace(sources=sources, problems=(*inputs.problems, *unwritten))
