"""The exit code: the same whatever the output format."""

from __future__ import annotations

from initlint.config import FailOn
from initlint.finding import Severity
from initlint.report import Report
from initlint.settings import ALWAYS


def exit_code(report: Report, fail_on: FailOn, exit_zero: bool, strict: bool, had_files: bool) -> int:
    """0 clean, 1 findings, 2 not everything could be checked, 3 nothing to look at."""
    if report.problems or any(found.code == ALWAYS for found in report.active):
        return 2
    if strict and report.skipped:
        return 2
    if not had_files:
        return 3
    if exit_zero or fail_on is FailOn.NEVER:
        return 0
    least = Severity[fail_on.name]
    return int(any(found.severity >= least for found in report.active))
