"""What `programs.yaml` says, by the names of programs, images and wrappers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from initlint.shipped import data

_FILE = Path(__file__).with_name("programs.yaml")


class ProgramConfig(NamedTuple):
    """What decides where files of the manifests say whether a program ends."""

    runs: Sequence[str]
    by: Sequence[str]
    ends: str


class Program(NamedTuple):
    """What one executable does; the fields are explained at the top of `programs.yaml`."""

    name: str
    does: str
    source: str
    also: Sequence[str] = ()
    runs: Sequence[str] = ()
    needs: Sequence[str] = ()
    ends: Sequence[str] = ()
    ends_env: Mapping[str, Sequence[str]] = {}
    options_env: Mapping[str, str] = {}
    takes: Sequence[str] = ()
    flags: Sequence[str] = ()
    words: int | None = None
    times: bool = False
    configured: ProgramConfig | None = None
    quit: str = ""
    port: int | None = None
    ports: Sequence[int] = ()
    port_env: Mapping[str, Mapping[str, int]] = {}
    listens: Sequence[str] = ()
    local: Mapping[str, str] = {}


class Image(NamedTuple):
    """What an image runs when the manifest gives no `command`: what runs for ever, or an entry that ends."""

    names: Sequence[str]
    source: str
    args: str = ""
    program: str = ""
    default: str = ""
    tag: str = ""
    entry: str = ""
    commands: Sequence[str] = ()
    does: str = ""


class Wrapper(NamedTuple):
    """What only starts the command after it."""

    takes: Sequence[str] = ()
    words: int = 0
    needs: Sequence[str] = ()


class Data(NamedTuple):
    """The data file, by every name of a program and of an image."""

    wrappers: Mapping[str, Wrapper]
    programs: Mapping[str, Program]
    images: Mapping[str, Sequence[Image]]


@cache
def load() -> Data:
    """The data file."""
    raw = data(_FILE)
    programs = [
        Program(name, **{field.replace("-", "_"): _value(field, value) for field, value in entry.items()})
        for name, entry in raw["programs"].items()
    ]
    return Data(
        {name: Wrapper(**entry) for name, entry in raw["wrappers"].items()},
        {name: named for program in programs for name, named in _by_name(program)},
        _by_image([Image(**entry) for entry in raw["images"]]),
    )


def _by_image(images: Sequence[Image]) -> Mapping[str, Sequence[Image]]:
    """All entries of a name, those of a tag first."""
    found: dict[str, list[Image]] = {}
    for image in sorted(images, key=lambda image: not image.tag):
        for name in image.names:
            found.setdefault(name, []).append(image)
    return found


def _value(field: str, value: Any) -> Any:
    return ProgramConfig(**value) if field == "configured" else value


def _by_name(program: Program) -> Iterator[tuple[str, Program]]:
    """A message says the name that the manifest uses; of a script, whose path says little, that of the program."""
    yield program.name, program
    for name in program.also:
        yield name, program if "/" in name else program._replace(name=name)
