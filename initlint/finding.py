"""What a rule says (Finding), and what the engine makes of it for people and machines (Diagnostic)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, NamedTuple

from initlint.text.scalars import Style
from initlint.text.source import Position, Source, Span
from initlint.text.tree import Node, Scalar

if TYPE_CHECKING:
    from initlint.kube.pods.container import Container


class Severity(IntEnum):
    """How bad: an error never starts or starts without what was prepared, a warning starts badly, an info smells."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the rule is that the manifest really does what the message says."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    def __str__(self) -> str:
        return self.name.lower()


class Status(Enum):
    """What became of a diagnostic: only active ones are reported and count for the exit code."""

    ACTIVE = "active"
    SUPPRESSED = "suppressed"
    KNOWN = "known"
    FILTERED = "filtered"


class Place(NamedTuple):
    """A span of one source's text."""

    source: Source
    span: Span

    @property
    def start(self) -> Position:
        """Line and column of the first character."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """Line and column behind the last character."""
        return self.source.position(self.span.end)


class Mounted(NamedTuple):
    """A place in a file that a container mounts and runs: where it is told to, who that is, and the file's name.

    The container itself is known only to whom its manifest is at hand.
    """

    place: Place
    caller: Place
    title: str
    name: str
    container: Container | None = None


Where = Node | Span | Place | Mounted
"""What a rule may point at: a node, a span of the source it runs on, or a place that may be in another source."""


def place_of(where: Where, source: Source) -> Place:
    """What is pointed at; `source` is the one that a span is of."""
    match where:
        case Place():
            return where
        case Mounted():
            return where.place
        case Scalar(style=Style.LITERAL | Style.FOLDED):
            return Place(where.source, where.at(0, len(where.value.rstrip("\n"))))
        case Node():
            return Place(where.source, where.span)
    return Place(source, where)


class Related(NamedTuple):
    """Another place that the message speaks of."""

    where: Where
    message: str


class Edit(NamedTuple):
    """Replace a span of the finding's source by a text."""

    span: Span
    text: str


class Splice(NamedTuple):
    """What an edit means for the data: a slice of the decoded text of a scalar is replaced."""

    node: Span
    start: int
    end: int
    text: str


class Replaced(NamedTuple):
    """What an edit means for the data: a scalar becomes another, given as JSON."""

    node: Span
    value: str


class KeyChange(NamedTuple):
    """What an edit means for the data: a key of a mapping gets a value, as JSON; without one, it is removed.

    `moved` is an item that was part of a list, and becomes the only item of a new one.
    """

    node: Span
    key: str
    value: str | None = None
    moved: Span | None = None


class ItemChange(NamedTuple):
    """What an edit means for the data: before the item at that index comes another, as JSON; without, it is removed.

    `moved` is an item that was part of another list.
    """

    node: Span
    at: int
    value: str | None = None
    moved: Span | None = None


Effect = Splice | Replaced | KeyChange | ItemChange


class Change(NamedTuple):
    """Edits, and what they mean for the data, which is verified before anything is written."""

    edits: tuple[Edit, ...]
    effects: tuple[Effect, ...]


class Fix(NamedTuple):
    """A set of edits that mends the finding; `safe` means that nothing else about the manifest changes.

    Without `effects`, the edits may change the scalars that they are in, and nothing else of the data. `reveals` are
    the names of rules that may find something then: what was there before, where they did not look.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False
    effects: tuple[Effect, ...] = ()
    reveals: tuple[str, ...] = ()

    @classmethod
    def of(cls, title: str, *changes: Change | None, safe: bool = False, reveals: tuple[str, ...] = ()) -> Fix | None:
        """The fix that is all of the changes; None if one of them cannot be made."""
        made = [change for change in changes if change]
        edits = tuple(edit for change in made for edit in change.edits)
        if len(made) < len(changes) or not edits:
            return None
        return cls(title, edits, safe, tuple(effect for change in made for effect in change.effects), reveals)


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect, as a rule sees it.

    `message` states the fact, then the consequence. `help` says how to mend it, `defect` what the defect is about (a
    path, a loop, a wait), so that a more specific rule can speak in place of another. `rejected` means that the API
    server of the target version refuses the object; it is claimed only for versions whose answers were recorded.
    """

    where: Where
    message: str
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    rejected: bool = False
    defect: str | None = None
    help: str | None = None


class ObjectRef(NamedTuple):
    """The object that a finding is about, as its manifest names it."""

    api_version: str
    kind: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def qualified(self) -> str:
        """With its namespace, if it has one: as a configuration names it."""
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))


class RelatedPlace(NamedTuple):
    """A related place with its source resolved."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with everything a reporter needs; ordered by place, then code.

    `caller` is where the manifest runs the file that it points into, if that is not the manifest itself.
    """

    code: str
    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    place: Place
    object: ObjectRef | None = None
    container: str | None = None
    rejected: bool = False
    defect: str | None = None
    help: str | None = None
    related: tuple[RelatedPlace, ...] = ()
    fix: Fix | None = None
    fingerprint: str = ""
    url: str = ""
    caller: Place | None = None
    status: Status = field(default=Status.ACTIVE)

    @property
    def path(self) -> str:
        """Path of the source that the finding points into."""
        return self.place.source.path

    @property
    def home(self) -> str:
        """Path of the manifest of the object that it is about."""
        return (self.caller or self.place).source.path

    def is_of(self, name: str) -> bool:
        """Whether its rule is called so: by name or code, in any case, as rules are found everywhere."""
        return name.lower() in (self.rule, self.code.lower())

    @property
    def order(self) -> tuple[str, Span, str, str]:
        """Sort key that makes any two runs print the same."""
        return self.path, self.place.span, self.code, self.message
