"""initlint as a library: what the command line does, without its printing and exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from initlint.inputs import collect
from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source

_DEFAULT = Settings()


def check_text(text: str, path: str = "<text>", settings: Settings = _DEFAULT) -> Report:
    """Check one text, YAML or JSON, of one or many documents; `path` is what findings call it.

    Raises InitlintError where the settings name a rule that does not exist.
    """
    return check_sources([Source(path, text)], settings)


def fix_text(text: str, path: str = "<text>", settings: Settings = _DEFAULT, *, unsafe: bool = False) -> str:
    """Mend one text as far as that can be verified; `unsafe` makes the fixes that are a decision, too.

    Raises InitlintError where the settings name a rule that does not exist.
    """
    from initlint.fixing.mend import mend  # with the reader that verifies, which nobody else needs

    outcome = mend([Source(path, text)], settings, unsafe=unsafe)
    return outcome.mended[0].after.text if outcome.mended else text


def check_paths(
    paths: Sequence[str | Path],
    settings: Settings = _DEFAULT,
    *,
    exclude: Sequence[str] = (),
    context: Sequence[str | Path] = (),
) -> Report:
    """Check files and directories. What cannot be read stands in the report's `problems`.

    `exclude` holds patterns as in a .gitignore, relative to the working directory. Files below `context` are read to
    answer what the others ask, and not reported. No configuration file is heeded: `initlint.config` reads one.
    """
    inputs = collect([str(path) for path in paths], exclude, context=[str(path) for path in context])
    return check_sources(inputs.sources, settings, inputs.problems, inputs.skipped, inputs.context)
