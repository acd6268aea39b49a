"""What commands are connected by a pipe, and whether the last of them notices that nothing comes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.depends import relations
from initlint.shell.container.images import Shell, image_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.swallowed import prepares
from initlint.shell.language import syntax

# They succeed on empty input, whatever they are told; a shell runs nothing.
_ACCEPTING = frozenset({
    "awk", "base64", "cat", "column", "cut", "dd", "dos2unix", "envsubst", "fold", "gawk", "gomplate", "head", "iconv",
    "mariadb", "mawk", "mysql", "nl", "openssl", "paste", "perl", "psql", "redis-cli", "rev", "sed", "sort", "sponge",
    "sqlite3", "tac", "tail", "tee", "tr", "uniq", "xxd",
    "ash", "bash", "dash", "sh",
})  # fmt: skip


# What servers hold, line by line.
_LISTING = frozenset({"kubectl", "mariadb", "mongosh", "mysql", "oc", "psql", "sqlcmd"})
_STORES = (["aws"], ["gsutil"], ["mc"], ["rclone"], ["s3cmd"])
_INTERPRETERS = ("node", "php", "python", "python3", "ruby")
_LS = frozenset({"ls", "lsf"})
_PACKING = frozenset({"bzip2", "gzip", "lz4", "lzma", "pigz", "xz", "zstd"})
_LOOKS = regex(r"-[A-Za-z]*e[A-Za-z]*|--exit-status")
_FOR_EACH = regex(r"-r|-I.*|--no-run-if-empty|--replace.*|-i.*")
_UNPACKS = regex(r"-[A-Za-z]*[dt][A-Za-z]*|--(?:decompress|uncompress|test)")
# The words by which they store their input elsewhere, be there some or not.
_SENDING = {"aws": ("cp", "-"), "gcloud": ("cp", "-"), "gsutil": ("cp", "-"), "mc": ("pipe",), "rclone": ("rcat",)}
# They pass their input on; those of the second kind are for nothing but logs.
_LOGS = frozenset({"awk", "cat", "logger", "sed", "tail", "tee", "tr", "ts"})
_LOGS_OF_ALL = frozenset({"logger", "tee", "ts"})


def consumers(step: Step, steps: Sequence[Step]) -> list[Step]:
    """The commands of the stages behind a command, in the same pipeline."""
    index = next(index for index, one in enumerate(steps) if one is step)
    stage, stages = step.command.context.stage
    found: list[Step] = []
    for other in itertools.dropwhile(lambda one: _is_beside(one, step), steps[index + 1 :]):
        place = other.command.context.stage
        if place[1] != stages or place[0] < (found[-1].command.context.stage[0] if found else stage + 1):
            break
        found.append(other)
    return found


def _is_beside(other: Step, step: Step) -> bool:
    """Whether a command stands in the same stage of a pipeline, such as in a group."""
    around, others = step.command.context, other.command.context
    return around.stage == others.stage and not set(around.shells).isdisjoint(others.shells)


def last_stage(step: Step, steps: Sequence[Step]) -> Step | None:
    """The one command at the end of the pipeline, or the `read` of a loop there; None if it is not known.

    Of a loop that only says something what it reads is not missed.
    """
    stages = step.command.context.stage[1]
    last = [one for one in consumers(step, steps) if one.command.context.stage[0] == stages - 1]
    last = [one for one in last if not any(_is_in_words(one, other) for other in last)]
    if last and _is_read(last[0]):
        body = [one for one in steps if last[0].command.context.header in one.command.context.loops]
        return last[0] if any(prepares(one) or not one.meaning.is_known for one in body) else None
    return last[0] if len(last) == 1 else None


def _is_in_words(one: Step, other: Step) -> bool:
    """Whether a command only says what a word of the other is: `> dump-$(date +%s).gz`."""
    return (
        one is not other
        and one.command.context.in_substitution
        and other.command.start <= one.command.start < other.command.end
    )


def _is_read(step: Step) -> bool:
    """`while read line`, which goes through nothing at all as it does through lines."""
    return step.command.name == "read" and step.command.context.header is not None


def feeds(step: Step, last: Step) -> bool:
    """Whether what a command says is missed if it fails: it is worth nothing then, or a loop goes through its lines."""
    words = step.command.words
    is_of_store = words[:1] in _STORES and not _LS.isdisjoint(words[1:3])
    is_of_server = step.command.name in _LISTING
    is_list = (is_of_store and _is_read(last)) or (is_of_server and (_is_read(last) or last.command.name in _LISTING))
    is_program = step.command.name in _INTERPRETERS and not {"-c", "-e", "-r"}.intersection(words)
    is_kept = last.command.name not in _LOGS_OF_ALL and any(
        effect.action is Action.WRITE for effect in last.meaning.effects
    )
    is_made = (is_of_store and last.command.context.in_substitution) or (is_program and len(words) > 1 and is_kept)
    return step.meaning.produces or is_list or is_made


def accepts_nothing(step: Step) -> bool:
    """Whether a command succeeds if its input is empty."""
    words = step.command.words
    if step.command.name in ("jq", "yq"):
        return not any(word is None or _LOOKS.fullmatch(word) for word in words[1:])
    if sends(step) or _is_read(step) or _runs_for_each(step):
        return True
    if step.command.name in _PACKING:
        return not any(word is None or _UNPACKS.fullmatch(word) for word in words[1:])
    is_reading = (
        step.command.name not in ("ash", "bash", "dash", "sh")
        or "-s" in words
        or all(word is not None and (word.startswith("-") and word != "-c") for word in words[1:])
    )
    return step.command.name in _ACCEPTING and is_reading and not step.meaning.checks_input


def _runs_for_each(step: Step) -> bool:
    """Whether `xargs` runs nothing on empty input: without these options, it runs its command once all the same."""
    statement = step.command.statement
    words = [word.text or "" for word in statement.words] if isinstance(statement, syntax.Simple) else []
    index = words.index("xargs") if "xargs" in step.command.wrappers and "xargs" in words else len(words)
    options = itertools.takewhile(lambda word: word.startswith("-") or word.isdecimal(), words[index + 1 :])
    return any(_FOR_EACH.fullmatch(word) for word in options)


def sends(step: Step) -> bool:
    """Whether a command stores its input elsewhere: `aws s3 cp - s3://b/dump`."""
    needed = _SENDING.get(step.command.name)
    return needed is not None and set(needed) <= set(step.command.words)


def is_log(step: Step) -> bool:
    """Whether a command at the end of a pipeline only passes on what is said: `migrate 2>&1 | tee log`."""
    context = step.command.context
    keeps = any(effect.action in (Action.WRITE, Action.APPEND) for effect in step.meaning.effects)
    is_for_words = step.command.name in _LOGS_OF_ALL or (step.command.name in _LOGS and not keeps)
    return is_for_words and not context.in_substitution and not context.is_checked


def is_worked_in(step: Step, script: ContainerScript, last: Step) -> bool:
    """Whether a command is run for what it does, not for its output, and nothing asks for its status."""
    command, meaning = step.command, step.meaning
    is_known_work = prepares(step) and not meaning.makes_directories
    is_work = is_known_work or (not meaning.is_known and last.command.name in _LOGS_OF_ALL)
    is_called = (
        command.name not in ("", *_PACKING) and not command.is_call and isinstance(command.statement, syntax.Simple)
    )
    between = script.script.text[command.end : last.command.start]
    is_asked = "PIPESTATUS" in script.script.text or "$?" in between
    return is_work and is_called and not is_asked and not _is_missed_later(step, script)


def is_seen_with_pipefail(step: Step, script: ContainerScript) -> bool:
    """Whether nothing else hides a failure of a command than the pipeline, as what stands in its stage may."""
    is_alone = not any(_is_beside(one, step) for one in script.steps if one is not step)
    return is_alone or script.fails_with(step.command, strictly=True)


def _is_missed_later(step: Step, script: ContainerScript) -> bool:
    """Whether a later command needs what this one does, and fails the script without it."""
    index = next(index for index, one in enumerate(script.steps) if one is step)
    needing = relations(script.steps, script.script.text, index, frozenset()).dependents
    later = [one.command for one in script.steps[index + 1 :] if id(one.command.statement) in needing]
    return any(script.fails_with(command) for command in later)


def is_looked_at(steps: Sequence[Step], script: ContainerScript) -> bool:
    """Whether the script tests what these commands make, or what their output fills."""
    places = [index for index, one in enumerate(script.steps) if any(one is step for step in steps)]
    contented = set(_contented(script.steps))
    return any(relations(script.steps, script.script.text, at, frozenset()).lookers - contented for at in places)


def _contented(steps: Sequence[Step]) -> Iterator[int]:
    """The tests behind which nothing at all is as good as done: `[ -z "$latest" ] && exit 0`."""
    for step in steps:
        guards = step.command.context.guards
        test = guards[-1].statement if guards and guards[-1].succeeded else None
        if step.command.words == ["exit", "0"] and isinstance(test, syntax.Test) and test.words[:1]:
            yield from [id(test)] if test.words[0].text == "-z" else []


def knows_pipefail(script: ContainerScript) -> bool:
    """Whether the shell that reads the script is sure to have `set -o pipefail`."""
    name, image = script.shell.rpartition("/")[2], image_of(script.container)
    if name in ("bash", "ksh", "zsh"):
        return True
    return image.knows_pipefail is True or (image.shell in (Shell.BASH, Shell.BUSYBOX) and image.knows_pipefail is None)
