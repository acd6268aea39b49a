"""Markdown for a comment on a pull request and for the summary of a job: a table, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TextIO

from initlint.finding import Diagnostic, Severity
from initlint.regex import regex
from initlint.report import Problem, Report
from initlint.reporters.display import Display
from initlint.reporters.encode import worst_first
from initlint.reporters.summary import footer, vanished

MOST_CHARACTERS = 60_000
"""A comment takes 65,536, the summary of a step 1 MiB."""

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}  # noqa: RUF001 - a sign
_HEAD = ("| | rule | where | what |", "|---|---|---|---|")
# Behind the last bar: a person or an issue must not be told of what a manifest happens to hold.
_MARKUP = regex(r"[\\`*_~\[\]|$]|[@#](?=\w)")


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write a heading with the outcome, the table as far as there is room, and what could not be read."""
    display = display.for_programs(stream)
    outcome, *incomplete = footer(report, display)
    parts = [f"### initlint: {outcome}", *(f"**{text}**" for text in incomplete)]
    room = MOST_CHARACTERS - sum(map(len, parts))
    problems = _fitting((_problem(problem, display) for problem in report.problems), room // 4)
    rows = _fitting((_row(found, display) for found in worst_first(report.active)), room - sum(map(len, problems)))
    more = [f"… and {count:,} more" for count in [len(report.active) - len(rows)] if count]
    gone = [f"- {_prose(text)}" for text in vanished(report, display)]
    room -= sum(map(len, gone))
    blocks = [*parts, "\n".join(gone), "\n".join(problems), "\n".join([*_HEAD, *rows] if rows else []), *more]
    stream.write("\n\n".join(filter(None, blocks)) + "\n")


def _fitting(lines: Iterator[str], room: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _row(found: Diagnostic, display: Display) -> str:
    rule = _text(display.name(f"{found.code} {found.rule}"))
    rule = f"[{rule}]({found.url})" if found.url else rule
    start = found.place.start
    where = [_code(f"{display.name(found.path)}:{start.line}:{start.column}")]
    where += [_code(display.name(found.object.qualified))] if found.object else []
    where += [f"container {_code(display.name(found.container))}"] if found.container else []
    sign = display.either(_SIGNS[found.severity], str(found.severity))
    return f"| {sign} | {rule} | {'<br>'.join(where)} | {_prose(display.prose(found.message))} |"


def _problem(problem: Problem, display: Display) -> str:
    return f"- {_code(display.name(problem.path))}: {_prose(display.prose(problem.message))}"


def _prose(text: str) -> str:
    """A message, in which what stands between backticks is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "``" in text:
        return _text(text)
    return "".join(_code(part) if index % 2 else _text(part) for index, part in enumerate(parts))


def _code(text: str) -> str:
    # A pipe ends the cell even in code, unless it is an entity, which code in backticks would show as it is.
    return f"<code>{_inert(escape(text, quote=False))}</code>" if set("`|\\") & set(text) else f"`{text}`"


def _text(text: str) -> str:
    return _inert(escape(text, quote=False))


def _inert(text: str) -> str:
    """HTML in which nothing is Markdown: a comment ends a name before it begins, all else has a reference."""
    return _MARKUP.sub(lambda match: _harmless(match.group()), text)


def _harmless(char: str) -> str:
    return f"{char}<!-- -->" if char in "@#" else f"&#{ord(char)};"
