"""What a shell offers for values that are names: it asks for them in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from initlint.reporters import FORMATS

# The classes of Typer's completion are told everything in the environment.
_WORDS = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")


def is_asked() -> bool:
    """Whether a shell asks what to offer."""
    return "_INITLINT_COMPLETE" in os.environ


def rule_names(incomplete: str) -> list[str]:
    """Rules by name, or by code where one is begun; behind a comma, too."""
    from initlint.settings import Settings, all_rules

    before, comma, begun = incomplete.rpartition(",")
    known = all_rules(Settings())
    names = [rule.code if begun.upper().startswith("INIT") else rule.name for rule in known]
    return [f"{before}{comma}{name}" for name in _beginning([*names, "ALL"], begun)]


def formats(incomplete: str) -> list[str]:
    """Output formats."""
    return list(_beginning(FORMATS, incomplete))


def versions(incomplete: str) -> list[str]:
    """Kubernetes versions, the newest first."""
    from initlint.kube.terms.versions import NEWEST, OLDEST

    return list(_beginning([f"1.{minor}" for minor in range(NEWEST.minor, OLDEST.minor - 1, -1)], incomplete))


def _beginning(names: Iterable[str], begun: str) -> Iterator[str]:
    return (name for name in names if name.lower().startswith(begun.lower()))


def put_check_in_front() -> None:
    """Where an option is first, it is one of `check`, the default verb."""
    for variable in _WORDS:
        program, _, rest = os.environ.get(variable, "").partition(" ")
        if rest.startswith("-"):
            os.environ[variable] = f"{program} check {rest}"
            os.environ["COMP_CWORD"] = str(int(os.environ.get("COMP_CWORD", "0")) + 1)


def name_shell(words: list[str]) -> None:
    """Let `--show-completion` and `--install-completion` take a shell; else Typer takes the one that runs."""
    if words[0].endswith("-completion") and len(words) > 1:
        os.environ["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = "1"
