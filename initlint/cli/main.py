"""Find the verb, run it, and turn what the user can mend into one message and exit code 2."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib import import_module
from io import BytesIO, TextIOWrapper
from typing import Any

import typer

from initlint.cli import completion
from initlint.cli.usage import SectionedCommand, UsageError, complaint, meant, misplaced, misuse, unheard
from initlint.errors import InitlintError
from initlint.garbage import collect_rarely
from initlint.version import HOME, __version__

_GROUP_OPTIONS = ("--help", "-h", "--version", *completion.OPTIONS)

_VERBS = {
    "check": ("check", "check"),
    "fix": ("fix", "fix"),
    "explain": ("explain", "explain"),
    "order": ("order", "order"),
    "graph": ("graph", "graph"),
    "rules": ("rules", "rules"),
    "init": ("init", "init"),
    "baseline": ("baseline", "baseline"),
    "new-rule": ("packs", "new_rule"),
    "test-rules": ("packs", "check_rules"),
}
"""Each verb, with its module and function: only the one that is called is imported."""


def _app(verbs: Iterable[str]) -> typer.Typer:
    app = typer.Typer(
        name="initlint",
        help="Find what breaks Pod start-up in Kubernetes manifests. Without a verb, `check` is meant.",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_group)
    for verb in verbs:
        module, function = _VERBS[verb]
        command = getattr(import_module(f"initlint.cli.{module}"), function)
        app.command(verb, cls=SectionedCommand)(command)
    return app


def _group(version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        typer.echo(f"initlint {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    collect_rarely()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    try:
        if script := completion.set_up(words):
            typer.echo(script)
            return
        told = [*misplaced(words, _VERBS)] if words else []
        words = _with_verb(words)
        sys.stderr.writelines(f"{line}\n" for line in (*told, *unheard()))
        app = _app([words[0]] if words[0] in _VERBS and not completion.is_asked() else _VERBS)
        code = app(words, prog_name="initlint", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code)
    except BrokenPipeError:
        # The reader has gone; without this, flushing at exit would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        # Of itself Python ends with 1, which would say that there are findings.
        print(_refusal(error, words), file=sys.stderr)
        sys.exit(2)


def _prepare_streams() -> None:
    """What a stream cannot say is replaced; one that is closed, as a daemon's may be, takes everything."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, TextIOWrapper(BytesIO(), "utf-8", "replace"))
        elif hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="replace")


def _with_verb(words: list[str]) -> list[str]:
    """Put `check` in front unless a verb or an option of the group leads; a verb wins over a path of the same name."""
    if completion.is_asked():
        completion.put_check_in_front()
    if words and (words[0] in _VERBS or words[0].split("=")[0] in _GROUP_OPTIONS):
        return words
    if words and (verb := meant(words[0], _VERBS)):
        raise InitlintError(f"no file, directory or verb is called `{words[0]}`: did you mean `initlint {verb}`?")
    return ["check", *words]


def _having(option: str) -> list[str]:
    """The verbs that have an option."""
    verbs: Any = typer.main.get_command(_app(_VERBS))
    return [name for name, verb in verbs.commands.items() if any(option in one.opts for one in verb.params)]


def _refusal(error: Exception, words: Sequence[str]) -> str:
    """What ended the run, as its user can mend it; of a mistake of initlint itself all that is known."""
    if isinstance(error, InitlintError):
        return complaint(error)
    if isinstance(error, UsageError):
        return misuse(error, words[0], _having)
    if isinstance(error, FileNotFoundError) and not error.filename:
        # Paths that are not there are told with their names; asking for the working directory names none.
        return complaint(InitlintError("the working directory is not there any more: change into another one"))
    if isinstance(error, OSError):
        where = f"`{error.filename}`: " if error.filename else ""
        return complaint(InitlintError(f"{where}{(error.strerror or str(error)).lower()}, so that the run ended early"))
    report = "report it, with these lines"
    return (
        f"{''.join(traceback.format_exception(error))}error: initlint itself is broken here: {report}, at {HOME}/issues"
    )
