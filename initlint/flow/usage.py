"""What becomes of what a script writes to the container's own file system, and which of it is meant to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache

from initlint.flow.history import covers
from initlint.flow.model import WRITES, Use
from initlint.flow.needs import paths
from initlint.flow.stations import Station, is_followed
from initlint.flow.unasked import reads_unasked
from initlint.flow.variables import is_told_by_variable
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Probe, ProbeKind
from initlint.shell.container.mounts import canonical, within
from initlint.shell.container.said import is_said
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.syntax import Test
from initlint.shell.language.values import Value, whole

_SCRATCH = regex(r"/(?:tmp|var/tmp|proc|sys|dev)(?:/.*)?")
# The kubelet and the container runtime mount these: what is written there is not on the container's own file system.
_MANAGED = frozenset({"/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/dev/termination-log"})
# They read nothing but what their words name.
_PLAIN = frozenset({
    "", "[", "[[", "((", "basename", "cat", "cd", "chgrp", "chmod", "chown", "cp", "cut", "date", "dirname", "du",
    "echo", "envsubst", "exit", "export", "false", "find", "grep", "gunzip", "gzip", "head", "install", "ln", "ls",
    "mkdir", "mktemp", "mv", "printf", "pwd", "read", "return", "rm", "rmdir", "sed", "set", "sleep", "sort", "stat",
    "tail", "tar", "tee", "test", "touch", "tr", "true", "umask", "uniq", "unzip", "wc", "whoami", "hostname", "id",
    "uname", "seq", "nproc", "expr", "base64", "awk", "split", "cmp", "diff", "dd", "truncate", "sha256sum", "md5sum",
    "sync", "jq", "yq", "readlink", "realpath", "printenv", "trap", "shift", "unset", "local", "type", "command",
    "cksum", "kill", "wait", "alias", "bind", "break", "continue", "declare", "df", "dirs", "disown", "eval", "getopts",
    "hash", "history", "jobs", "let", "logger", "popd", "pushd", "readonly", "shopt", "times", "typeset", "ulimit",
    "unalias",
})  # fmt: skip


_HOME = regex(r"(?:~|\$HOME|\$\{HOME\})/\.\w")
# A path in a working directory that is not known, all of which is written there.
_NAME = regex(r"(?!.*\.\.)\w[\w./-]*")
# Functions of libraries that write to the log.
_SAYS = regex(r"(?:log|info|warn|warning|error|debug|notice|success|msg|say)(?:_\w+)?")
# What `find` does with what it finds, but for printing it.
_DOES = regex(r"-(?:exec|execdir|ok|okdir|delete|fls|fprint.*)")
# They make another text of a path, whatever lies there.
_OF_NAMES = frozenset({"basename", "dirname"})
# What they read they say.
_SHOWING = frozenset({"cat", "head", "tail", "wc", "ls", "stat", "du", "nl"})


# Options of `curl` and `wget` by which a request does something, or may do so.
_SENDS = regex(r"-\w*[XdFT].*|--(?:request|data|json|form|upload-file|post-|body-|method).*")


class Usage(Enum):
    """Whether a script itself uses what it wrote."""

    USED = "used"
    PERHAPS = "perhaps used"
    SHOWN = "only shown in the log"
    UNUSED = "not used"


def is_scratch(path: str) -> bool:
    """Whether a path is where nothing is meant to be kept, or where the runtime mounts something."""
    return bool(_SCRATCH.fullmatch(path)) or path in _MANAGED


def folder_of(use: Use) -> str | None:
    """The path of a use on the container's own file system; of one not known in whole, the directory that is.

    Where it may be a path or what lies in it, both on that file system, it is the path.
    """
    if not is_own(use):
        return None
    path = use.paths[0]
    return canonical(path.known) if path.is_whole else canonical(path.known).rpartition("/")[0] or "/"


def is_own(use: Use) -> bool:
    """Whether a use is surely of the container's own file system."""
    return all(location is not None and location.is_own for location in use.locations)


def is_of_home(use: Use) -> bool:
    """Whether a use is of what programs keep for themselves in a home directory, wherever that is: `~/.ssh`."""
    return _HOME.match(use.written) is not None


@lru_cache(maxsize=1024)  # several rules ask for the same writes
def usage(use: Use, station: Station, *, is_foreign: bool = False) -> Usage:
    """Whether something later in the container, or in the same loop, uses what is written.

    `is_foreign`: it is meant for a program of another image, and not for those that this one may hold.
    """
    path = folder_of(use)
    if path is None:
        return Usage.PERHAPS
    named = _named(station)
    entered = min((other.index for other in station.uses if _only_enters(other, station)), default=len(station.steps))
    after = [one for one in _after(use, station) if one[0] < entered or is_plain(one[2])]
    found = {
        _by_step(path, use, station, script, step, named[index], is_foreign=is_foreign) for index, script, step in after
    }
    others = (other for other in station.uses if is_after(other.index, other.step, use))
    found |= {_by_use(path, use, other) for other in others if other.index != entered}
    return min(found, key=_WEIGHT.index, default=Usage.UNUSED)


_WEIGHT = tuple(Usage)


def _after(use: Use, station: Station) -> Iterator[tuple[int, ContainerScript, Step]]:
    return ((index, *pair) for index, pair in enumerate(station.steps) if is_after(index, pair[1], use))


@lru_cache(maxsize=128)
def _named(station: Station) -> tuple[frozenset[str], ...]:
    """The paths that the words of each command name, and of which it is not known what the command does to them."""
    return tuple(_of_words(step) for _, step in station.steps)


def _of_words(step: Step) -> frozenset[str]:
    texts = [word.text or word.value.known for word in step.command.arguments]
    touched = {canonical(effect.path.known).rstrip("/") for effect in step.meaning.effects}
    return frozenset(canonical(one) for text in texts for one in paths(text)) - touched - {"/"}


def is_after(index: int, step: Step, use: Use) -> bool:
    """Whether a command runs when a use has happened: behind it, or in another round of the same loop."""
    shared = set(step.command.context.loops) & set(use.step.command.context.loops)
    return index > use.index or (bool(shared) and index != use.index)


def is_plain(step: Step) -> bool:
    """Whether a command reads nothing but what its words name; what a function does stands for itself."""
    command = step.command
    return command.name in _PLAIN or command.is_call or isinstance(command.statement, Test)


def _by_use(path: str, use: Use, other: Use) -> Usage:
    if use.action is Action.LINK and any(_is_through(one, path) for one in other.paths):
        return Usage.USED
    if other.action is not Action.READ:
        return Usage.UNUSED
    for location in other.locations:
        if location is None and not other.paths[0].known:
            if _is_named_otherwise(other, path):
                continue
            return Usage.PERHAPS
        if location is None or not location.is_own:
            continue
        if covers(whole(path), location.path, is_tree=True) is not False or within(path, location.path.known):
            return Usage.SHOWN if is_shown(other) else Usage.USED
    return Usage.UNUSED


def _is_through(path: Value, link: str) -> bool:
    """Whether a path leads through a link, or is it."""
    return path.known.startswith(f"{link}/") or (path.is_whole and path.known == link)


def _is_named_otherwise(other: Use, path: str) -> bool:
    """Whether a relative path of which all is written cannot be another one, wherever it begins."""
    is_word = other.effect.start != other.step.command.arguments[0].start if other.step.command.arguments else True
    name = other.written.removeprefix("./").rstrip("/")
    parts = name.split("/")
    is_in = any(path.endswith("/" + "/".join(parts[:count])) for count in range(1, len(parts)))
    return is_word and _NAME.fullmatch(name) is not None and f"/{name}/" not in f"{path}/" and not is_in


def _by_step(
    path: str,
    use: Use,
    station: Station,
    script: ContainerScript,
    step: Step,
    named: frozenset[str],
    *,
    is_foreign: bool,
) -> Usage:
    """A command that is not followed uses what its words name, what lies where it works, and perhaps more."""
    if installs_into(path, step):
        return Usage.UNUSED
    if any(within(path, one) or within(one, path) for one in named) and step.command.name not in _OF_NAMES:
        return Usage.UNUSED if _is_prose(step, script) else Usage.USED
    known = is_followed(script, step)
    place = path if use.paths[0].is_whole and not use.is_tree else f"{path}/"
    is_silent = is_plain(step) or says(step)
    if not is_silent and reads_unasked(place, step, is_followed=known, is_foreign=is_foreign):
        return Usage.PERHAPS
    if not is_silent and is_told_by_variable(path, station, step, is_followed=known):
        return Usage.PERHAPS
    if is_foreign and not known and any(_may_name(path, word.value) for word in step.command.arguments[1:]):
        return Usage.PERHAPS
    if known:
        return Usage.UNUSED
    cwd = step.command.cwd
    works_there = cwd.known and cwd.known != "/" and (within(path, cwd.known) or within(cwd.known, path))
    relative = not use.paths[0].is_whole and not use.paths[0].known.endswith("/")
    return Usage.USED if works_there else Usage.PERHAPS if relative else Usage.UNUSED


def _may_name(path: str, word: Value) -> bool:
    """Whether a word of which not all is known may name a path."""
    return not word.is_whole and path.startswith(word.known.rstrip("/"))


def installs_into(path: str, step: Step) -> bool:
    """Whether a command puts packages where its program lies: `/venv/bin/pip install`, of `/venv`."""
    program = step.command.arguments[0].text if step.command.arguments else None
    return step.meaning.lasts == "image" and program is not None and within(program, path)


def _only_enters(use: Use, station: Station) -> bool:
    """Whether it reads how to work in an environment into which packages are put, and no more than that is done."""
    if use.step.command.name not in ("source", ".") or not (use.text or "").endswith("/bin/activate"):
        return False
    behind = (step for _, step in station.steps[use.index + 1 :])
    return all(is_plain(step) or says(step) or step.meaning.lasts in ("image", "shell") for step in behind)


def says(step: Step) -> bool:
    """Whether a command only writes to the log, as its name tells."""
    return _SAYS.fullmatch(step.command.name) is not None


def is_at_end(use: Use, station: Station) -> bool:
    """Whether a use is certain, and behind it the script does no more than to say something."""
    behind = station.steps[use.index + 1 :]
    return use.step.command.context.is_certain and all(is_plain(step) or says(step) for _, step in behind)


def is_busy(step: Step) -> bool:
    """Whether a command does something elsewhere: for a server, or nothing that is seen. What it asks for is a file."""
    meaning, context = step.meaning, step.command.context
    writes = any(effect.action in WRITES for effect in meaning.effects)
    is_kept = writes or context.in_substitution or context.stage[0] + 1 < context.stage[1]
    if meaning.downloads:  # what it only shows it was not called for
        return not is_kept or any(_SENDS.fullmatch(word.value.known) for word in step.command.arguments)
    is_said = meaning.produces and is_kept
    if any(_is_asked(step, probe) for probe in meaning.probes) and not is_said:
        return True
    return meaning.is_significant and not meaning.effects and meaning.lasts != "image"


def _is_asked(step: Step, probe: Probe) -> bool:
    """Whether it is for a server or somebody else's file; a look whether a file is there is only for the script."""
    return probe.kind is not ProbeKind.FILE or step.command.context.header is not None


def is_shown(use: Use) -> bool:
    """Whether what a command reads only comes into the container's log: `cat app.conf`, `echo "$(wc -l < list)"`."""
    step, script = use.step, use.script
    context = step.command.context
    if not (step.command.name in _SHOWING or _only_lists(step)) or context.header is not None:
        return False
    if not context.in_substitution:
        return not context.is_checked and is_said(step, script.steps)
    around = [one for one in script.steps if one.command.start < step.command.start < one.command.end]
    return any(one.command.name in ("echo", "printf") and is_said(one, script.steps) for one in around)


def _only_lists(step: Step) -> bool:
    """Whether it is a `find` that only prints what it finds."""
    words = step.command.words
    return step.command.name == "find" and not any(word is None or _DOES.fullmatch(word) for word in words)


def _is_prose(step: Step, script: ContainerScript) -> bool:
    """Whether what names a path is only said: `echo "/data/src is there already"`."""
    return step.command.name in ("echo", "printf") and is_said(step, script.steps)


def kept(uses: Iterable[Use], station: Station) -> list[Use]:
    """What is written to the own file system, and at most shown by the script, and not cleaned away by it."""
    return [use for use in uses if use.action in WRITES and not is_used(use, station)]


def is_used(use: Use, station: Station) -> bool:
    """Whether the script itself makes use of what is written, or may do so."""
    return usage(use, station) not in (Usage.SHOWN, Usage.UNUSED)


def first(uses: Iterable[Use]) -> Use:
    """The one to point at: the first that writes a file, else that removes or changes, else that makes a directory."""
    return min(uses, key=lambda use: (_RANK.get(use.action, 0), use.index))


_RANK = {Action.REMOVE: 1, Action.CHANGE: 1, Action.MAKE_DIRECTORY: 2}
