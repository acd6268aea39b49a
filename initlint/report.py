"""The result of a run: everything that reporters and the exit code need, and nothing of how it came about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from initlint.finding import Confidence, Diagnostic, ObjectRef, Severity, Status


class Skipped(NamedTuple):
    """Input that was left alone on purpose, and why; `line` is where the skipped document begins (1-based)."""

    path: str
    reason: str
    line: int = 1


class Checked(NamedTuple):
    """A workload that was looked at, whatever was found: where it begins (1-based), and what it was made for.

    `is_part`: it is no workload of its own but a part of one, such as a patch.
    """

    path: str
    object: ObjectRef
    line: int = 1
    owners: tuple[ObjectRef, ...] = ()
    is_part: bool = False


class AcceptedFinding(NamedTuple):
    """A finding of a baseline: accepted for now, recognised by its fingerprint, named by the rest."""

    fingerprint: str
    code: str
    rule: str
    path: str
    object: str | None
    container: str | None
    message: str


class RuleFacts(NamedTuple):
    """What there is to know of a rule without running it; its folder holds its page and its examples."""

    code: str
    name: str
    title: str
    severity: Severity
    confidence: Confidence
    url: str
    folder: Path


class Problem(NamedTuple):
    """Input that could not be read, or not be mended as was asked: the run was not complete."""

    path: str
    message: str
    title: Literal["could not be read", "could not be mended"] = "could not be read"


class Note(NamedTuple):
    """Why a rule stayed silent about an object: something that it needs is unknown."""

    path: str
    subject: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run found, in the order in which it is printed.

    `rules` are those that could speak, `vanished` what the baseline holds and was not found any more.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    workloads: int
    target_version: str
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    checked: tuple[Checked, ...] = ()
    rules: tuple[RuleFacts, ...] = ()
    vanished: tuple[AcceptedFinding, ...] = ()

    @property
    def active(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are reported."""
        return tuple(found for found in self.diagnostics if found.status is Status.ACTIVE)

    def counts(self) -> Counter[Severity]:
        """Number of reported diagnostics of each severity."""
        return Counter(found.severity for found in self.active)

    def suppressed(self) -> int:
        """Number of diagnostics that a comment, an annotation or the configuration silenced."""
        return sum(found.status is Status.SUPPRESSED for found in self.diagnostics)

    def known(self) -> int:
        """Number of diagnostics that the baseline holds."""
        return sum(found.status is Status.KNOWN for found in self.diagnostics)
