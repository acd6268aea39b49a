"""The harness that runs a rule folder: its cases, its carets, its fix and its page. Public, for anyone's pack.

A line of only `#` and `^` asserts one finding with exactly that span on the line above, and is removed before linting;
further caret lines speak of the same line. `# <-` asserts a finding that begins in column 1. `# case: name` starts a
case, `# file: path` a file within it, `# target-version: 1.28` sets the version for the case, `# options: {…}` those of
the rule; `# complete: true` says that the input is everything that is in its namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from difflib import unified_diff
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from initlint import typed
from initlint.errors import InitlintError
from initlint.finding import Diagnostic, Place
from initlint.fixing.mend import MendedRun, mend
from initlint.kube.terms.versions import Version
from initlint.regex import regex
from initlint.reporters import Display, reporter
from initlint.rule import Rule
from initlint.run import check_sources
from initlint.settings import RuleSettings, Settings
from initlint.suppress import Stale
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import SyntaxProblem

_DIRECTIVE = regex(r"# (case|file|target-version|options|complete): (.+)")
_CARETS = regex(r"\s*#[ \t]*\^[\^ \t]*")
_FIRST_COLUMN = regex(r"# <-\s*")
# In a message: a name that is empty, a question before a consequence, a line break, the full stop of a sentence.
_SLIP = regex(r"(?<!`)``(?!`)|\?:|\n|\.$")
_SHAPES = {"bad.yaml": 3, "good.yaml": 3}
"""The files that each folder has, and the least number of cases in each."""


class Expected(NamedTuple):
    """A finding that the carets assert, on the first line of its span; `end` None is any."""

    path: str
    line: int
    column: int
    end: int | None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" + (f"-{self.end}" if self.end else "")


@dataclass
class RuleCase:
    """One input of a rule's examples: its files without carets, and what the carets assert."""

    name: str
    version: str | None = None
    options: str | None = None
    complete: str | None = None
    files: dict[str, list[str]] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    current: str = "case.yaml"

    def sources(self) -> list[Source]:
        """The files as the engine takes them."""
        return [Source(path, "".join(lines)) for path, lines in self.files.items()]

    def take(self, line: str) -> None:
        """Add a line of the example: text, or carets that speak of the text above."""
        lines = self.files.setdefault(self.current, [])
        if _CARETS.fullmatch(line.rstrip("\n")) and lines:
            for carets in re.finditer(r"\^+", line):
                self.expected.append(Expected(self.current, len(lines), carets.start() + 1, carets.end() + 1))
        elif _FIRST_COLUMN.fullmatch(line) and lines:
            self.expected.append(Expected(self.current, len(lines), 1, None))
        else:
            lines.append(line)

    def check(self, rule: Rule) -> tuple[Diagnostic, ...]:
        """What the rule finds in the case; that it fails is found by another rule."""
        return tuple(one for one in self.found(rule) if one.rule == rule.name)

    def found(self, rule: Rule) -> tuple[Diagnostic, ...]:
        """What is found in the case where the rule runs alone."""
        return check_sources(self.sources(), self.settings(rule)).active

    def settings(self, rule: Rule) -> Settings:
        """The rule alone; that of stale suppressions needs the others."""
        select = ("ALL",) if rule.target is Stale else (rule.name,)
        told = _told(rule, self.options)
        settings = Settings(select=select, packs=_own_pack(rule), rules=told, is_complete=self.complete == "true")
        return replace(settings, version=Version.parse(self.version)) if self.version else settings

    def mend(self, rule: Rule) -> MendedRun:
        """What the rule's fixes make of the case."""
        return mend(self.sources(), self.settings(rule), unsafe=True, only=rule.name)

    def mended(self, outcome: MendedRun) -> dict[str, str]:
        """The text of each file then."""
        after = {one.before.path: one.after.text for one in outcome.mended}
        return {source.path: after.get(source.path, source.text) for source in self.sources()}


def _own_pack(rule: Rule) -> tuple[Path, ...]:
    from initlint import packs

    return () if rule.folder.parent == packs.builtin() else (rule.folder.parent,)


def _told(rule: Rule, options: str | None) -> tuple[RuleSettings, ...]:
    if options is None or rule.options is None:
        return ()
    return (RuleSettings(rule.code, options=options),)


def cases(text: str) -> list[RuleCase]:
    """The cases of an example file."""
    found: list[RuleCase] = []
    for line in text.splitlines(keepends=True):
        directive = _DIRECTIVE.fullmatch(line.strip())
        if directive and directive[1] == "case":
            found.append(RuleCase(directive[2]))
        elif found and directive and directive[1] == "file":
            found[-1].current = directive[2]
        elif found and directive:
            setattr(found[-1], "version" if directive[1] == "target-version" else directive[1], directive[2])
        elif found:
            found[-1].take(line)
    for case in found:
        _drop_separator(case.files)
    return found


def _drop_separator(files: dict[str, list[str]]) -> None:
    """The `---` before the next case belongs to neither."""
    for lines in files.values():
        while lines and lines[-1].strip() in ("", "---") and lines[-1] != lines[0]:
            lines.pop()


def failures(rule: Rule) -> Iterator[str]:
    """Everything about a rule's folder that is not as it should be; nothing if all is well.

    Of a rule that cannot run here only the page is read.
    """
    yield from _page(rule)
    if rule.unavailable:
        return
    for name, least in _SHAPES.items():
        file = rule.folder / name
        found = cases(file.read_text("utf-8")) if file.is_file() else []
        if len(found) < least:
            yield f"{file}: {len(found)} cases, where a rule shows at least {least}"
        for case in found:
            yield from _case(rule, case, file)
    yield from _fixed(rule)


def _page(rule: Rule) -> Iterator[str]:
    page = rule.folder / "README.md"
    if not page.is_file():
        yield f"{page}: missing, `initlint explain` has nothing to show"
        return
    text = page.read_text("utf-8")
    if not text.startswith(f"# {rule.name}\n"):
        yield f"{page}: does not begin with `# {rule.name}`"
    if rule.options is not None:
        options = map(typed.key, fields(rule.options))
        yield from (f"{page}: does not tell of the option `{one}`" for one in options if f"`{one}`" not in text)
        yield from _options(rule)


def _options(rule: Rule) -> Iterator[str]:
    try:
        typed.schema(type(rule.options))
    except InitlintError as error:
        yield f"{rule.folder / 'rule.py'}: {error}"


def _case(rule: Rule, case: RuleCase, file: Path) -> Iterator[str]:
    everything = case.found(rule)
    found = tuple(one for one in everything if one.rule == rule.name)
    broken = [one.message for one in everything if one.message.startswith(f"rule `{rule.name}` failed")]
    unread = [] if rule.target is SyntaxProblem else _unread(case)
    if broken or unread:
        yield f"{file}: case `{case.name}`: {[*broken, *unread][0]}"
        return
    actual = [_asserted(one.place, case) for one in found]
    if file.name == "bad.yaml" and not case.expected:
        yield f"{file}: case `{case.name}` asserts nothing: mark its findings with carets"
    if file.name == "good.yaml" and case.expected:
        yield f"{file}: case `{case.name}` asserts findings, which belong into bad.yaml"
    for one in found:
        if slip := _SLIP.search(one.message):
            yield f"{file}: case `{case.name}`: `{slip[0]}` is no part of one sentence: {one.message}"
    missing = [str(one) for one in case.expected if one not in actual]
    surplus = [one for one, place in zip(found, actual, strict=True) if place not in case.expected]
    doubled = len(actual) != len(set(actual))
    if missing or surplus or doubled:
        yield f"{file}: case `{case.name}`\nnot found: {', '.join(missing) or 'none'}\nfound:\n{_frames(found)}"


def _unread(case: RuleCase) -> list[str]:
    """What of a case is no YAML, of which no rule would find anything."""
    problems = [(source, one) for source in case.sources() for one in documents(source)]
    return [
        f"it cannot be read in line {source.position(one.span.start).line}, carets not counted: {one.message}"
        for source, one in problems
        if isinstance(one, SyntaxProblem)
    ]


def _asserted(place: Place, case: RuleCase) -> Expected:
    """A finding's place as carets can show it."""
    (line, column), end = place.start, place.end
    stop = end.column if end.line == line else len(place.source.line(line)) + 1
    exact = Expected(place.source.path, line, column, max(stop, column + 1))
    return exact if exact in case.expected else exact._replace(end=None) if column == 1 else exact


def _frames(found: tuple[Diagnostic, ...]) -> str:
    from initlint.report import Report

    text = StringIO()
    reporter("full")(Report(found, 1, 1, ""), text, Display(verbosity=-1))
    return text.getvalue()


def _fixed(rule: Rule) -> Iterator[str]:
    """`fixed.yaml` is what the fixes of `bad.yaml` make of it; it is there if and only if there are any."""
    file = rule.folder / "fixed.yaml"
    after = {case.name: case for case in cases(file.read_text("utf-8"))} if file.is_file() else {}
    before = _examples(rule)
    outcomes = {case.name: case.mend(rule) for case in before}
    offered = any(outcome.mended or outcome.refused for outcome in outcomes.values())
    if after.keys() != {case.name for case in before if offered} or (file.is_file() and not offered):
        there = "has other cases than bad.yaml" if file.is_file() else "missing"
        write = f"`initlint test-rules {rule.folder.parent} --write-fixed` writes it"
        yield f"{file}: {there}: {write}" if offered else f"{file}: the rule offers no fix"
        return
    for case in before if offered else []:
        for found, reason in outcomes[case.name].refused:
            yield f"{rule.folder / 'bad.yaml'}: case `{case.name}`: a fix of `{found.message}` is not made: {reason}"
        wanted = {source.path: source.text for source in after[case.name].sources()}
        mended = case.mended(outcomes[case.name])
        if mended != wanted:
            yield f"{file}: case `{case.name}` is not what the fix makes of it:\n{_difference(wanted, mended)}"


def _difference(wanted: dict[str, str], mended: dict[str, str]) -> str:
    """What the fixes make of each file, beside what is wanted."""
    diffs = (
        unified_diff(wanted.get(path, "").splitlines(), mended.get(path, "").splitlines(), path, path, lineterm="")
        for path in sorted(wanted | mended)
    )
    return "\n".join(chain.from_iterable(diffs))


def _examples(rule: Rule) -> list[RuleCase]:
    bad = rule.folder / "bad.yaml"
    return cases(bad.read_text("utf-8")) if bad.is_file() else []


def write_fixed(rule: Rule) -> Path | None:
    """Write `fixed.yaml` as the fixes of `bad.yaml` make it, to be read with care; None where it is so already."""
    outcomes = [(case, case.mend(rule)) for case in _examples(rule)]
    if not any(outcome.mended for _, outcome in outcomes):
        return None
    texts = [_shown(case, case.mended(outcome)) for case, outcome in outcomes]
    file, text = rule.folder / "fixed.yaml", "---\n".join(texts)
    if file.is_file() and file.read_text("utf-8") == text:
        return None
    file.write_text(text, "utf-8", newline="\n")
    return file


def _shown(case: RuleCase, files: dict[str, str]) -> str:
    """A case as an example file shows it."""
    told = {"case": case.name, "target-version": case.version, "options": case.options, "complete": case.complete}
    head = "".join(f"# {name}: {value}\n" for name, value in told.items() if value)
    named = [text if path == RuleCase.current else f"# file: {path}\n{text}" for path, text in files.items()]
    return head + "---\n".join(text.rstrip("\n") + "\n" for text in named)
