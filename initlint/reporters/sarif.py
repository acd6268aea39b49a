"""SARIF 2.1.0, as GitHub code scanning wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO
from urllib.parse import quote

from initlint.finding import Diagnostic, Fix, Place, RelatedPlace
from initlint.regex import regex
from initlint.report import Problem, Report
from initlint.reporters.display import Display
from initlint.reporters.encode import encode, worst_first
from initlint.reporters.sarifrules import LEVELS, descriptor
from initlint.version import HOME, __version__

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""Results of a run beyond which GitHub refuses the whole file."""
# Budgets of our own: places, and of these the ones that the message leads to.
_MOST_RELATED = 100
_MOST_LINKS = 10

_LINK = regex(r"\]\(")
_BRACKETS = regex(r"[\\\[\]]")
_Json = Mapping[str, object]


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write one log of one run, a result a line."""
    encoding, display = display.on(stream).encoding, display.for_json()
    # As long as GitHub takes everything, the order is that of the files.
    kept = list(report.active) if len(report.active) <= MOST_RESULTS else worst_first(report.active)[:MOST_RESULTS]
    codes = {code: index for index, code in enumerate(sorted({one.code for one in kept}))}
    run = encode(_run(report, list(codes), len(kept), display), indent=2, encoding=encoding)
    results = ",\n".join(encode(_result(one, codes, display), encoding=encoding) for one in kept)
    stream.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [\n{run.removesuffix("}").rstrip()},\n')
    stream.write(f'  "results": [\n{results}\n]}}]}}\n' if results else '  "results": []\n}]}\n')


def _run(report: Report, codes: list[str], kept: int, display: Display) -> _Json:
    known = {rule.code: rule for rule in report.rules}
    told = {one.code: one for one in reversed(report.active)}
    driver = {
        "name": "initlint",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [descriptor(told[code], known.get(code)) for code in codes],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "invocations": [_invocation(report, len(report.active) - kept, display)],
    }


def _invocation(report: Report, dropped: int, display: Display) -> _Json:
    notes = [_problem(problem, display) for problem in report.problems]
    if dropped:
        text = f"{dropped:,} of the less severe results are left out: GitHub takes {MOST_RESULTS:,}"
        notes.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": not report.problems, "toolExecutionNotifications": notes}


def _problem(problem: Problem, display: Display) -> _Json:
    location = {"physicalLocation": {"artifactLocation": _artifact(problem.path, display)}}
    return {"level": "error", "message": {"text": display.prose(problem.message)}, "locations": [location]}


def _result(found: Diagnostic, codes: Mapping[str, int], display: Display) -> _Json:
    related = found.related[:_MOST_RELATED]
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": codes[found.code],
        "level": LEVELS[found.severity],
        "message": {"text": _message(found, display)},
        "locations": [{"physicalLocation": _physical(found.place, display), **_logical(found, display)}],
        "partialFingerprints": {"initlint/v1": found.fingerprint},
        "properties": {"confidence": str(found.confidence), "rejected": found.rejected},
    }
    if related:
        result["relatedLocations"] = [_related(number, one, display) for number, one in enumerate(related, 1)]
    if found.fix and found.fix.edits:
        result["fixes"] = [_fix(found.fix, found.place, display)]
    return result


def _message(found: Diagnostic, display: Display) -> str:
    """The message, and links to the related locations, which GitHub shows only if it is led to them."""
    text = display.prose(found.message)
    if _LINK.search(text):
        text = _unlinked(text)
    links = [
        f"[{_unlinked(_label(related, display))}]({number})"
        for number, related in enumerate(found.related[:_MOST_LINKS], 1)
    ]
    return f"{text}. See: {'; '.join(links)}" if links else text


def _unlinked(text: str) -> str:
    return _BRACKETS.sub(r"\\\g<0>", text)


def _label(related: RelatedPlace, display: Display) -> str:
    place = related.place
    return display.prose(related.message) or f"{display.name(place.source.path)}:{place.start.line}"


def _related(number: int, related: RelatedPlace, display: Display) -> _Json:
    message = {"text": _label(related, display)}
    return {"id": number, "message": message, "physicalLocation": _physical(related.place, display)}


def _logical(found: Diagnostic, display: Display) -> _Json:
    steps = [display.name(step) for step in (str(found.object or ""), found.container or "") if step]
    return {"logicalLocations": [{"name": steps[-1], "fullyQualifiedName": "/".join(steps)}]} if steps else {}


def _physical(place: Place, display: Display) -> _Json:
    return {"artifactLocation": _artifact(place.source.path, display), "region": _region(place)}


def _artifact(path: str, display: Display) -> _Json:
    seen = display.viewpoint.path(path)
    uri = quote(seen, errors="replace")
    return {"uri": f"file://{uri}"} if seen.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(place: Place) -> _Json:
    (line, column), (end_line, end_column) = place.start, place.end
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(fix: Fix, place: Place, display: Display) -> _Json:
    replacements = [
        {"deletedRegion": _region(Place(place.source, edit.span)), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(place.source.path, display), "replacements": replacements}
    return {"description": {"text": display.prose(fix.title)}, "artifactChanges": [change]}
