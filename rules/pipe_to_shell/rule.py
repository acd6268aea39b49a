"""A download that is run as it comes: nothing checks that it is what was meant."""

import re
from collections.abc import Iterator

from initlint.api import (
    WARNING,
    Action,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Related,
    Span,
    Step,
    consumers,
    rule,
    scripts,
    syntax,
)

_PROGRAMS = re.compile(r"(?:ba|da|a|z|k)?sh|python[\d.]*|perl|ruby|node|php|deno")
_READS_INPUT = re.compile(r"-|-s|-[eux]+|-l|--|/dev/stdin|-o|pipefail")
_CHECKS = ("sha256sum", "sha512sum", "sha1sum", "sha384sum", "shasum", "md5sum", "gpg", "gpgv", "cosign", "minisign",
           "openssl", "cmp", "slsa-verifier")  # fmt: skip
_EVALUATES = ("eval", "source", ".")
_FETCHED = re.compile(r"<\(\s*(?:curl|wget)\b")


@rule("INIT603", "download that is run unchecked", severity=WARNING)
def check(container: Container) -> Findings:
    for script in scripts(container) if container.is_init else ():
        yield from {(found.where, found.message): found for found in _of_script(script)}.values()


def _of_script(script: ContainerScript) -> Iterator[Finding]:
    for step in script.steps:
        runner = _runner(script, step) if step.meaning.downloads else None
        if runner is not None and not _is_checked(script, step, runner):
            program = step.command.arguments[0]
            yield _finding(script, script.span(program.start, program.end), f"`{step.command.name}`", runner)
        if _takes_substituted(step):
            yield _finding(script, script.place(step.command), "it", step)


def _runner(script: ContainerScript, step: Step) -> Step | None:
    """What runs what is downloaded: the other end of a pipe, `eval "$(…)"`, or the file by its name."""
    piped = next((one for one in consumers(step, script.steps) if _runs_input(one)), None)
    if piped or step.command.context.in_substitution:
        return piped or next((one for one in script.steps if _runs_output(one, step)), None)
    files = [effect.path for effect in step.meaning.effects if effect.action is Action.WRITE]
    known = {path.known for path in files if path.is_whole} or set(_stored_here(script, step))
    later = [one for one in script.steps if one.command.start > step.command.start]
    return next((one for one in later if known & set(_run(one))), None)


def _stored_here(script: ContainerScript, step: Step) -> Iterator[str]:
    """What it stores in a working directory that is not known, by name."""
    for effect in step.meaning.effects:
        if effect.action is Action.WRITE:
            text = script.script.text[effect.start : effect.end].strip("\"'").removeprefix("./")
            yield text.partition("?")[0].rpartition("/")[2] if "://" in text else text


def _is_program(step: Step) -> bool:
    return _PROGRAMS.fullmatch(step.command.name) is not None


def _runs_input(step: Step) -> bool:
    """Whether a program runs what comes through the pipe: it is given no file, and no text."""
    words = step.command.words[1:]
    if not _is_program(step):
        return False
    if "-s" in words or "-" in words or "/dev/stdin" in words:
        return True
    return all(word is not None and _READS_INPUT.fullmatch(word) for word in words)


def _runs_output(step: Step, download: Step) -> bool:
    """`sh -c "$(curl …)"`, `eval "$(curl …)"`."""
    command = step.command
    around = [one.word for one in command.arguments if one.start < download.command.start < one.end]
    is_text = command.name in _EVALUATES or (_is_program(step) and {"-c", "-ec", "-e", "-xc"} & set(command.words))
    return bool(is_text) and any(isinstance(part, syntax.Substitution) for word in around for part in word.parts[:1])


def _run(step: Step) -> Iterator[str]:
    """The paths that a command runs: itself, or the file that it is given."""
    arguments, cwd = step.command.arguments, step.command.cwd
    named = [arguments[0]] if arguments else []
    if _is_program(step) or step.command.name in ("source", "."):
        named += [one for one in arguments[1:] if not one.value.known.startswith("-")][:1]
        named = named[1:]
    for one in named:
        text = one.text
        if text and text.startswith("/"):
            yield text
        elif text and (text.startswith("./") or one is not arguments[0]):
            name = text.removeprefix("./")
            yield f"{cwd.known.rstrip('/')}/{name}" if cwd.is_whole else name


def _is_checked(script: ContainerScript, step: Step, runner: Step) -> bool:
    """Whether a checksum or a signature is looked at before it runs, or behind the download in the pipe."""
    low, high = sorted((step.command.start, runner.command.start))
    steps = [one for one in script.steps if low < one.command.start < high]
    return any(one.command.name in _CHECKS for one in steps)


def _takes_substituted(step: Step) -> bool:
    """`bash <(curl …)`."""
    is_runner = _is_program(step) or step.command.name in ("source", ".")
    texts = [getattr(part, "text", "") for word in step.command.arguments for part in word.word.parts]
    return is_runner and any(_FETCHED.match(text) for text in texts)


def _finding(script: ContainerScript, where: Span, name: str, runner: Step) -> Finding:
    return Finding(
        where,
        f"{script.container} runs what {name} fetches without a check: whoever controls the server, or the way to it, "
        "runs what they like before the app starts",
        related=(Related(script.place(runner.command), "it is run here"),),
        help="put it into the image, or compare its checksum before it runs (`sha256sum -c`)",
    )
