"""What a rule is: a generator of findings with its code and title, and the view that it runs on."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from initlint.errors import InitlintError
from initlint.extras import program
from initlint.finding import Confidence, Finding, Severity
from initlint.graph.graph import Graph
from initlint.kube.pods.container import (
    AppContainer,
    Container,
    InitContainer,
    RegularInitContainer,
    SidecarContainer,
)
from initlint.kube.pods.manifest import Manifest
from initlint.kube.pods.pod import Pod, Workload
from initlint.regex import regex
from initlint.report import RuleFacts
from initlint.shipped import shipped
from initlint.suppress import Stale
from initlint.text.tree import Breach, SyntaxProblem
from initlint.version import PAGES

_CODE = regex(r"[A-Z]+[0-9]+")
_NAME = regex(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

Findings = Iterable[Finding]
Check = Callable[..., Findings]
Target = type[SyntaxProblem | Breach | Stale | Manifest | Workload | Pod | Container | Graph]

TARGETS: tuple[Target, ...] = (
    SyntaxProblem, Breach, Stale, Manifest, Workload, Pod, Container, InitContainer, RegularInitContainer,
    SidecarContainer, AppContainer, Graph,
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A rule as its folder declares it; `name` is the folder's, with hyphens.

    `extra` is the optional extra without which it cannot run, and the program that this extra installs.
    `needs_complete`: it says nothing unless the input is said to be complete.
    """

    code: str
    title: str
    severity: Severity
    confidence: Confidence
    check: Check
    target: Target
    options: Any = None
    supersedes: tuple[str, ...] = ()
    name: str = ""
    folder: Path = Path()
    forced_severity: Severity | None = None
    extra: str = ""
    needs_complete: bool = False

    @property
    def unavailable(self) -> str:
        """Why the rule cannot run here, with the remedy; empty if it can."""
        if not self.extra or program(self.extra):
            return ""
        return (
            f"rule `{self.name}` needs `{self.extra}`, which is not installed: `pip install 'initlint[{self.extra}]'`"
        )

    @property
    def url(self) -> str:
        """Where the rule is documented on the web; of packs of one's own nobody knows that."""
        return f"{PAGES}/rules/{self.folder.name}" if self.folder.parent == shipped("rules") else ""

    @property
    def facts(self) -> RuleFacts:
        """What there is to know of it without running it."""
        return RuleFacts(self.code, self.name, self.title, self.severity, self.confidence, self.url, self.folder)

    def run(self, subject: object) -> Findings:
        """What the rule finds about a subject of its target."""
        return self.check(subject) if self.options is None else self.check(subject, self.options)

    def told(self, severity: Severity | None, options: Any) -> Rule:
        """The rule as the configuration wants it; None leaves what it has."""
        return replace(self, forced_severity=severity, options=self.options if options is None else options)

    def in_folder(self, folder: Path) -> Rule:
        """The rule with the name that its folder gives it; raises InitlintError where that cannot be one."""
        return replace(self, name=rule_name(folder.name), folder=folder)


def rule(
    code: str,
    title: str,
    *,
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    supersedes: tuple[str, ...] = (),
    extra: str = "",
    needs_complete: bool = False,
) -> Callable[[Check], Rule]:
    """Declare a rule.

    The annotation of the check's first parameter says what it runs on; a second parameter, annotated with a dataclass
    whose fields all have defaults, takes the rule's options. `supersedes` names rules that stay silent where this one
    speaks of the same container and defect. `extra` names the optional extra, and the program of that
    name, that it needs. `needs_complete`: it runs only where the input is said to be complete.
    """

    def declare(check: Check) -> Rule:
        refuse_code(code)
        _refuse_level(code, severity, Severity)
        _refuse_level(code, confidence, Confidence)
        target, options = _parameters(check, code)
        return Rule(
            code, title, severity, confidence, check, target, options, supersedes,
            extra=extra, needs_complete=needs_complete,
        )  # fmt: skip

    return declare


def refuse_code(code: str) -> None:
    """Raise InitlintError for what cannot be the code of a rule."""
    if not _CODE.fullmatch(code):
        raise InitlintError(f"`{code}` cannot be the code of a rule: use letters and then digits, such as INIT901")


def rule_name(folder: str) -> str:
    """The name that a folder gives to its rule; raises InitlintError where that cannot be one."""
    name = folder.replace("_", "-")
    if not _NAME.fullmatch(name):
        raise InitlintError(f"`{folder}` cannot be the name of a rule: use small letters, digits and hyphens")
    return name


def _refuse_level(code: str, given: object, kind: type[Severity | Confidence]) -> None:
    """A pack of one's own may not have been seen by a type checker."""
    if not isinstance(given, kind):
        known = ", ".join(f"`{one.name}`" for one in kind)
        raise InitlintError(
            f"rule {code} has the {kind.__name__.lower()} {given!r}: take one of {known} of `initlint.api`"
        )


def _parameters(check: Check, code: str) -> tuple[Target, Any]:
    hints = get_type_hints(check)
    types = [hints.get(name) for name in inspect.signature(check).parameters]
    target = types[0] if types else None
    if target not in TARGETS or len(types) > 2 or (len(types) == 2 and not _are_options(types[1])):
        known = ", ".join(f"`{kind.__name__}`" for kind in TARGETS)
        raise InitlintError(
            f"rule {code} takes other parameters than initlint passes: annotate the first with one of {known}, "
            "a second one with its frozen dataclass of options"
        )
    return target, types[1]() if len(types) == 2 and isinstance(types[1], type) else None


def _are_options(kind: object) -> bool:
    return is_dataclass(kind) and bool(getattr(kind, "__dataclass_params__").frozen)  # noqa: B009 - of the runtime
