"""A download that takes an HTTP error for success: an error page is stored, or a failing server is taken as ready."""

import re
from collections.abc import Iterator
from itertools import pairwise

from initlint.api import (
    WARNING,
    Action,
    ContainerScript,
    Effect,
    Finding,
    Findings,
    Fix,
    RegularInitContainer,
    Step,
    consumers,
    edit,
    rule,
    scripts,
    syntax,
    verifies,
)

# Their option takes a file for something else than the answer.
_OTHERS = ("-D", "--dump-header", "-c", "--cookie-jar", "--trace", "--trace-ascii", "--stderr")
_DEVICES = ("/dev/null", "/dev/stdout", "/dev/stderr", "-")
# Of databases and the like: `curl` only knocks there, and fails unless it gets through.
_OTHER_PORTS = frozenset({
    "22", "25", "389", "636", "1433", "1521", "2181", "2379", "3306", "4222", "5432", "5672", "6379", "6432", "6650",
    "7687", "9042", "9092", "11211", "26379", "27017", "33060",
})  # fmt: skip
_READS = ("grep", "egrep", "fgrep", "jq", "yq", "xmllint", "file", "cmp")
_CONFIG = re.compile(r"(?m)^\s*(?:--)?fail\b|(?:^|[\s'\"\\n])(?:--fail|-f|fail)(?:$|[\s'\"\\])")
_STATUS = [syntax.Variable("?"), syntax.Variable("?", syntax.Quote.DOUBLE)]


@rule("INIT306", "download that takes an HTTP error for success", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        for step in script.steps:
            if step.meaning.stores_errors and _is_http(step) and not _is_configured(script, step):
                yield from _judged(script, step)


def _is_configured(script: ContainerScript, curl: Step) -> bool:
    """Whether a configuration file may tell it to fail: one that is named, mounted or brought there, or says so."""
    words = [word or "" for word in curl.command.words[1:]]
    if any(word in ("-K", "--config") or word.startswith("--config=") for word in words):
        return True
    mounts = script.container.mounts
    if any(mount.path.value.endswith("/.curlrc") for mount in mounts) or "CURL_HOME" in script.container.known_env:
        return True
    text = script.script.text
    for step in script.steps:
        written = [one for one in step.meaning.effects if one.action in (Action.WRITE, Action.APPEND, Action.LINK)]
        if any(text[one.start : one.end].strip("\"'").endswith(".curlrc") for one in written):
            said = " ".join(text[one.start : one.end] for one in (step.command.statement, *step.command.redirections))
            return step.command.name not in ("cat", "echo", "printf", "tee") or bool(_CONFIG.search(said))
    return False


def _is_http(step: Step) -> bool:
    """Whether all that is asked for is HTTP; a word that is not known in whole may be anything else."""
    known = [one.value.known for one in step.meaning.downloads]
    if any(probe.port and probe.port.text in _OTHER_PORTS for probe in step.meaning.probes):
        return False
    return bool(known) and all("://" not in url or url.lower().startswith("http") for url in known)


def _judged(script: ContainerScript, step: Step) -> Iterator[Finding]:
    stored = next(_stored(script, step), None)
    if stored is not None and not _is_checked_later(script, step, stored):
        path = script.script.text_of(stored).strip("\"'")
        path = path.rpartition("/")[2].partition("?")[0] if "://" in path else path  # `-O` calls it as the server does
        reader = next(_readers(script, step, stored), None)
        comes = f"`{reader}` fails at it instead" if reader else "used as if it were the file"
        yield _finding(script, step, f"an error page is stored as `{path}`, and {comes}")
    elif stored is None and _is_awaited(script, step):
        yield _finding(script, step, "the wait ends while the server still answers with an error such as 503")


def _stored(script: ContainerScript, step: Step) -> Iterator[Effect]:
    """Files that the answer is written to, by an option, a redirection, or the end of the pipeline."""
    arguments = step.command.arguments
    others = {one.start for before, one in pairwise(arguments) if before.text in _OTHERS}
    behind = consumers(step, script.steps)
    is_sifted = any(one.meaning.checks_input or one.command.name in _READS for one in behind)
    for one in [step] if is_sifted else [step, *behind]:
        others |= {redirection.start for redirection in one.command.redirections if redirection.descriptor == "2"}
        for effect in one.meaning.effects:
            is_written = effect.action in (Action.WRITE, Action.APPEND) and effect.path.text not in _DEVICES
            if is_written and effect.start not in others:
                yield effect


def _is_checked_later(script: ContainerScript, step: Step, stored: Effect) -> bool:
    """Whether a checksum or a search of the file tells an error page from it."""
    later = script.behind(step)
    return any(
        verifies(one)
        or (one.command.name in _READS and any(effect.path == stored.path for effect in one.meaning.effects))
        for one in later
    )


def _readers(script: ContainerScript, step: Step, stored: Effect) -> Iterator[str]:
    """The programs that look at what they are given, and are given the file."""
    for one in script.behind(step):
        if one.meaning.checks_input and any(effect.path == stored.path for effect in one.meaning.effects):
            yield one.command.name


def _is_awaited(script: ContainerScript, step: Step) -> bool:
    """Whether its status ends a loop: as a condition, or by a comparison of `$?` with 0."""
    context = step.command.context
    compared = [one.command.words for one in script.steps if _asks_status(one, step)]
    if not context.loops or context.in_substitution or context.stage[0] + 1 < context.stage[1]:
        return False
    return all("0" in words for words in compared) and (context.is_checked or bool(compared))


def _asks_status(step: Step, curl: Step) -> bool:
    """Whether a test in the same loop looks at `$?` behind the download."""
    here, there = step.command, curl.command
    is_behind = here.context.loops[:1] == there.context.loops[:1] and here.start > there.start
    return is_behind and any(part in _STATUS for one in here.arguments for part in one.word.parts)


def _finding(script: ContainerScript, step: Step, consequence: str) -> Finding:
    program = step.command.arguments[0]
    return Finding(
        script.span(program.start, program.end),
        f"`curl` in {script.container} takes HTTP errors for success, as it is called without `--fail`: {consequence}",
        fix=Fix.of("add `--fail`", edit.add_words(script, program.end, "--fail")),
        help="call it with `--fail`",
    )
