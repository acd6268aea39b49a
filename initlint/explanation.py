"""What there is to say about a rule, from its folder: the whole page, its examples, its first sentence."""

from __future__ import annotations

import re
from pathlib import Path

from initlint.regex import regex
from initlint.report import RuleFacts

# Cases that are read to understand a rule; its tests have many more.
_FEW = 2
_CASE = regex(r"^(?:---\s+)?(?=# case: )", re.MULTILINE)
_EXAMPLES = {"Found, at the carets": "bad.yaml", "Not found": "good.yaml"}


def page(rule: RuleFacts, *, is_whole: bool = False) -> str:
    """The rule's page as Markdown: its facts, its README, its first examples, or all of them."""
    title, text = _readme(rule)
    facts = f"{rule.code} · {rule.severity} · confidence {rule.confidence}\n{rule.url}".rstrip()
    examples, left = _examples(rule, None if is_whole else _FEW)
    more = [f"{left:,} more examples: initlint explain {rule.name} --all"] if left else []
    return "\n\n".join([title, facts, text, *examples, *more])


def guide(rule: RuleFacts) -> str:
    """The rule's README without its heading, and its first examples: for pages that have a heading of their own."""
    return "\n\n".join([_readme(rule)[1], *_examples(rule, _FEW)[0]])


def lead(rule: RuleFacts) -> str:
    """The first paragraph of the rule's README on one line, which says what it finds."""
    return " ".join(_readme(rule)[1].split("\n\n", 1)[0].split())


def _readme(rule: RuleFacts) -> tuple[str, str]:
    file = rule.folder / "README.md"
    title, _, text = (file.read_text("utf-8") if file.is_file() else f"# {rule.name}\n{rule.title}").partition("\n")
    return title, text.strip()


def _examples(rule: RuleFacts, most: int | None) -> tuple[list[str], int]:
    """Sections of as many cases of each kind, and how many cases are left."""
    kinds = {title: _cases(rule.folder / name) for title, name in _EXAMPLES.items()}
    sections = [_section(title, cases[:most]) for title, cases in kinds.items() if cases]
    return sections, sum(len(cases) - len(cases[:most]) for cases in kinds.values())


def _section(title: str, cases: list[str]) -> str:
    return "\n".join([f"## {title}", "", "```yaml", "\n---\n".join(cases), "```"])


def _cases(file: Path) -> list[str]:
    text = file.read_text("utf-8") if file.is_file() else ""
    return [one.strip() for one in _CASE.split(text) if one.strip()]
