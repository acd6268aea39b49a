"""What runs what a command has downloaded: through a pipe, as its output, by a variable, or as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.script import ContainerScript
from initlint.shell.language import syntax
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.language.syntax import Word
from initlint.shell.questions.pipes import consumers
from initlint.shell.questions.provided import PATH

_PROGRAMS = regex(r"(?:ba|da|a|z|k)?sh|python[\d.]*|perl|ruby|node|php|deno")
_READS_INPUT = regex(r"-|-s|-[eux]+|-l|--|/dev/stdin|-o|pipefail")
_TEXT_OPTIONS = {"-c", "-ec", "-e", "-xc"}
_FETCHED = regex(r"<\(\s*(?:curl|wget)\b")
_PATH_SET = regex(r"\bPATH=[\"']?([^\s;&|\"']+)")
_MOVES = ("cp", "install", "ln", "mv")
_UNPACKS = ("bsdtar", "cpio", "gunzip", "gzip", "tar", "unxz", "unzip", "xz", "zstd")


def runner(script: ContainerScript, step: Step) -> Step | None:
    """The command that runs what this one downloads; None if none is seen to."""
    behind = consumers(step, script.steps)
    piped = next((one for one in behind if _runs_input(one)), None)
    if piped or step.command.context.in_substitution:
        return piped or next(_running_output(script, step), None)
    stored = _Stored(set(_stored(script, step)))
    for one in behind:
        stored.unpack(one)
    folders = [*PATH, *(folder for match in _PATH_SET.findall(script.script.text) for folder in match.split(":"))]
    for one in script.behind(step):
        if one not in behind:
            if any(map(stored.holds, _run(one))) or stored.paths & set(_called(one, folders)):
                return one
            stored.follow(one)
    return None


def takes_substituted(step: Step) -> bool:
    """`bash <(curl …)`."""
    texts = [getattr(part, "text", "") for word in step.command.arguments for part in word.word.parts]
    return _evaluates(step) and any(_FETCHED.match(text) for text in texts)


@dataclass
class _Stored:
    """Where what is downloaded lies: files, and directories that it is unpacked to."""

    paths: set[str]
    folders: set[str] = field(default_factory=set)

    def holds(self, path: str) -> bool:
        return path in self.paths or any(path.startswith(folder.rstrip("/") + "/") for folder in self.folders)

    def follow(self, step: Step) -> None:
        """Files that are copied, moved or unpacked."""
        read = [one.path for one in step.meaning.effects if one.action in (Action.READ, Action.REMOVE)]
        if not any(path.is_whole and self.holds(path.known) for path in read):
            return
        if step.command.name in _MOVES:
            for one in step.meaning.effects:
                if one.action in (Action.WRITE, Action.LINK) and one.path.is_whole:
                    self.paths |= {one.path.known, *(f"{one.path.known}/{name.known}" for name in one.names)}
        self.unpack(step)

    def unpack(self, step: Step) -> None:
        """What is unpacked from a file, or from what comes through a pipe."""
        if step.command.name in _UNPACKS:
            for one in step.meaning.effects:
                if one.action is Action.WRITE and one.path.is_whole:
                    (self.folders if one.names else self.paths).add(one.path.known)


def _stored(script: ContainerScript, step: Step) -> Iterator[str]:
    """The files that it stores; in a working directory that is not known, by name."""
    effects = [effect for effect in step.meaning.effects if effect.action is Action.WRITE]
    known = [effect.path.known for effect in effects if effect.path.is_whole]
    yield from known
    for effect in effects if not known else ():
        text = script.script.text_of(effect).strip("\"'").removeprefix("./")
        yield text.partition("?")[0].rpartition("/")[2] if "://" in text else text


def _is_program(step: Step) -> bool:
    return _PROGRAMS.fullmatch(step.command.name) is not None


def _evaluates(step: Step) -> bool:
    return _is_program(step) or step.command.name in RUNNING_TEXT


def _runs_input(step: Step) -> bool:
    """Whether a program runs what comes to it as input: it is given no file, and no text."""
    words = step.command.words[1:]
    if step.command.name in ("source", "."):
        return words == ["/dev/stdin"]
    if not _is_program(step):
        return False
    if "-s" in words or "-" in words or "/dev/stdin" in words:
        return True
    return all(word is not None and _READS_INPUT.fullmatch(word) for word in words)


def _running_output(script: ContainerScript, download: Step) -> Iterator[Step]:
    """`sh -c "$(curl …)"`, `eval "$(curl …)"`, `sh <<< "$(curl …)"`; or so by a variable."""
    at = download.command.start
    names = {name for step in script.steps for name in _filled(step, at)}
    for step in script.steps:
        for word in _evaluated(step, script.steps):
            first = word.parts[0] if word.parts else None
            is_by_name = isinstance(first, syntax.Variable) and first.name in names and step.command.start > at
            if is_by_name or (isinstance(first, syntax.Substitution) and word.start < at < word.end):
                yield step


def _filled(step: Step, at: int) -> Iterator[str]:
    """The variables that become the output of a command which stands there."""
    statement = step.command.statement
    for one in statement.assignments if isinstance(statement, syntax.Simple) else ():
        if one.value and one.value.start <= at < one.value.end and len(one.value.parts) == 1:
            yield one.name


def _evaluated(step: Step, steps: Sequence[Step]) -> Iterator[Word]:
    """The words whose text a command runs: those that it is given, or as its input."""
    command = step.command
    if command.name == "eval" or (_is_program(step) and _TEXT_OPTIONS & set(command.words)):
        yield from (one.word for one in command.arguments[1:])
    if _runs_input(step):
        redirects = getattr(command.statement, "redirects", ())
        yield from (one.target for one in redirects if one.operator == "<<<" and one.target)
    if command.name in ("echo", "printf") and any(map(_runs_input, consumers(step, steps))):
        yield from (one.word for one in command.arguments[1:])


def _run(step: Step) -> Iterator[str]:
    """The paths that a command runs: itself, or the file that it is given."""
    arguments, cwd = step.command.arguments, step.command.cwd
    named = arguments[:1]
    if _evaluates(step):
        named = tuple(one for one in arguments[1:] if not one.value.known.startswith("-"))[:1]
    elif step.command.name == "java" and "-jar" in step.command.words[:-1]:
        named = (arguments[step.command.words.index("-jar") + 1],)
    for one in named:
        text = one.text
        if text and text.startswith("/"):
            yield text
        elif text and (text.startswith("./") or one is not arguments[0]):
            name = text.removeprefix("./")
            yield f"{cwd.known.rstrip('/')}/{name}" if cwd.is_whole else name


def _called(step: Step, folders: Sequence[str]) -> Iterator[str]:
    """Where a program lies that is called by its name."""
    name = step.command.arguments[0].text if step.command.arguments else None
    if name and "/" not in name and not step.command.is_call:
        yield from (f"{folder.rstrip('/')}/{name}" for folder in folders)
