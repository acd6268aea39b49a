"""A command of a script in its context: what it is given, and under which conditions, how often and in whose sight."""

from __future__ import annotations

from typing import NamedTuple

from initlint.shell.language.syntax import Statement, Test
from initlint.shell.language.values import UNKNOWN, Argument, Value


class Guard(NamedTuple):
    """What was looked at before: the command runs only if this statement `succeeded`, or only if not."""

    statement: Statement
    succeeded: bool

    @property
    def start(self) -> int:
        """Where it begins in the script's text."""
        return self.statement.start


class Redirection(NamedTuple):
    """A redirection with what is known of its path, and of the word as it is."""

    start: int
    end: int
    operator: str
    descriptor: str
    path: Value
    word: Value

    @property
    def writes(self) -> bool:
        """Whether it makes or changes a file."""
        return self.operator in (">", ">>", ">|", "&>", "&>>", "<>") and self.word.text != "/dev/null"

    @property
    def appends(self) -> bool:
        """Whether what is in the file already stays."""
        return self.operator in (">>", "&>>")


class RunAs(NamedTuple):
    """The numbers of the user and the group as whom something runs; None of what is not known."""

    uid: int | None
    gid: int | None


OF_ROOT = RunAs(0, 0)
"""What a container of root runs as if nothing changes that."""


class Context(NamedTuple):
    """Where a command stands. `loops` are the beginnings of the loops around it, outermost first; of `header` it is in
    the condition.

    `is_checked`: something looks at its status: a condition, `&&`, `||`, `!`. `is_certain`: it runs whenever what
    stands before it has not ended the script. `stage` is its place in a pipeline and how many there are. `limit` is
    the time in seconds after which `timeout` ends it. `is_elsewhere`: in another namespace or root. `shells` are the
    beginnings of the subshells around it, outermost first, out of which no variable comes; `in_substitution`: its
    output becomes a word. `jobs` are the beginnings of what runs in the background around it, outermost first.
    `silent` are the descriptors that go to `/dev/null`. `runs_as` is whom the shell itself was started as; None if as
    the container's user.
    """

    loops: tuple[int, ...] = ()
    header: int | None = None
    guards: tuple[Guard, ...] = ()
    is_checked: bool = False
    is_certain: bool = True
    errexit: bool | None = False
    pipefail: bool | None = False
    jobs: tuple[int, ...] = ()
    stage: tuple[int, int] = (0, 1)
    shells: tuple[int, ...] = ()
    functions: tuple[str, ...] = ()
    limit: Value | None = None
    is_elsewhere: bool = False
    in_substitution: bool = False
    silent: frozenset[str] = frozenset()
    runs_as: RunAs | None = None

    @property
    def in_background(self) -> bool:
        """Whether nothing waits for it to end."""
        return bool(self.jobs)

    @property
    def depth(self) -> int:
        """How many subshells are around it."""
        return len(self.shells)

    def within(self, start: int) -> Context:
        """The same in a subshell that begins there."""
        return self._replace(shells=(*self.shells, start))


_AT_TOP = Context()


class Command(NamedTuple):
    """One simple command or test. `arguments[0]` is the program, behind wrappers such as `env`, `timeout` and `sudo`.

    A test has its bracket as the program's name. What only assigns or redirects has no arguments. `assigned` are the
    names of the variables that it sets, `statement` its syntax; `is_call`: it calls a function of the script.
    `changes_to` is whom a wrapper runs it as, in place of the shell's user.
    """

    start: int
    end: int
    statement: Statement
    arguments: tuple[Argument, ...] = ()
    redirections: tuple[Redirection, ...] = ()
    assigned: tuple[str, ...] = ()
    cwd: Value = UNKNOWN
    context: Context = _AT_TOP
    wrappers: tuple[str, ...] = ()
    is_call: bool = False
    changes_to: RunAs | None = None

    @property
    def name(self) -> str:
        """The program without its folder; empty if it is not known."""
        text = self.arguments[0].text if self.arguments else None
        return (text or "").rpartition("/")[2]

    @property
    def runs_as(self) -> RunAs | None:
        """Whom its program runs as; None if as the container's user. The shell makes its redirections, as its own."""
        return self.changes_to or self.context.runs_as

    @property
    def place(self) -> tuple[int, int]:
        """Where its words stand, without redirections and here-documents; what a function is given, at its call."""
        given = [one for one in self.arguments if one.end < self.start or one.start > self.end]
        if given:
            return given[0].start, given[-1].end
        return self.start, max((one.end for one in self.arguments), default=self.end)

    @property
    def is_test(self) -> bool:
        """Whether it is `[ … ]`, `[[ … ]]`, `(( … ))` or `test`."""
        return isinstance(self.statement, Test) or self.name in ("test", "[")

    @property
    def words(self) -> list[str | None]:
        """The words as the program gets them, None for those that are not known."""
        return [argument.text for argument in self.arguments]
