"""Put a whole file in the place of another at once: a run that is killed leaves the one or the other."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace(file: Path, data: bytes) -> None:
    """Write a file whole or not at all; it keeps its mode, and its owner where that is allowed.

    A link stays one. What is no regular file, as a pipe or a device, can only be written to; so is what stands for an
    open file.
    """
    if _is_stream(file):
        file.write_bytes(data)
        return
    file = Path(os.path.realpath(file))
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            _keep(temporary, file.stat())
        else:
            temporary.chmod(0o666 & ~_umask())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _is_stream(file: Path) -> bool:
    return file.parts[:2] in (("/", "dev"), ("/", "proc")) or (file.exists() and not file.is_file())


def _keep(file: Path, was: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(file, was.st_uid, was.st_gid)
    file.chmod(was.st_mode & 0o7777)


def _umask() -> int:
    """mkstemp makes a file private; another new file is as readable as the user wants it."""
    umask = os.umask(0)
    os.umask(umask)
    return umask
