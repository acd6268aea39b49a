"""The end of the text reports: what was left alone, what was found, and in how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from initlint.finding import Severity
from initlint.report import Report
from initlint.reporters.display import BOLD, RELATED, SEVERITY, Display

# Lines; the others are counted.
_MOST_VANISHED = 20


def footer(report: Report, display: Display, *, reasons: bool = False) -> list[str]:
    """One line, two if the run is not complete; without `reasons` no colon, where an editor would look for a place."""
    parts = [outcome(report)]
    if suppressed := report.suppressed():
        parts.append(f"{suppressed:,} suppressed")
    if known := report.known():
        parts.append(f"{known:,} in the baseline")
    parts += skipped_count(report, display, reasons=reasons)
    return [display.dot.join(parts), *_incomplete(report, display)]


def vanished(report: Report, display: Display) -> list[str]:
    """A line for each entry of the baseline that was not found any more, as long as they can be read at a glance."""
    lines = [
        f"gone from {display.name(one.path)}: {display.name(f'{one.code} {one.rule}')}: {display.prose(one.message)}"
        for one in report.vanished[:_MOST_VANISHED]
    ]
    more = len(report.vanished) - len(lines)
    lines += [f"gone: {plural(more, 'more finding')} of the baseline"] if more else []
    return [*lines, "`initlint baseline prune` takes them out of the baseline"] if lines else []


def skipped(report: Report, display: Display) -> list[str]:
    """A line for each file or document that was not looked at."""
    return [
        f"{display.paint('skipped', RELATED)}: {display.paint(f'{display.name(one.path)}:{one.line}', BOLD)}: "
        f"{display.prose(one.reason)}"
        for one in report.skipped
    ]


def skipped_count(report: Report, display: Display, *, reasons: bool = True) -> list[str]:
    """How much was not looked at, if anything was, and for which reasons."""
    counts = Counter(one.reason for one in report.skipped)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    listed = ", ".join(f"{display.prose(reason)} ({count:,})" for reason, count in ordered)
    return [f"{len(report.skipped):,} skipped{f': {listed}' if reasons else ''}"] if counts else []


def notes(report: Report, display: Display) -> Iterator[str]:
    """A line for each thing that is not known, with all the rules that are silent for it."""
    silent: dict[tuple[str, str, str], list[str]] = {}
    for note in report.notes:
        silent.setdefault((note.path, note.subject, note.reason), []).append(display.name(note.rule))
    for (path, subject, reason), rules in silent.items():
        kind = display.paint(f"note[{', '.join(rules)}]", RELATED)
        yield f"{kind}: silent about {display.prose(subject)} in {display.name(path)}: {display.prose(reason)}"


def left_alone(report: Report, display: Display) -> list[str]:
    """All that was skipped or is not known, for those who ask."""
    return [*skipped(report, display), *notes(report, display)] if display.verbosity > 0 else []


def outcome(report: Report) -> str:
    """What was found, in what."""
    everything = f"{plural(report.workloads, 'workload')} in {plural(report.files, 'file')}"
    if not report.active:
        return f"no findings in {everything}" if report.workloads else everything
    affected = min(len({(found.home, found.object) for found in report.active if found.object}), report.workloads)
    among = f"{affected:,} of {plural(report.workloads, 'workload')}" if affected else everything
    return f"{plural(len(report.active), 'finding')} ({_severities(report)}) in {among}"


def plural(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _severities(report: Report) -> str:
    counts = report.counts()
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
    return ", ".join(plural(counts[severity], noun) for severity, noun in nouns.items() if counts[severity])


def _incomplete(report: Report, display: Display) -> list[str]:
    if not report.problems:
        return []
    counts = Counter(problem.title for problem in report.problems)
    text = ", ".join(
        ["the run is not complete", *(f"{plural(count, 'input')} {title}" for title, count in counts.items())]
    )
    return [display.paint(text, SEVERITY[Severity.ERROR])]
