"""Mending, whatever way a manifest is written in: the examples of every rule with a fix, in turns, and real files."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from initlint import testing
from initlint.fixing.mend import MendedRun, mend
from initlint.rule import Rule
from initlint.settings import Settings, all_rules
from initlint.testing import RuleCase
from initlint.text.source import Source
from tests.conftest import corpus
from tests.styles import (
    Spec,
    as_ascii_json,
    as_block,
    as_flow,
    as_json,
    by_ruamel,
    quoted,
    with_crlf,
)

# Many runs of what other tests cover already: to count its lines again takes longer than to run it.
pytestmark = pytest.mark.no_cover


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def own(value: Spec) -> Spec:
    return json.loads(json.dumps(value))  # type: ignore[no-any-return]


def as_wide(value: Spec) -> str:
    return str(yaml.safe_dump(own(value), sort_keys=False, allow_unicode=True, indent=4))


def as_tabbed_json(value: Spec) -> str:
    return json.dumps(value, indent="\t")


def commented(value: Spec) -> str:
    """A comment between any two lines, where no text goes over several."""
    text = str(yaml.safe_dump(own(value), sort_keys=False, allow_unicode=True, width=10_000))
    return text if "\\n" in json.dumps(value) else re.sub("\n", "\n\n   # {{ comment }}\n", text)


def without_final_newline(value: Spec) -> str:
    return as_block(own(value)).removesuffix("\n")


def with_anchors(value: Spec) -> str:
    """Equal mappings and lists become one, which PyYAML's dumper anchors."""
    known: dict[str, Any] = {}

    def shared(one: Any) -> Any:
        if isinstance(one, dict):
            one = {key: shared(part) for key, part in one.items()}
        elif isinstance(one, list):
            one = [shared(part) for part in one]
        return known.setdefault(json.dumps(one), one) if isinstance(one, dict | list) and one else one

    return str(yaml.safe_dump(shared(value), sort_keys=False, allow_unicode=True))


def all_quoted(style: str) -> Callable[[Spec], str]:
    """PyYAML's dumper tags the numbers that it quotes, which nobody does: only texts are."""
    return lambda value: quoted(style)(value) if loosely(value) == value else as_block(own(value))


WRITERS: list[Callable[[Spec], str]] = [
    as_json, as_tabbed_json, as_ascii_json, as_block, as_flow, as_wide, by_ruamel, with_crlf, commented,
    without_final_newline, all_quoted("'"), all_quoted('"'),
]  # fmt: skip
FIXING = [rule for rule in all_rules(Settings()) if (rule.folder / "fixed.yaml").is_file()]


def simple_cases(rule: Rule, first: int = 0) -> Iterator[tuple[RuleCase, Spec]]:
    """Every second case of those of one document."""
    for case in testing.cases((rule.folder / "bad.yaml").read_text("utf-8"))[first::2]:
        sources = case.sources()
        if len(sources) == 1 and not any(mark in sources[0].text for mark in ("\n---", "<<", "{{", "initlint:")):
            yield case, own(load(sources[0].text))


def mended(case: RuleCase, rule: Rule, text: str) -> MendedRun:
    return mend([Source("case.yaml", text)], case.settings(rule), unsafe=True, only=rule.name)


def text_after(outcome: MendedRun, text: str) -> str:
    return outcome.mended[0].after.text if outcome.mended else text


def check_outcome(outcome: MendedRun, rule: Rule, settings: Settings) -> None:
    """All that can be mended is, and stays so."""
    assert outcome.refused == ()
    assert [one.message for one in outcome.report.active if one.fix and one.rule == rule.name] == []
    for one in outcome.mended:
        assert mend([one.after], settings, unsafe=True, only=rule.name).mended == ()


@pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.name)
def test_the_same_is_mended_in_whatever_way_it_is_written(rule: Rule) -> None:
    for number, (case, spec) in enumerate(simple_cases(rule)):
        texts = [as_block(spec), *(WRITERS[(number + step) % len(WRITERS)](spec) for step in range(0, 6, 3))]
        outcomes = [mended(case, rule, text) for text in texts]
        for outcome in outcomes:
            check_outcome(outcome, rule, case.settings(rule))
        results = [load(text_after(one, text)) for one, text in zip(outcomes, texts, strict=True)]
        numbers = {len(one.mended[0].fixed) if one.mended else 0 for one in outcomes}
        assert len(numbers) == 1, (case.name, numbers)
        assert all(loosely(result) == loosely(results[0]) for result in results), case.name


def loosely(value: Any) -> Any:
    """Numbers as texts, as some ways to write quote them all; a command in front of a script on its own line or not."""
    if isinstance(value, dict):
        return {str(key): loosely(one) for key, one in value.items()}
    return (
        [loosely(one) for one in value]
        if isinstance(value, list)
        else re.sub(r"(\A|\n)(set [^;\n]*); ", r"\1\2\n", str(value))
    )


@pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.name)
def test_lines_end_as_they_did_and_comments_stay(rule: Rule) -> None:
    for number, (case, spec) in enumerate(simple_cases(rule, first=1)):
        text = with_crlf(spec)
        assert not re.search(r"(?<!\r)\n", text_after(mended(case, rule, text), text))
        text = without_final_newline(spec)
        assert not text_after(mended(case, rule, text), text).endswith("\n")
        write = (as_tabbed_json, as_json, as_ascii_json)[number % 3]
        result = text_after(mended(case, rule, write(spec)), write(spec))
        assert result == write(json.loads(result))


@pytest.mark.parametrize("rule", FIXING, ids=lambda rule: rule.name)
def test_nothing_is_changed_behind_the_back_of_another_use(rule: Rule) -> None:
    """With anchors, each place holds what it held before, or what it holds when it is mended without anchors."""
    for case, spec in simple_cases(rule):
        text, plain = with_anchors(spec), as_block(own(spec))
        outcome = mended(case, rule, text)
        check_outcome(outcome, rule, case.settings(rule))
        allowed = set(leaves(spec)) | set(leaves(load(text_after(mended(case, rule, plain), plain))))
        assert set(leaves(load(text_after(outcome, text)))) <= allowed, (case.name, text)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every scalar with the keys that lead to it; items of lists go by their name."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, str(key)))
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, (*path, str(one.get("name")) if isinstance(one, dict) else ""))
    else:
        yield path, str(value)


def noisy(text: str, seed: int) -> str:
    """The text with comments above lines and behind values, where they mean nothing to anybody."""
    chosen = random.Random(seed)
    lines: list[str] = []
    for line in text.splitlines():
        is_safe = re.fullmatch(r" *(?:- )?[\w./-]+:(?: [\w./:-]+)?", line)
        if is_safe and chosen.random() < 0.3:
            indent = len(line) - len(line.lstrip(" "))
            lines.append(" " * chosen.choice([indent, indent, 0]) + f"# above {len(lines)}")
        lines.append(f"{line} # behind {len(lines)}" if is_safe and chosen.random() < 0.3 else line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", [1, 2])
def test_real_files_with_comments_everywhere(seed: int) -> None:
    """Scripts are put into quotes first, where a comment cannot be taken for a part of them."""
    count = 0
    for file in sorted(corpus("labelled").glob("*.yaml")):
        documents = YAML(typ="safe", pure=True).load_all(file.read_text("utf-8"))
        texts = [yaml.dump(own(one), width=10_000, default_style=None, sort_keys=False) for one in documents]
        text = "---\n".join(noisy(text, seed) if "\n\n" not in text else text for text in texts)
        outcome = mend([Source(file.name, text)], Settings(), unsafe=True)
        assert outcome.refused == (), file
        assert not any(one.fix for one in outcome.report.active), file
        for before, after, _ in outcome.mended:
            count += 1
            comments = (set(re.findall("# (?:above|behind) [0-9]+", one.text)) for one in (before, after))
            assert not set.difference(*comments), file
    assert count > 3
