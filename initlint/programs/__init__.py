"""Which commands and images are known to run for ever: servers, proxies, agents and what else never exits by itself.

All that is known stands in `programs.yaml`. There are two answers: it runs for ever (an `Endless`), or it is not known
to (None). A word, a variable or a program that is not known never counts against anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from initlint.kube.terms import image as references
from initlint.programs.arguments import TextOf, keep_running
from initlint.programs.data import Image, Program, Wrapper, load
from initlint.regex import regex

_PORT = regex(r":(\d+)$")
_ELSEWHERE = regex(r"(?i)port|sock|config|^-[pu]$")
"""What a word or the name of a variable holds that may say so."""
_TASK_MODE = regex(r"(?i)(?:\b|-D)(?:[\w.]+[_.])?mode=(?:init|install|migrate|migration|seed|setup|upgrade)\b")
"""What a variable says of a server that is started for a task: `RUN_MODE=migrate`, `JAVA_OPTS="-Xmx2g -Dmode=init"`."""

Environment = Mapping[str, str | None] | None
"""Values by name. None for a value: set to something unknown. None for all: any variable may be set."""


def _nothing(_path: str) -> None:
    """The text of no file is seen."""


class EndlessProgram(NamedTuple):
    """A program that runs for ever. `culprit` is the index of the word that names it; None if the image does.

    `does` is one of the kinds that `programs.yaml` lists.
    """

    program: str
    does: str
    culprit: int | None
    quit: str = ""


def of_command(
    argv: Sequence[str | None], env: Environment = None, text_of: TextOf = _nothing
) -> EndlessProgram | None:
    """What this command runs for ever, if it is known to; None in place of a word means that the word is not known."""
    culprit = behind_wrappers(argv)
    env = None if culprit else env  # what stands before the program, such as env, may have changed the variables
    program = _find_program(argv[culprit] if culprit < len(argv) else None)
    if not program or not keep_running(program, argv[culprit + 1 :], text_of) or _ended_by_env(program, env):
        return None
    return EndlessProgram(program.name, program.does, culprit, program.quit)


def of_image(image: str, args: Sequence[str | None] | None, env: Environment) -> EndlessProgram | None:
    """What a container without `command` runs for ever, if it is known to. Empty `args` are as good as none."""
    known = _find_image(image)
    if known is None:
        return None
    if any(_TASK_MODE.search(f"{name}={value}") for name, value in (env or {}).items()):
        return None
    if known.does:
        return _of_service(image, known, args or ())
    if args and _is_command(known, args[0]):
        return of_command(args, env)
    endless = of_command([*known.program.split(), *(args or known.default.split())], env) if known.program else None
    return endless and endless._replace(culprit=None)


def _of_service(image: str, known: Image, args: Sequence[str | None]) -> EndlessProgram | None:
    """The same of an image of which no more is known than that what it runs does not end by itself."""
    name = next(name for name in references.parse(image).names if name in known.names)
    service = Program(name, known.does, known.source)
    takes_them = not args or known.args == "options"
    return EndlessProgram(name, known.does, None) if takes_them and keep_running(service, args, _nothing) else None


def args_are_command(image: str, args: Sequence[str | None]) -> bool:
    """Tell whether `args` without `command` are a command of their own for this image, if it is known."""
    known = _find_image(image)
    return known is not None and bool(args) and _is_command(known, args[0])


def entry_point(image: str, args: Sequence[str | None], env: Environment) -> str:
    """The program that `args` without `command` are words of, if it is known, and does not run for ever."""
    known = _find_image(image)
    if known is None or (args and _is_command(known, args[0])) or of_image(image, args, env):
        return ""
    program = known.entry or known.program
    is_told = bool(args) or bool(options_of(program, args, env))
    return program if is_told and " " not in program else ""


def options_of(program: str, args: Sequence[str | None], env: Environment) -> Mapping[str, str] | None:
    """The options that variables give to a program, by the names of these; None where they may be others.

    An option that `args` give counts before.
    """
    known = _find_program(program)
    given = {"-" + (word or "").partition("=")[0].lstrip("-") for word in args}
    asked = {name: option for name, option in (known.options_env if known else {}).items() if option not in given}
    if not asked:
        return {}
    if env is None or any(env.get(name, "") is None for name in asked):
        return None
    return {name: option for name, option in asked.items() if env.get(name)}


def default_port(image: str, env: Environment) -> str:
    """The port on which the program of an image listens, where neither a command nor arguments nor variables say."""
    if env is None or any("PORT" in name for name in env):
        return ""
    endless = of_image(image, None, env)
    program = _find_program(endless.program) if endless else None
    if not program or not program.port:
        return ""
    port: int | str = program.port
    for name, ports in program.port_env.items():
        value = env.get(name, "absent")
        if value is None:
            return ""
        said = _PORT.search(value)
        port = said[1] if said else ports.get(value, port)
    return str(port)


def possible_ports(program: str, words: Sequence[str], env: Environment) -> Sequence[int]:
    """The ports on one of which a program listens, as nothing says that it does so elsewhere."""
    known = _find_program(program)
    is_told = env is None or any(map(_ELSEWHERE.search, (*words, *env)))
    return known.ports if known and not is_told else ()


def told_ports(program: str, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The ports that the words of a program tell it to listen on, each with the index of the word."""
    known = _find_program(program)
    for pattern in known.listens if known else ():
        yield from _told(pattern, words)


def local_ports(program: str, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Those of them on which it listens on localhost alone, as no word names another address."""
    known = _find_program(program)
    for pattern, address in known.local.items() if known else ():
        if all(said in ("localhost", "127.0.0.1", "::1") for _, said in _told(address, words)):
            yield from _told(pattern, words)


def _told(pattern: str, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """What words say that match a pattern, each with its index; `--option value` is read as `--option=value`."""
    joined = [f"{option}={value}" for option, value in pairwise(words)]
    for index, word in enumerate(words):
        before = joined[index - 1] if index and words[index - 1].startswith("-") else ""
        if match := re.search(pattern, word) or re.search(pattern, before):
            yield index, match[1]


def _base(path: str | None) -> str:
    return (path or "").rpartition("/")[2]


def _find_program(word: str | None) -> Program | None:
    programs = load().programs
    return programs.get(word or "") or programs.get(_base(word))


def behind_wrappers(argv: Sequence[str | None]) -> int:
    """Index of the first word that is not part of a wrapper such as `exec`, `env A=b` or `tini --`."""
    index = 0
    while step := behind_wrapper(argv[index:]):
        index += step
    return index


def behind_wrapper(argv: Sequence[str | None], *, hides: bool = True) -> int:
    """The same for the wrapper that stands first alone, 0 if none does.

    One that does not wait `hides` what it starts; and what is no wrapper in this use, all its words: `bundle install`.
    """
    wrapper = load().wrappers.get(_base(argv[0])) if argv else None
    if wrapper is None:
        return 0
    index = _behind_options(argv, 1, wrapper) + wrapper.words
    if wrapper.needs and not set(wrapper.needs) & set(argv[1:index]):
        return len(argv) if hides else 0
    return index


def _behind_options(argv: Sequence[str | None], index: int, wrapper: Wrapper) -> int:
    while index < len(argv) and (word := argv[index]) and (word.startswith("-") or "=" in word):
        if word == "--":
            return index + 1
        index += 2 if word in wrapper.takes else 1
    return index


def _ended_by_env(program: Program, env: Environment) -> bool:
    values = {name: None if env is None else env.get(name, "") for name in program.ends_env}
    return any(
        value is None or value.lower() in (ending.lower() for ending in program.ends_env[name])
        for name, value in values.items()
    )


def _find_image(image: str) -> Image | None:
    reference = references.parse(image)
    known: Sequence[Image] = next((found for name in reference.names if (found := load().images.get(name))), ())
    tag = re.split(r"[-.]", reference.tag)
    return next((one for one in known if not one.tag or one.tag in tag), None)


def _is_command(image: Image, first: str | None) -> bool:
    """Whether `args` that begin with this word replace the program, as they also do where they repeat its name."""
    program = image.entry or image.program
    if image.args == "replaced" or first in image.commands or (program and _base(first) == program.split()[0]):
        return True
    return image.args == "command" and not (first or "").startswith("-")
