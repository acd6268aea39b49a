"""initlint as a library: what the command line does, without its printing and exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from initlint.errors import InitlintError as InitlintError
from initlint.finding import Confidence as Confidence
from initlint.finding import Diagnostic as Diagnostic
from initlint.finding import Severity as Severity
from initlint.inputs import collect
from initlint.kube.terms.versions import Version as Version
from initlint.report import Report as Report
from initlint.run import check_inputs, check_sources
from initlint.settings import Base
from initlint.settings import Settings as Settings
from initlint.text.source import Source

_DEFAULT = Settings()

Paths = str | Path | Sequence[str | Path]


def check_text(text: str, path: str | Path = "<text>", settings: Settings = _DEFAULT) -> Report:
    """Check one text, YAML or JSON, of one or many documents; `path` is what findings call it.

    Raises InitlintError where the settings name a rule that does not exist.
    """
    return check_sources([Source(str(path), text)], settings)


def fix_text(text: str, path: str | Path = "<text>", settings: Settings = _DEFAULT, *, unsafe: bool = False) -> str:
    """Mend one text as far as that can be verified; `unsafe` makes the fixes that are a decision, too.

    Raises InitlintError where the settings name a rule that does not exist.
    """
    from initlint.fixing.mend import mend  # with the reader that verifies, which nobody else needs

    outcome = mend([Source(str(path), text)], settings, unsafe=unsafe)
    return outcome.mended[0].after.text if outcome.mended else text


def check_paths(
    paths: Paths,
    settings: Settings = _DEFAULT,
    *,
    exclude: Sequence[str] = (),
    context: Paths = (),
) -> Report:
    """Check files and directories. What cannot be read stands in the report's `problems`.

    `exclude` holds patterns as in a .gitignore, relative to the working directory. Files below `context` are read to
    answer what the others ask, and not reported. No configuration file is heeded: `read_settings` reads one.
    """
    inputs = collect(_each(paths), exclude=exclude, context=_each(context))
    return check_inputs(inputs, settings)


def _each(paths: Paths) -> list[str]:
    """The paths as texts; a text alone, whose characters would be taken for paths, is one."""
    return [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


def read_settings(file: str | Path) -> Settings:
    """The settings of a configuration file; what it says of files and of exit codes is left to the caller.

    Raises InitlintError, which names the place, for what cannot be read or understood.
    """
    from initlint import config  # with the readers of every rule's options

    return config.settings_of(config.load(Path(file)), (), Base.of(Path(file).resolve().parent))


def shown(report: Report, output_format: str = "full") -> str:
    """A report in one of the formats of the command line.

    Raises InitlintError where no format has that name.
    """
    from initlint.reporters import Display, reporter

    stream = StringIO()
    reporter(output_format)(report, stream, Display())
    return stream.getvalue()
