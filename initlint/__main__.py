"""Run initlint as `python -m initlint`."""

from initlint.cli import main

main()
