"""Which text of a container is a shell script, and with which options its shell runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from initlint.kube.container import Container
from initlint.programs import behind_wrappers
from initlint.programs import script as shells
from initlint.shell import status
from initlint.shell.parse import parse
from initlint.shell.syntax import Script
from initlint.source import Span
from initlint.tree import Scalar


@dataclass(frozen=True, eq=False)
class InlineScript:
    """A script that a container's command or arguments hold, with the options of its shell."""

    container: Container
    node: Scalar
    options: str

    @cached_property
    def script(self) -> Script:
        """Its syntax."""
        return parse(self.node.value)

    @cached_property
    def verdict(self) -> status.Verdict | None:
        """Whether it can end with success, and with failure; None if that is not clear."""
        return self.verdict_of(self.script)

    def verdict_of(self, script: Script) -> status.Verdict | None:
        """The same of another script that its shell would run."""
        letters = "".join(word[1:] for word in self.options.split() if word.startswith("-") and word[1:2] != "-")
        return status.verdict(
            script,
            errexit="e" in letters or "errexit" in self.options,
            pipefail="pipefail" in self.options,
        )

    def span(self, start: int, end: int) -> Span:
        """Where a part of the script stands in the manifest."""
        return self.node.at(start, end)


def scripts(container: Container) -> list[InlineScript]:
    """The scripts that a container runs inline: of `sh -c` in any spelling, behind any wrapper."""
    nodes = [*container.command, *container.args] if container.overrides_entrypoint else []
    words = [node.value for node in nodes]
    shell = behind_wrappers(words) if words else 0
    text = shells.find(words, shell) if words else None
    node = nodes[text] if text is not None else None
    return [InlineScript(container, node, _options(words, shell, text))] if isinstance(node, Scalar) else []


def _options(words: Sequence[str], shell: int, text: int | None) -> str:
    return " ".join(words[shell + 1 : text])
