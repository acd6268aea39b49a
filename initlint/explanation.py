"""What there is to say about a rule, from its folder: the whole page, its examples, its first sentence."""

from __future__ import annotations

from initlint.report import RuleFacts


def page(rule: RuleFacts) -> str:
    """The rule's page as Markdown: its facts, its README, its examples."""
    title, text = _readme(rule)
    facts = f"{rule.code} · {rule.severity} · confidence {rule.confidence}\n{rule.url}".rstrip()
    return "\n\n".join([title, facts, text, *_examples(rule)])


def guide(rule: RuleFacts) -> str:
    """The rule's README without its heading, and its examples: for pages that have a heading of their own."""
    return "\n\n".join([_readme(rule)[1], *_examples(rule)])


def lead(rule: RuleFacts) -> str:
    """The first paragraph of the rule's README on one line, which says what it finds."""
    return " ".join(_readme(rule)[1].split("\n\n", 1)[0].split())


def _readme(rule: RuleFacts) -> tuple[str, str]:
    file = rule.folder / "README.md"
    title, _, text = (file.read_text("utf-8") if file.is_file() else f"# {rule.name}\n{rule.title}").partition("\n")
    return title, text.strip()


def _examples(rule: RuleFacts) -> list[str]:
    files = [("Found", "bad.yaml"), ("Not found", "good.yaml")]
    present = [(title, rule.folder / name) for title, name in files if (rule.folder / name).is_file()]
    return [f"## {title}\n\n```yaml\n{file.read_text('utf-8').strip()}\n```" for title, file in present]
