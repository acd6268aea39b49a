"""What the user can mend: shown as one message, with a code frame where a place is known."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from initlint.text.source import Source, Span

# Bytes: no file that people write to tell what to do is larger, but a device may never end.
_LARGEST = 64 * 2**20


class InitlintError(Exception):
    """A mistake in usage, configuration or a rule pack; everything else that is raised is a bug of initlint."""

    def __init__(self, message: str, source: Source | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.span = span


def shown(path: Path) -> str:
    """A path as those of manifests are shown, from where the run is."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def bounded(path: Path) -> bytes:
    """The bytes of a file that tells what to do; raises OSError, also for what does not come to an end."""
    with path.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def unread(path: Path, error: OSError, remedy: str) -> InitlintError:
    """Say that a file cannot be read, and what to do about it; `remedy` is for one that is not there."""
    if not isinstance(error, FileNotFoundError):
        remedy = "name a file that can be read"
    return InitlintError(f"`{shown(path)}` cannot be read, {_reason(error)}: {remedy}")


def unwritten(path: Path, error: OSError, remedy: str = "name another file") -> InitlintError:
    """Say that a file cannot be written, and what to do about it."""
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        remedy = f"make the directory `{shown(path.parent)}` first"
    return InitlintError(f"`{shown(path)}` cannot be written, {_reason(error)}: {remedy}")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
