"""What a run is asked to do, from flags, environment and configuration, in that order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from initlint import config
from initlint.config import FailOn, Loaded
from initlint.errors import InitlintError
from initlint.finding import Confidence, Severity
from initlint.inputs import STDIN, Inputs, collect
from initlint.kube.terms.versions import Version
from initlint.regex import regex
from initlint.settings import Base, Settings, finds_nothing

Level = TypeVar("Level", bound=IntEnum)

# What a pattern of a .gitignore does not take for itself.
_SPECIAL = regex(r"[\\*?\[ ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """Options of the command line that a configuration file may hold, too; None is one that was not given."""

    select: list[str] | None = None
    extend_select: list[str] | None = None
    ignore: list[str] | None = None
    min_severity: str | None = None
    min_confidence: str | None = None
    target_version: str | None = None
    exclude: list[str] | None = None
    fail_on: FailOn | None = None
    baseline: Path | None = None
    complete: bool | None = None


class RunRequest(NamedTuple):
    """A run as it is to be done; `root` is what patterns of paths are relative to."""

    settings: Settings
    exclude: tuple[str, ...]
    fail_on: FailOn
    root: Path
    config_file: Path | None
    baseline: Path | None

    @classmethod
    def of(
        cls,
        flags: Flags,
        *,
        config_file: Path | None,
        isolated: bool,
        rules_dir: Sequence[Path] | None,
        jobs: int = 0,
    ) -> RunRequest:
        """Put together what is asked for; raises InitlintError for what cannot be done."""
        if isolated and config_file:
            raise InitlintError(
                f"`--isolated` heeds no configuration, `--config {config_file}` names one: leave out either"
            )
        if jobs < 0:
            raise InitlintError(
                f"`--jobs {jobs}` is no number of processes: give one, or 0 for as many as are worth it"
            )
        found = None if isolated else config_file or config.find(Path.cwd())
        _tell_mistaken(found, isolated=isolated)
        root = found.resolve().parent if found else Path.cwd()
        loaded = config.load(found) if found else None
        settings = _settings(loaded, tuple(rules_dir or ()), root)
        settings = replace(settings, jobs=jobs, **_given(flags))
        if finds_nothing(settings):
            raise InitlintError(_nothing(settings))
        said = loaded.config if loaded else config.Config()
        exclude = listed(flags.exclude) if flags.exclude is not None else said.exclude
        accepted = flags.baseline or (root / said.baseline if said.baseline else None)
        root = Path.cwd() if flags.exclude is not None else root
        exclude = (*exclude, *_own_file(accepted, root.resolve()))
        return cls(settings, exclude, flags.fail_on or said.fail_on or FailOn.WARNING, root, found, accepted)

    def inputs(
        self,
        paths: Sequence[str],
        *,
        context: Sequence[str] | None,
        force_exclude: bool = False,
        stdin_filename: str = STDIN,
    ) -> Inputs:
        """Read what the paths hold, and the context, without what is to be left out."""
        return collect(
            paths,
            exclude=self.exclude,
            force_exclude=force_exclude,
            stdin_name=stdin_filename,
            root=self.root,
            context=context or (),
        )


def _nothing(settings: Settings) -> str:
    """Why there is no rule to run."""
    if not (settings.select or settings.extend_select):
        return "`select` names no rule: give names, codes, prefixes or ALL"
    ignored = ", ".join(f"`{one}`" for one in settings.ignore)
    return f"`ignore` takes out every rule that is selected, with {ignored}: leave one, or nothing can be found"


def _tell_mistaken(found: Path | None, *, isolated: bool) -> None:
    """Say which files are no configuration although they look like one."""
    first, second = config.NAMES
    if found and found.name == first and found.with_name(second).is_file():
        sys.stderr.write(f"note: `{second}` is not read: beside it lies `{first}`\n")
    for name in config.mistaken(Path.cwd()) if found is None and not isolated else ():
        sys.stderr.write(f"note: `{name}` is not read: the configuration is a file called `{first}`\n")


def _own_file(baseline: Path | None, root: Path) -> Iterator[str]:
    """A pattern of the baseline, which may lie among the manifests and is none of them."""
    file = baseline.resolve() if baseline else root
    if root in file.parents:
        yield "/" + _SPECIAL.sub(r"\\\g<0>", file.relative_to(root).as_posix())


def _settings(loaded: Loaded | None, packs: tuple[Path, ...], root: Path) -> Settings:
    return config.settings_of(loaded, packs, Base.of(root)) if loaded else Settings(packs=packs)


def _given(flags: Flags) -> dict[str, Any]:
    """The settings that flags stand for."""
    names = {name: getattr(flags, name) for name in ("select", "extend_select", "ignore")}
    given: dict[str, Any] = {name: listed(value) for name, value in names.items() if value is not None}
    if flags.min_severity is not None:
        given["min_severity"] = _level(Severity, flags.min_severity)
    if flags.min_confidence is not None:
        given["min_confidence"] = _level(Confidence, flags.min_confidence)
    if flags.complete is not None:
        given["is_complete"] = flags.complete
    if flags.target_version is not None:
        given["version"] = Version.parse(flags.target_version)
    return given


def named(paths: list[str] | None, stdin_filename: str) -> list[str]:
    """The paths; where there are none, standard input if it is given a name, else the working directory."""
    return paths or (["."] if stdin_filename == STDIN else ["-"])


def listed(values: list[str] | None) -> tuple[str, ...]:
    """Options may be repeated, and hold several names with commas between them."""
    return tuple(name.strip() for value in values or () for name in value.split(",") if name.strip())


def _level(kind: type[Level], name: str) -> Level:
    try:
        return kind[name.upper()]
    except KeyError:
        known = ", ".join(one.name.lower() for one in kind)
        raise InitlintError(f"no {kind.__name__.lower()} is called `{name}`: give one of {known}") from None
