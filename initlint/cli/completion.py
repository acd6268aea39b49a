"""What a shell offers for values that are names, for which it asks in a process of its own, and how it learns to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

from initlint.errors import InitlintError
from initlint.reporters import FORMATS

OPTIONS = ("--install-completion", "--show-completion")
# The classes of Typer's completion are told everything in the environment.
_ASKED = "_INITLINT_COMPLETE"
_WORDS = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")


def is_asked() -> bool:
    """Whether a shell asks what to offer."""
    return _ASKED in os.environ


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


def levels(kind: type[IntEnum]) -> Callable[[str], list[str]]:
    """Those of severity or confidence."""
    return lambda incomplete: list(_beginning([one.name.lower() for one in kind], incomplete))


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


def set_up(words: Sequence[str]) -> str | None:
    """Follow `--install-completion` and `--show-completion`, which Typer lists; None where neither is asked for.

    Raises InitlintError for a shell that nothing can be done for: the one that is named, else the one that runs.
    """
    option, *named = [*words[0].split("=", 1), *words[1:]] if words else [""]
    if option not in OPTIONS:
        return None
    from typer._completion_shared import Shells, _get_shell_name, get_completion_script, install

    shell = " ".join(named) or _get_shell_name()
    known = [one.value for one in Shells]
    if shell not in known:
        what = f"`{shell}` is no shell that can complete" if shell else "it cannot be told which shell runs"
        raise InitlintError(f"{what}: write `{option} SHELL`, where SHELL is one of {', '.join(known)}")
    if option == "--show-completion":
        return get_completion_script(prog_name="initlint", complete_var=_ASKED, shell=shell)
    _, file = install(shell, "initlint", _ASKED)
    return f"wrote {file}: restart {shell}, and it completes verbs, flags and rules"
