"""Run one command and print what it cost: wall and CPU seconds, peak memory in bytes, exit code.

    python -I -S launch.py OUTPUT COMMAND...

A script of its own because Linux counts the memory of the process that starts a command as the command's: this one is
small, whatever the benchmark itself has read.
"""

from __future__ import annotations

import os
import sys
import time

_UNIT = 1 if sys.platform == "darwin" else 1024


def main(output: str, *command: str) -> None:
    """Print four figures; standard output of the command goes to a file, its complaints nowhere."""
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    written = (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    unheard = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    began = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=[nothing, written, unheard])
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
