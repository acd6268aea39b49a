"""Run the command line, as `initlint` or as `python -m initlint`."""

import sys


def main() -> None:
    """Import the command line and run it: who interrupts that, too, sees no traceback."""
    try:
        from initlint.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
