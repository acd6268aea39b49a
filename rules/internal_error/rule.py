"""Input that could not be checked in full: a budget was exceeded, or a rule failed."""

from initlint.api import ERROR, Breach, Finding, Findings, rule


@rule("INIT003", "input that could not be checked in full", severity=ERROR)
def check(breach: Breach) -> Findings:
    remedy = "a bug: report it, with the manifest" if breach.is_bug else "split it, or leave it out with `exclude`"
    yield Finding(breach.span, f"{breach.message}: what breaks here is not found", help=remedy)
