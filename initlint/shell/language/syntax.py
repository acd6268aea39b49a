"""What a script is made of. Frozen, picklable, placed in characters of the script's decoded text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol


class Quote(Enum):
    """How a part of a word is protected from splitting and globbing."""

    NONE = ""
    SINGLE = "'"
    DOUBLE = '"'


class Literal(NamedTuple):
    """Text that the shell takes as it is."""

    text: str
    quote: Quote = Quote.NONE


class Variable(NamedTuple):
    """`$name` or `${name…}`; `operation` is what follows the name, such as `:-default`."""

    name: str
    quote: Quote = Quote.NONE
    operation: str = ""


class Substitution(NamedTuple):
    """The output of `$(…)` or of backticks."""

    body: Block
    quote: Quote = Quote.NONE


class Pattern(NamedTuple):
    """What is not known before it runs and is neither of these: globs, braces, arithmetic, process substitution."""

    text: str
    quote: Quote = Quote.NONE


Part = Literal | Variable | Substitution | Pattern


class Word(NamedTuple):
    """One word, before expansion; `start` and `end` are those of the source."""

    start: int
    end: int
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str | None:
        """The word if the shell takes it as it is; None if it is expanded."""
        if all(isinstance(part, Literal) for part in self.parts):
            return "".join(part.text for part in self.parts if isinstance(part, Literal))
        return None


class Assignment(NamedTuple):
    """`name=value` before a command, alone, or behind `export` and its like; `is_item`: `name[0]=value`."""

    start: int
    end: int
    name: str
    value: Word | None
    appends: bool = False
    is_item: bool = False


class Redirect(NamedTuple):
    """A redirection; the target of a here-document is its body."""

    start: int
    end: int
    operator: str
    target: Word | None
    descriptor: str = ""


class Simple(NamedTuple):
    """A simple command: words, assignments before it, redirections. Without words it only assigns or redirects."""

    start: int
    end: int
    words: tuple[Word, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    is_declaration: bool = False

    @property
    def name(self) -> str | None:
        """What is called; None if that is not known, or nothing is."""
        return self.words[0].text if self.words else None

    @property
    def runs_nothing(self) -> bool:
        """Whether it only assigns or redirects, as `exec 3<>/dev/tcp/db/5432` does."""
        return not self.words[1:] and (not self.words or self.name == "exec")


class Test(NamedTuple):
    """`[ … ]`, `test …`, `[[ … ]]` or `(( … ))`, with its operands and operators as words."""

    start: int
    end: int
    bracket: str
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Pipeline(NamedTuple):
    """Commands connected by pipes."""

    start: int
    end: int
    stages: tuple[Statement, ...]


class Not(NamedTuple):
    """A command whose status is inverted."""

    start: int
    end: int
    body: Statement


class AndOr(NamedTuple):
    """`left && right` or `left || right`."""

    start: int
    end: int
    left: Statement
    operator: str
    right: Statement


class Item(NamedTuple):
    """A statement of a list, run in the background if `&` follows."""

    statement: Statement
    in_background: bool = False


class Block(NamedTuple):
    """A list of statements."""

    start: int
    end: int
    items: tuple[Item, ...] = ()


class Branch(NamedTuple):
    """A condition of `if` or `elif`, and what runs if it holds."""

    condition: Block
    body: Block


class If(NamedTuple):
    """`if … elif … else … fi`."""

    start: int
    end: int
    branches: tuple[Branch, ...]
    otherwise: Block | None = None


class While(NamedTuple):
    """`while` or `until`."""

    start: int
    end: int
    condition: Block
    body: Block
    is_until: bool = False


class For(NamedTuple):
    """`for name in words`; without words over the arguments; `for ((…))` has no name."""

    start: int
    end: int
    name: str
    words: tuple[Word, ...] | None
    body: Block
    header: str = ""


class Arm(NamedTuple):
    """Patterns of `case`, and what runs if one matches."""

    patterns: tuple[Word, ...]
    body: Block
    falls_through: bool = False


class Case(NamedTuple):
    """`case word in … esac`."""

    start: int
    end: int
    subject: Word
    arms: tuple[Arm, ...]

    @property
    def has_default(self) -> bool:
        """Whether one of the arms takes whatever there is: `*)`."""
        alone = (pattern.parts for arm in self.arms for pattern in arm.patterns if len(pattern.parts) == 1)
        return any(isinstance(part, Pattern) and part == Pattern("*") for (part,) in alone)


class Subshell(NamedTuple):
    """`( … )`."""

    start: int
    end: int
    body: Block
    redirects: tuple[Redirect, ...] = ()


class Group(NamedTuple):
    """`{ …; }`, and any other compound command with redirections."""

    start: int
    end: int
    body: Block
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition. `hands_on`: it uses all its arguments as they are, by `"$@"`; `calls` is what it is then,
    by the words that it is called with.
    """

    start: int
    end: int
    name: str
    body: Statement
    hands_on: bool = False
    calls: dict[tuple[Word, ...], Statement] = field(default_factory=dict, compare=False, repr=False)


Statement = Simple | Test | Pipeline | Not | AndOr | If | While | For | Case | Subshell | Group | Function


class Placed(Protocol):
    """Whatever stands somewhere in a script."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


class Script(NamedTuple):
    """A parsed script; with `has_errors` its text is not understood, and nothing may be concluded from it."""

    text: str
    body: Block
    has_errors: bool = False

    def text_of(self, part: Placed) -> str:
        """How a part of it is written."""
        return self.text[part.start : part.end]


def defaults(word: Word) -> Iterator[Variable]:
    """The variables that a word sets where they are not: `${x:=default}`."""
    return (part for part in word.parts if isinstance(part, Variable) and part.operation.lstrip(":")[:1] == "=")
