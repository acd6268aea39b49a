"""The report for programs, as `schemas/report.schema.json` describes it, whatever the verbosity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from initlint.finding import Diagnostic, Edit, Fix, ObjectRef, Place, RelatedPlace, Severity
from initlint.report import Report
from initlint.reporters.display import Display
from initlint.reporters.encode import encode
from initlint.version import __version__

VERSION = 1

_Json = Mapping[str, object]


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write one JSON object; where the stream is not in a form of Unicode, in ASCII."""
    stream.write(encode(_report(report), indent=2, encoding=display.on(stream).encoding) + "\n")


def _report(report: Report) -> _Json:
    return {
        "version": VERSION,
        "tool": {"name": "initlint", "version": __version__},
        "target_version": report.target_version,
        "summary": _summary(report),
        "findings": [_finding(found) for found in report.active],
        "problems": [{"path": problem.path, "message": problem.message} for problem in report.problems],
        "notes": [note._asdict() for note in report.notes],
        "baseline": {"known": report.known(), "vanished": [one._asdict() for one in report.vanished]},
    }


def _summary(report: Report) -> _Json:
    counts = report.counts()
    return {
        "files": report.files,
        "workloads": report.workloads,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "suppressed": report.suppressed(),
        "skipped": [{"path": path, "line": line, "reason": reason} for path, reason, line in report.skipped],
    }


def _finding(found: Diagnostic) -> _Json:
    return {
        "rule": found.rule,
        "code": found.code,
        "severity": str(found.severity),
        "confidence": str(found.confidence),
        "message": found.message,
        "help": found.help,
        "path": found.path,
        **_region(found.place),
        "object": found.object and _object(found.object),
        "container": found.container,
        "rejected": found.rejected,
        "url": found.url or None,
        "related": [_related(related) for related in found.related],
        "fix": found.fix and _fix(found.fix, found.place),
        "fingerprint": found.fingerprint,
    }


def _region(place: Place) -> _Json:
    (line, column), (end_line, end_column) = place.start, place.end
    return {"line": line, "column": column, "endLine": end_line, "endColumn": end_column}


def _object(ref: ObjectRef) -> _Json:
    return {"apiVersion": ref.api_version, "kind": ref.kind, "namespace": ref.namespace, "name": ref.name}


def _related(related: RelatedPlace) -> _Json:
    return {"message": related.message, "path": related.place.source.path, **_region(related.place)}


def _fix(fix: Fix, place: Place) -> _Json:
    return {"title": fix.title, "safe": fix.safe, "edits": [_edit(edit, place) for edit in fix.edits]}


def _edit(edit: Edit, place: Place) -> _Json:
    return {**_region(Place(place.source, edit.span)), "text": edit.text}
