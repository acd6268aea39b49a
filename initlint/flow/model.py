"""What a container does to paths and needs of them, each with its place, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from initlint.finding import Where
from initlint.kube.pods.container import Container
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Effect
from initlint.shell.container.mounts import Location, MountTable
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.command import RunAs
from initlint.shell.language.values import Value
from initlint.text.tree import Node

# A pattern in the last part of a path, of which all before it is known.
_PATTERN = regex(r"(?:[^*?\[{$`]*/)?[^/*?\[{$`]*[*?\[][^/$`]*")

# Options behind which programs are told what to read.
_INPUT = regex(
    r"(?i)--?(?:[\w.]+[-_.])*(?:config|configuration|conf|cfg|settings|values|env|input|from|vars?|template|schema)"
    r"(?:[-_.]?(?:file|path|dir))?"
)
# Options and variables that name a directory for the program to read.
_DIRECTORY = regex(
    r"(?i)-{0,2}(?:[\w.]+[-_.])*(?:models?|weights|lora|lora-modules|adapters?|tokenizer|dags|source|src|chdir|content|themes?|provisioning|plugins?|rules|templates?"
    r"|doc-?root|web-?root|document[-_]root|pythonpath)(?:[-_](?:path|dir|directory|folder|id|repo|repository))?"
)
WRITES = frozenset({Action.WRITE, Action.APPEND, Action.LINK, Action.MAKE_DIRECTORY})
"""What puts something at a path."""


class Certainty(Enum):
    """How sure it is that a use happens where it says."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Via(Enum):
    """How a container says that it needs a path."""

    SCRIPT = "its script"
    ARGUMENT = "an argument"
    VARIABLE = "a variable"
    FOLDER = "its working directory"
    PROBE = "a probe"
    KEY = "a file key"
    IMAGE = "its image"
    PROGRAM = "what it starts"


@dataclass(frozen=True, eq=False)
class Use:
    """One thing that a script does to one path. `paths` are the places that it may be; one is certain.

    `is_tree`: what is below the path is touched, too, under names that the script does not say. `links` are paths that
    its scripts make links of, or mount something at: what is below them lies elsewhere. `index` is its place in time.
    """

    container: Container
    table: MountTable
    links: tuple[str, ...]
    script: ContainerScript
    step: Step
    effect: Effect
    paths: tuple[Value, ...]
    is_tree: bool
    index: int

    @property
    def action(self) -> Action:
        """What is done."""
        return self.effect.action

    @property
    def fills(self) -> bool:
        """Whether it puts there more than an empty directory."""
        return self.action in WRITES and self.action is not Action.MAKE_DIRECTORY

    @property
    def where(self) -> Where:
        """Where the script names the path."""
        return self.script.span(self.effect.start, self.effect.end)

    @property
    def written(self) -> str:
        """How the script names the path, without the quotes around it."""
        return self.script.script.text_of(self.effect).strip("\"'")

    @property
    def text(self) -> str | None:
        """The path, if there is one and all of it is known."""
        return self.paths[0].text if len(self.paths) == 1 else None

    @cached_property
    def locations(self) -> tuple[Location | None, ...]:
        """Where the places lie."""
        return tuple(None if self._is_aliased(path) else self.table.locate(path) for path in self.paths)

    def _is_aliased(self, path: Value) -> bool:
        own = self.effect.path.known if self.action is Action.LINK else None  # a link is not below itself
        return any(path.known.startswith(link.rstrip("/") + "/") for link in self.links if link != own)

    @property
    def of_pattern(self) -> str | None:
        """The directory of which a pattern such as `/models/*` stands for what is in it; None if it is no such one."""
        if len(self.paths) != 1 or self.paths[0].is_whole or not _PATTERN.fullmatch(self.written):
            return None
        return self.paths[0].known.rpartition("/")[0] or None

    @property
    def location(self) -> Location | None:
        """Where it is, if that is certain."""
        found = self.locations
        return found[0] if len(found) == 1 else None

    @property
    def runs_as(self) -> RunAs | None:
        """Whom it is done as; None if as the container's user."""
        return self.step.command.context.runs_as if self.is_redirected else self.step.command.runs_as

    @property
    def is_redirected(self) -> bool:
        """Whether the shell does it, whatever the program is."""
        return any(one.start <= self.effect.start < one.end for one in self.step.command.redirections)

    @property
    def folder(self) -> str:
        """The directory that would have to be a volume for it to stay."""
        known, is_directory = self.paths[0].known, self.is_tree or self.action is Action.MAKE_DIRECTORY
        return known.rstrip("/") if is_directory else known.rpartition("/")[0] or "/"

    @property
    def certainty(self) -> Certainty:
        """Whether it happens whenever the script comes there, and at this place."""
        sure = self.step.command.context.is_certain and len(self.paths) == 1 and self.paths[0].is_whole
        return Certainty.CERTAIN if sure else Certainty.POSSIBLE


@dataclass(frozen=True, eq=False)
class Need:
    """A path that a container is told of, or is known to read, and where that stands.

    Of a word of a script `option` is what stands before it, or in it before `=`, and `step` its command.
    """

    table: MountTable
    path: str
    where: Where
    via: Via
    option: str = ""
    step: Step | None = None

    @property
    def is_input(self) -> bool:
        """Whether an option says that it is read, such as `--config=/etc/app.yml`."""
        return _INPUT.fullmatch(self.option) is not None

    @property
    def is_source(self) -> bool:
        """Whether an option or a variable says that it is a directory to be read, such as `--model-dir=/models`."""
        return _DIRECTORY.fullmatch(self.option) is not None

    @cached_property
    def location(self) -> Location | None:
        """Where it lies in the container."""
        return self.table.locate(Value(self.path, True))


@dataclass(frozen=True, eq=False)
class Key:
    """A variable that is read from a file on a volume, without a mount (`fileKeyRef`)."""

    volume: str
    path: str
    node: Node
