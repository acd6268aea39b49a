"""The command line: one small module per verb, which reads its options and calls the library."""

from initlint.cli.main import main

__all__ = ["main"]
