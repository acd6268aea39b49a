"""A suppression that suppresses nothing."""

from initlint.api import WARNING, Finding, Findings, Fix, Stale, rule


@rule("INIT002", "suppression that suppresses nothing", severity=WARNING)
def check(stale: Stale) -> Findings:
    yield Finding(
        stale.span,
        f"this suppression is of no use, {stale.why}: it stays, and one day hides what it was not meant for",
        fix=Fix.of("delete it", stale.removal, safe=True),
        help="delete it, or mend the name of the rule",
    )
