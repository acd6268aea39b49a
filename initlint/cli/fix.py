"""Mend what can be mended, and be sure of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import typer

from initlint.cli import options
from initlint.cli.output import Color, display
from initlint.cli.request import Flags, RunRequest, named
from initlint.cli.status import tell_empty, tell_problems
from initlint.fixing import show
from initlint.fixing.mend import Mended, MendedRun, mend
from initlint.fixing.write import encode, write
from initlint.inputs import STDIN, Inputs
from initlint.report import Problem


def fix(
    paths: options.Paths = None,
    unsafe: options.Unsafe = False,
    diff: options.Diff = False,
    check: options.CheckOnly = False,
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
    stdin_filename: options.StdinFilename = STDIN,
    config: options.ConfigFile = None,
    isolated: options.Isolated = False,
    rules_dir: options.RulesDir = None,
    jobs: options.Jobs = 0,
    color: options.ColorWhen = Color.AUTO,
    quiet: options.QuietFix = False,
) -> None:
    """Mend what can be mended. Each edit is verified before it is written."""
    flags = Flags(
        select=select, extend_select=extend_select, ignore=ignore, min_severity=min_severity,
        min_confidence=min_confidence, target_version=target_version, complete=complete, exclude=exclude)  # fmt: skip
    request = RunRequest.of(flags, config_file=config, isolated=isolated, rules_dir=rules_dir, jobs=jobs)
    given = named(paths, stdin_filename)
    # A filter gives back what it is given, which it has to read.
    is_forced = force_exclude and "-" not in given
    inputs = request.inputs(given, context=context, force_exclude=is_forced, stdin_filename=stdin_filename)
    outcome = mend(inputs.sources, request.settings, unsafe=unsafe, context=inputs.context)
    shown = display(sys.stdout, color, 0)
    if diff:
        sys.stdout.writelines(show.diff(one, shown) for one in outcome.mended)
    outcome, unwritten = (outcome, []) if diff or check else save(outcome, inputs)
    if not quiet:
        lines = [] if diff else show.lines(outcome, shown)
        text = [*lines, show.summary(outcome, shown, is_done=not (diff or check), unsafe=unsafe)]
        typer.echo("\n".join(text), err=diff or "-" in given)
    problems = [*inputs.problems, *unwritten]
    tell_problems(problems)
    tell_empty(inputs, given)
    would = bool(outcome.mended) and (diff or check)
    raise typer.Exit(2 if problems else 3 if not inputs.had_files else int(would))


def save(outcome: MendedRun, inputs: Inputs) -> tuple[MendedRun, list[Problem]]:
    """Write what is mended, standard input to standard output; what could not be written is not mended."""
    unwritten = dict(_unwritten({one.before.path: one for one in outcome.mended}, inputs))
    return outcome.without(unwritten), [
        Problem(path, reason, "could not be mended") for path, reason in unwritten.items()
    ]


def _unwritten(mended: Mapping[str, Mended], inputs: Inputs) -> Iterator[tuple[str, str]]:
    for source in inputs.sources:
        path = source.path
        if path not in inputs.files:
            sys.stdout.buffer.write(encode(mended[path].after if path in mended else source))
        elif path in mended and (reason := write(inputs.files[path], mended[path].before, mended[path].after)):
            yield path, reason
