"""What shellcheck finds in the scripts of init containers, where it is something that start-up suffers from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from initlint.api import (
    INFO,
    ContainerScript,
    Finding,
    Findings,
    Part,
    Pod,
    Role,
    Shell,
    Unknown,
    program,
    rule,
    scripts,
    shell_of,
)

_CONSTANT = "always comes out the same, so that what depends on it always or never happens"
_NO_COMMAND = "is taken for the name of a command, which the shell does not find"
_NO_QUOTES = "quotes nothing, so that it becomes part of the word"
_NO_NUMBERS = "cannot be compared so, and the test fails with an error"
_FILE = "is taken for the name of a file, into which the output goes"
_NOT_READ = "reads nothing from the pipe, so that what is piped is lost"
_OTHER_STATUS = "is the status of another command than the one that was meant"
_PREDICATES = {
    1017: "is a carriage return, which becomes part of the last word of the line",
    1018: "is a space that does not break, which becomes part of the word",
    1035: _NO_COMMAND,
    1066: _NO_COMMAND,
    1068: _NO_COMMAND,
    1069: _NO_COMMAND,
    1110: _NO_QUOTES,
    1111: _NO_QUOTES,
    1112: _NO_QUOTES,
    2050: _CONSTANT,
    2055: _CONSTANT,
    2056: _CONSTANT,
    2071: "does not compare but writes a file, so that the test says nothing of the number",
    2072: _NO_NUMBERS,
    2077: "has no spaces around its operator, so that the test is true whatever the values are",
    2078: _CONSTANT,
    2094: "is emptied before it is read, so that nothing is left of it",
    2095: "reads the rest of the list, so that the loop ends after its first round",
    2114: "deletes what the image needs, so that what follows does not run",
    2115: "deletes everything where the variable is empty",
    2122: _NO_NUMBERS,
    2144: "takes one file, so that the test fails with an error where several match",
    2155: "gets its value by a command whose failure does not end the script, so that it goes on with an empty one",
    2157: _CONSTANT,
    2158: _CONSTANT,
    2159: _CONSTANT,
    2160: _CONSTANT,
    2161: _CONSTANT,
    2164: "may fail, and what follows then runs in another directory",
    2170: _NO_NUMBERS,
    2171: "is an argument more, so that nothing is tested",
    2193: _CONSTANT,
    2194: _CONSTANT,
    2195: "never matches, so that this branch never runs",
    2210: _FILE,
    2216: _NOT_READ,
    2224: "says not where to, so that it fails",
    2225: "says not where to, so that it fails",
    2238: _FILE,
    2242: "is no exit status, so that the container ends with another one",
    2252: _CONSTANT,
    2259: _NOT_READ,
    2260: "takes what should go through the pipe, so that nothing comes through",
    2276: _NO_COMMAND,
    2282: _NO_COMMAND,
    2283: _NO_COMMAND,
    2290: _NO_COMMAND,
    2319: _OTHER_STATUS,
    2320: _OTHER_STATUS,
    2327: "becomes nothing, as its output goes elsewhere",
}
_ONLY_WITH_ERREXIT = {2155}
_MAY_FAIL = 2164
_OVERWRITTEN = 2094
_EVERYWHERE = {"", "/bin", "/etc", "/home", "/root", "/tmp", "/usr", "/var"}
_LONGEST = 60
_PATIENCE = 60  # seconds, for what takes some ten milliseconds
_SHELLS = {Shell.BASH: "bash", Shell.DASH: "dash", Shell.BUSYBOX: "busybox", Shell.NONE: "sh", None: "sh"}
_NAMED = {"bash": "bash", "ksh": "ksh", "sh": ""}


@dataclass(frozen=True)
class Options:
    """Which of shellcheck's findings are passed on as well, by number."""

    extend_codes: tuple[int, ...] = ()


class _Input(NamedTuple):
    """A script as shellcheck is to read it."""

    text: str
    shell: str
    errexit: bool

    @property
    def head(self) -> str:
        """What it is told before the script."""
        return f"# shellcheck shell={self.shell}\n" + ("set -e\n" if self.errexit else "")


class _Comment(NamedTuple):
    """One of its findings, in characters of the script."""

    code: int
    start: int
    end: int
    message: str


@rule("INIT314", "what shellcheck finds", severity=INFO, extra="shellcheck")
def check(pod: Pod, options: Options) -> Findings:
    inits = (one for one in pod.init_containers if one.role is Role.INIT)
    parts = (part for container in inits for script in scripts(container) for part in script.parts)
    found = {one: given for one in parts if (given := _input(one))}
    codes = (*_PREDICATES, *options.extend_codes)
    for script, comments in zip(found, _shellcheck(list(found.values()), codes), strict=True):
        first = {(one.code, script.script.text.count("\n", 0, one.start)): one for one in reversed(comments)}
        for comment in reversed(first.values()):
            if _matters(script, comment):
                pod.require(Part.COMMANDS)
                yield _finding(script, comment)


def _input(script: ContainerScript) -> _Input | None:
    """The script with its shell; None for one that is not understood, or whose shell shellcheck does not know."""
    named = _NAMED.get(script.shell.rpartition("/")[2])
    if not script.is_shell or script.commands is None or (named is None and shell_of(script) is None):
        return None
    return _Input(script.script.text, named or _SHELLS[shell_of(script)], script.has_errexit)


def _matters(script: ContainerScript, comment: _Comment) -> bool:
    """Whether it is true here, by what the container says and shellcheck does not see."""
    if comment.code == _MAY_FAIL:
        folder = script.script.text_of(comment).removeprefix("cd").strip(" \"'").rstrip("/")
        mounted = {mount.path.value.rstrip("/") for mount in script.container.mounts}
        return folder not in mounted | _EVERYWHERE
    if comment.code == _OVERWRITTEN:
        word = re.escape(script.script.text_of(comment).strip("\"'"))
        return re.search(rf"(?<!>)>\s*[\"']?{word}[\"']?(?=[\s;|&)]|$)", script.script.text) is not None
    return comment.code not in _ONLY_WITH_ERREXIT or script.has_errexit or _sets_errexit(script, comment)


def _sets_errexit(script: ContainerScript, comment: _Comment) -> bool:
    """Whether the script has told its shell to end at the first failure by then."""
    around = (one for one in script.commands or () if one.start <= comment.start < one.end)
    return any(one.context.errexit for one in around)


def _finding(script: ContainerScript, comment: _Comment) -> Finding:
    code, said = comment.code, comment.message.rstrip(".")
    predicate = _PREDICATES.get(code, f"is not as shellcheck wants it: {said[:1].lower()}{said[1:]}")
    return Finding(
        script.span(comment.start, comment.end),
        f"`{_shown(script.script.text_of(comment))}` in {script.container} {predicate} (SC{code})",
        help=f"shellcheck says: {said}; see https://www.shellcheck.net/wiki/SC{code}",
    )


def _shown(text: str) -> str:
    line = text.splitlines()[0] if text.strip() else repr(text)[1:-1]
    return (line if line == text and len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…").replace("`", "'")


def _shellcheck(inputs: Sequence[_Input], codes: tuple[int, ...]) -> list[tuple[_Comment, ...]]:
    """What shellcheck finds in each of the scripts; one process reads those that it has not read yet."""
    known = _known(codes)
    new = [one for one in dict.fromkeys(inputs) if one not in known]
    if new:
        known.update(zip(new, _read(new, codes), strict=True))
    return [known[one] for one in inputs]


@lru_cache(maxsize=1)  # a file that others answer questions of is looked at twice, and many scripts are the same
def _known(_: tuple[int, ...]) -> dict[_Input, tuple[_Comment, ...]]:
    """What was found so far of these codes."""
    return {}


def _read(inputs: Sequence[_Input], codes: Sequence[int]) -> Iterator[tuple[_Comment, ...]]:
    from tempfile import TemporaryDirectory  # what few runs need is not imported in all

    with TemporaryDirectory(prefix="initlint-") as folder:
        files = [f"{index}.sh" for index in range(len(inputs))]
        for file, one in zip(files, inputs, strict=True):
            Path(folder, file).write_text(one.head + one.text, "utf-8", newline="")
        said = _run(folder, files, codes)
    return (tuple(_comments(one, said, file)) for file, one in zip(files, inputs, strict=True))


def _run(folder: str, files: Sequence[str], codes: Sequence[int]) -> list[dict[str, Any]]:
    """Run it; without a configuration file, and without reading what a script includes."""
    import json
    import subprocess

    include = ",".join(f"SC{code}" for code in codes)
    command = [str(program("shellcheck")), "--norc", "--format=json1", f"--include={include}", *files]
    try:
        done = subprocess.run(
            command, cwd=folder, env={"LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=_PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unknown(f"shellcheck did not come to an end within {_PATIENCE} seconds") from None
    if done.returncode not in (0, 1):
        raise Unknown(f"shellcheck failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    comments: list[dict[str, Any]] = json.loads(done.stdout)["comments"]
    return comments


def _comments(given: _Input, said: Sequence[dict[str, Any]], file: str) -> Iterator[_Comment]:
    lines = (given.head + given.text).split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    for one in said:
        if one["file"] == file:
            start, end = (
                starts[one[line] - 1] + one[column] - 1 - len(given.head)
                for line, column in (("line", "column"), ("endLine", "endColumn"))
            )
            yield _Comment(one["code"], max(start, 0), min(max(end, start + 1), len(given.text)), one["message"])
