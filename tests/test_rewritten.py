"""A script that says the same in other words has the same findings: as a function, in braces, by variables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from initlint.run import check_sources
from initlint.settings import Settings
from initlint.shell.language.shells import is_shell, text_index
from initlint.testing import RuleCase, cases
from initlint.text.source import Source
from tests.conftest import ROOT
from tests.styles import mappings, pods

# Many runs of what other tests cover already: to count its lines again takes longer than to run it.
pytestmark = pytest.mark.no_cover

SETTINGS = Settings(ignore=("complex-script", "shellcheck"))
Words = dict[str, Any]
Rewrite = Callable[[str, Words], str]

# A path that is a word of its own, without quotes.
PATH = re.compile(r"(?<![\w./$}{\"'=:*?~\\-])/[a-z][\w./-]*\w(?![\w./*?$\"'{}:-])")
# What makes of words something else: texts that are run, here-documents, files that set anything, addresses of bash.
OTHERWISE = re.compile(
    r"<<|'[^']*/|\b(?:eval|source|trap|bash|sh)\b|(?:^|[\s;&])\. |/dev/tcp|#!|\$\(|\\$", re.MULTILINE
)
# What is no script of several words: the name of one that a volume holds, or all of it in quotes once more.
OF_ONE_WORD = re.compile(r"#!|\s*(?:\S+\s*$|['\"])")


def as_function(text: str, _: Words) -> str:
    """All of it in a function that is called."""
    return f'all_of_it() {{\n{text}\n}}\nall_of_it "$@"\n'


def in_braces(text: str, _: Words) -> str:
    """All of it in one group."""
    return f"{{\n{text}\n}}\n"


def by_variables(text: str, _: Words) -> str:
    """Paths by variables that the script sets."""
    names: dict[str, str] = {}
    rewritten = _with_names(text, names, '"$%s"')
    return "".join(f"{name}={path}\n" for path, name in names.items()) + rewritten


def by_environment(text: str, container: Words) -> str:
    """Paths by variables of the container."""
    names: dict[str, str] = {}
    rewritten = _with_names(text, names, "${%s}")
    given = [{"name": name, "value": path} for path, name in names.items()]
    container["env"] = [*given, *(container.get("env") or ())]
    return rewritten


def _with_names(text: str, names: dict[str, str], reference: str) -> str:
    if OTHERWISE.search(text):
        return text
    return PATH.sub(lambda match: reference % names.setdefault(match[0], f"OF_ALL_{len(names)}"), text)


REWRITES = (as_function, by_variables, in_braces, by_environment)
# By the variables of two containers a path is told to both, and no longer only named in a script.
OF_TOLD: dict[Rewrite, tuple[str, ...]] = {by_environment: ("INIT202",)}


def rewritten(text: str, rewrite: Rewrite) -> tuple[str, int]:
    """An example with its scripts in other words, and how many there are."""
    documents, count = list(yaml.load_all(text, yaml.CSafeLoader)), 0
    for container, words, index in scripts(documents):
        after = rewrite(words[index], container)
        is_closed = words[index].count("{") == words[index].count("}")
        if after != words[index] and is_closed and not OF_ONE_WORD.match(words[index]):
            container["command"] = [*words[:index], after, *words[index + 1 :]]
            container.pop("args", None)
            count += 1
    return yaml.safe_dump_all(documents, sort_keys=False), count


def scripts(documents: list[Any]) -> Iterator[tuple[Words, list[str], int]]:
    """The containers that run a script in a shell, their words, and which of these is the script."""
    for spec in {id(spec): spec for document in documents for spec in pods(document)}.values():
        for container in (*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))):
            words = [*(container.get("command") or ()), *(container.get("args") or ())]
            is_plain = all(isinstance(word, str) for word in words) and is_shell(words[0] if words else None)
            index = text_index(words) if is_plain and container.get("command") else None
            if index is not None:
                yield container, words, index


def said(text: str, others: list[Source]) -> Counter[str]:
    """The rules and containers of the findings in an example."""
    found = check_sources([Source("app.yaml", text), *others], SETTINGS).active
    return Counter(f"{one.code} {one.container}" for one in found)


def differs(case: RuleCase, rewrite: Rewrite) -> Counter[str]:
    """What is found in an example only as it is, or only in other words."""
    source, *others = case.sources()
    try:
        plain = yaml.safe_dump_all(list(yaml.load_all(source.text, yaml.CSafeLoader)), sort_keys=False)
        text, count = rewritten(source.text, rewrite)
    except yaml.YAMLError:
        return Counter()
    if not count:
        return Counter()
    before, after = said(plain, others), said(text, others)
    found = (before - after) + (after - before)
    return Counter({one: count for one, count in found.items() if not one.startswith(OF_TOLD.get(rewrite, ()))})


@pytest.mark.parametrize("name", ["bad.yaml", "good.yaml"])
@pytest.mark.parametrize("rule", sorted(path.parent for path in ROOT.glob("rules/*/bad.yaml")), ids=lambda it: it.name)
def test_a_script_in_other_words_is_the_same_script(rule: Path, name: str) -> None:
    """Every second example in one of the ways, in turns."""
    for number, case in enumerate(cases((rule / name).read_text("utf-8"))[1::2]):
        rewrite = REWRITES[number % len(REWRITES)]
        found = differs(case, rewrite)
        assert not found, (case.name, rewrite.__name__)


def test_scripts_of_examples_are_rewritten() -> None:
    examples = cases((ROOT / "rules/swallowed_failure/bad.yaml").read_text("utf-8"))
    counts = [sum(rewritten(one.sources()[0].text, rewrite)[1] for one in examples) for rewrite in REWRITES]
    assert min(counts) > 10
