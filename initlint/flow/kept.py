"""What keeps a command from meeting what it left in an earlier run: a question before it, or a cleaning."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from initlint.flow.history import covers
from initlint.flow.model import WRITES, Use
from initlint.flow.needs import paths
from initlint.flow.stations import Station, is_followed
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Location, canonical, within
from initlint.shell.container.script import ContainerScript
from initlint.shell.language import syntax
from initlint.shell.language.command import Guard
from initlint.shell.language.syntax import Pattern, Statement, Variable, Word
from initlint.shell.language.values import resolve

_LOOKING = ("cat", "diff", "du", "egrep", "fgrep", "find", "git", "grep", "head", "jq", "ls", "stat", "wc")
_SAYING = ("echo", "printf", "true", ":", "tr")
_HIDDEN = regex(r"\.[^/]*$|\{[^}]*\.[^}]*\}[^/]*$")
_GLOB = regex(r"[*?\[{]")
_NAME = regex(r"[A-Za-z_]\w*")
_REMOVES = regex(r"\brm\b|-delete\b|\bmv\b")


def is_guarded(use: Use, station: Station) -> bool:
    """Whether something asked before rules out that a command runs again, or may do so."""
    return any(_protects(guard, use, station) for guard in use.step.command.context.guards)


def is_made_once(use: Use, station: Station) -> bool:
    """Whether a file is written only where it is not there yet: `[ -f x ] || cp y x`."""
    looks = [one for one in station.uses if one.action is Action.LOOK and one.script is use.script]
    guards = [one for one in use.step.command.context.guards if asks_for_none(one.statement) is one.succeeded]
    written = {path.text for path in use.paths} - {None} if use.action is Action.WRITE else set()
    return any(
        one.text in written and guard.start <= one.step.command.start < guard.statement.end
        for one in looks
        for guard in guards
    )


def is_left(use: Use, station: Station) -> bool:
    """Whether it is there once the script has come past: made in any case, or unless it was there already."""
    context = use.step.command.context
    is_alone = not context.loops and len(context.guards) == 1
    return context.is_certain or (is_alone and is_made_once(use, station))


def asks_for_none(statement: Statement) -> bool:
    """Whether a test holds where there is no such file."""
    if isinstance(statement, syntax.Not):
        return not asks_for_none(statement.body)
    words: tuple[Word, ...] = getattr(statement, "words", ())
    return "!" in [one.text for one in words[:2]]


def _protects(guard: Guard, use: Use, station: Station) -> bool:
    steps = use.script.steps
    asked = [one for one in steps if guard.start <= one.command.start < guard.statement.end]
    if _is_demanded(guard, asked, use.script):
        return False
    if any(not one.meaning.is_known and not is_followed(use.script, one) for one in asked):
        return True
    for name in _filled(asked) & _set_by_commands(use.script):
        read = _read_into(name, use.script)
        if not read:
            return True
        asked += read
    if not guard.succeeded and any(_names(step, use) for step in asked):
        return True
    looked = [one for one in station.uses if one.script is use.script and one.step in asked and _looks(one)]
    return any(_is_kept_from(one, use, station) for one in looked)


def _is_demanded(guard: Guard, asked: Sequence[Step], script: ContainerScript) -> bool:
    """Whether the script fails where a guard does not hold, as with `connect || exit 1`: it holds in every run then.

    Not meant: `[ ! -e file ] || exit 1`, and `look && make` at the end, whose status is a slip.
    """
    is_slip = script.script.text[guard.statement.end :].lstrip().startswith("&&")
    is_plain = guard.succeeded and not is_slip and not asks_for_none(guard.statement)
    return is_plain and all(script.fails_with(one.command) for one in asked)


def _names(step: Step, use: Use) -> bool:
    """Whether what must have failed before is told of the path: `cd repo || git clone`, `git -C repo pull || …`."""
    words = [word.value for word in step.command.arguments[1:] if word.value.known.strip("./")]
    told = [resolve(word, step.command.cwd).known.rstrip("/") for word in words]
    return any(within(path.known.rstrip("/"), one) for one in told if one for path in use.paths)


def _looks(use: Use) -> bool:
    is_read = use.action is Action.READ and use.step.command.name in _LOOKING
    return (use.action is Action.LOOK and use.step.command.name not in ("cd", "pushd")) or is_read


def _is_kept_from(looked: Use, use: Use, station: Station) -> bool:
    """Whether the path that is looked at is there after the first run: what was made itself, or a mark behind it."""
    for location in looked.locations:
        if location is None:
            return True
        if any(made is None or meets(location, made) for made in use.locations):
            return True
        if not location.is_own and not _is_fixed(location) and _is_mark(location, use, station):
            return True
    return False


def _is_fixed(location: Location) -> bool:
    """Whether nothing that runs in the Pod can change what is there."""
    return location.attachment is not None and location.attachment.is_fixed


def _is_mark(mark: Location, use: Use, station: Station) -> bool:
    """Whether a path says that all is done, and nothing that can end the script comes before it is written."""
    written = [one.index for one in station.uses if one.action in WRITES and any(_same(one, mark))]
    last = max(written, default=None)
    if last is None or last <= use.index:
        return True
    return not any(_can_end(script, step) for script, step in station.steps[use.index + 1 : last])


def _same(use: Use, mark: Location) -> Iterator[bool]:
    for one in use.locations:
        yield one is not None and one.volume == mark.volume and covers(one.path, mark.path, is_tree=False) is not False


def _can_end(script: ContainerScript, step: Step) -> bool:
    """Whether its failure ends the script."""
    return step.meaning.is_significant and step.meaning.can_fail and script.fails_with(step.command)


def meets(one: Location, other: Location) -> bool:
    """Whether of two places one is, or may be, the other or in it."""
    if one.volume != other.volume:
        return False
    shorter, longer = sorted((one.path.known, other.path.known), key=len)
    both_known = one.path.is_whole and other.path.is_whole
    return within(longer, shorter) if both_known else longer.startswith(shorter.rstrip("/"))


def _filled(steps: Iterable[Step]) -> set[str]:
    words = (argument.word for step in steps for argument in step.command.arguments)
    return {part.name for word in words for part in word.parts if isinstance(part, Variable)}


def _read_into(name: str, script: ContainerScript) -> list[Step]:
    """The commands that read a file, or look at one, for a variable that holds no more than that: `v=$(cat x || :)`."""
    setting = [one.command for one in script.steps if name in one.command.assigned]
    inside = [one for one in script.steps for it in setting if it.start < one.command.start < it.end]
    is_plain = len(setting) == 1 and all(one.command.name in (*_LOOKING, *_SAYING) for one in inside)
    return inside if is_plain else []


def _set_by_commands(script: ContainerScript) -> set[str]:
    """Variables that hold what a command said, or that something set that is not followed."""
    return {name for step in script.steps for name in step.command.assigned if not _is_plain(step.command.statement)}


def _is_plain(statement: Statement) -> bool:
    """Whether it sets variables to what it says itself, or counts them on: `i=0`, `i=$((i + 1))`."""
    return isinstance(statement, syntax.Simple) and all(
        one.value is not None and (one.value.text is not None or _counts_on(one.name, one.value))
        for one in statement.assignments
    )


def _counts_on(name: str, value: Word) -> bool:
    return all(isinstance(part, Pattern) and set(_NAME.findall(part.text)) == {name} for part in value.parts)


def is_cleaned(use: Use, station: Station) -> bool:
    """Whether what a command left is removed, or may be, before it runs again; behind it only where that is sure."""
    others = [
        one
        for one in station.uses
        if one.index != use.index and one.action is Action.REMOVE and _is_come_to(one, use, station)
    ]
    return (
        any(_cleans(one, use) for one in others)
        or any(_may_clean(step, use) for step in _before(use, station))
        or is_removed_at_exit(use)
    )


def is_removed_at_exit(use: Use) -> bool:
    """Whether a trap may remove what a command makes, however the script ends."""
    return any(_tells_of_removal(text, use) for text in _at_exit(use.script))


def _is_come_to(removal: Use, use: Use, station: Station) -> bool:
    """Whether nothing between a command and a later removal can end the script."""
    return not any(_can_end(script, step) for script, step in station.steps[use.index + 1 : removal.index])


def _at_exit(script: ContainerScript) -> Iterator[str]:
    """What its traps on EXIT run; of functions what they hold."""
    functions = script.walk.functions if script.walk else {}
    for step in script.steps:
        if step.command.name == "trap" and {"EXIT", "0"} & set(step.command.words[2:]):
            action = step.command.words[1] or ""
            yield script.script.text_of(functions[action]) if action in functions else action


def _tells_of_removal(text: str, use: Use) -> bool:
    """Whether a text may remove what a command makes: a path that is not known may be any."""
    if not _REMOVES.search(text):
        return False
    told = [canonical(one) for one in paths(text)]
    return "$" in text or any(within(path.known, one) for one in told for path in use.paths)


def _cleans(removal: Use, use: Use) -> bool:
    for made in use.locations:
        for location in _removed(removal):
            if made is None or location is None:
                return location is None and bool(removal.paths[0].known)
            if location.volume == made.volume and _takes(location, made, removal, use):
                return True
    return False


def _removed(removal: Use) -> tuple[Location | None, ...]:
    """Where it removes something; a pattern alone stands for what is in the working directory."""
    cwd = removal.step.command.cwd
    if not removal.paths[0].known and _GLOB.match(removal.written) and cwd.is_whole:
        place = removal.table.locate(cwd)
        return (place,)
    return removal.locations


def _takes(location: Location, made: Location, removal: Use, use: Use) -> bool:
    removed, path = location.path.known, made.path.known
    name = posixpath.basename(removal.written)
    is_pattern = _GLOB.search(name) is not None
    if location.path.is_whole and not is_pattern:
        return within(path, removed) or (within(removed, path) and removed != path and name == ".git")
    if is_pattern and path.rstrip("/") == removed.rpartition("/")[0]:
        is_all = _HIDDEN.search(name) is not None or removal.step.command.name == "find" or _sees_dots(use)
        return is_all or use.step.command.name != "git"  # it alone makes what such a pattern leaves
    return path.startswith(removed.rstrip("/"))


def _sees_dots(use: Use) -> bool:
    """Whether patterns stand for hidden files, too."""
    return any(step.command.name == "shopt" and "dotglob" in step.command.words for step in use.script.steps)


def _before(use: Use, station: Station) -> Iterator[Step]:
    """What comes before, but for what only runs commands that are among them: `su app -c '…'`."""
    steps = station.steps[: use.index]
    return (step for script, step in steps if not (script.walk and id(step.command.statement) in script.walk.inner))


def _may_clean(step: Step, use: Use) -> bool:
    """Whether something that is not known for what it does to paths is told of this one."""
    if (
        step.meaning.is_known and step.command.name not in ("find", "xargs", "rsync", "git", "keytool")
    ) or not step.command.name:
        return False
    if step.meaning.rerun_at is not None or step.command.statement is use.step.command.statement:
        return False
    named = [canonical(one) for word in step.command.arguments[1:] for one in paths(word.text or word.value.known)]
    named += [step.command.cwd.known] if step.command.name == "git" and step.command.cwd.is_whole else []
    is_told = any(within(path.known, one) or within(one, path.known) for one in named for path in use.paths)
    return is_told and _may_remove(step)


def _may_remove(step: Step) -> bool:
    """Whether its words speak of removal, or nothing is known of it."""
    return not step.meaning.is_known or any(
        word in ("-delete", "--delete", "rm", "remove", "clean", "{}") for word in step.command.words
    )
