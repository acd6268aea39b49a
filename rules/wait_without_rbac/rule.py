"""Commands that ask the API server for what the ServiceAccount of their Pod may not do."""

from collections.abc import Iterable, Iterator

from initlint.api import (
    ERROR,
    Account,
    Call,
    Container,
    Finding,
    Findings,
    Part,
    Related,
    Request,
    Role,
    account_of,
    calls,
    rule,
    tokenless,
    vainly,
)


@rule("INIT507", "kubectl without permission", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: Container) -> Findings:
    asking = list(calls(container)) if container.role is Role.INIT else []
    if not asking:
        return
    container.pod.require(Part.ACCOUNT)
    account = account_of(container.pod)
    off = tokenless(container, account)
    if off is not None:
        related = (Related(off, "this keeps the token out of the Pod"),) if off else ()
        what = ", but no token of a ServiceAccount is mounted: it finds no API server to ask"
        yield _finding(asking[0], what, "let the Pod say `automountServiceAccountToken: true`", related)
    elif account.is_judged:
        yield from _refused(asking, account)


def _refused(asking: Iterable[Call], account: Account) -> Iterator[Finding]:
    """One finding for each thing that is not allowed, at the first command that asks for it."""
    told: set[Request] = set()
    for call in asking:
        lacking = [one for one in call.lacks(account) if one not in told]
        told.update(lacking)
        if lacking:
            what, why = _asked(lacking), _ungranted(account)
            remedy = f"let a role allow it to {what}, and bind that to ServiceAccount `{account.name}`"
            yield _finding(call, f" as ServiceAccount `{account.name}`, which may not {what}: {why}", remedy)


def _asked(lacking: list[Request]) -> str:
    """What is asked for first, with all verbs that are not allowed."""
    first = lacking[0]
    verbs = [f"`{one.verb}`" for one in lacking if one._replace(verb="") == first._replace(verb="")]
    *others, last = dict.fromkeys(verbs)
    listed = f"{', '.join(others)} or {last}" if others else last
    resource, slash, sub = first.resource.partition("/")
    name = f"`{resource}{'.' if first.group else ''}{first.group}{slash}{sub}`"
    scope = {None: "", "*": " in the whole cluster"}.get(first.namespace, f" in namespace `{first.namespace}`")
    return f"{listed} {name}{scope}"


def _ungranted(account: Account) -> str:
    """Who could have allowed it."""
    if account.bindings:
        one = len(account.bindings) == 1
        return f"{' and '.join(account.bindings)} {'does' if one else 'do'} not grant it"
    return account.mistaken[0] if account.mistaken else "no binding of the input grants it"


def _finding(call: Call, what: str, remedy: str, related: tuple[Related, ...] = ()) -> Finding:
    container, wait = call.script.container, call.wait
    is_stuck = wait and (wait.loop or wait.is_unbounded)
    vain = vainly(wait, container) if wait and is_stuck else "it fails every time"
    return Finding(
        call.script.place(call.step.command),
        f"{container} runs `{call.title}`{what}, and {vain}",
        related=related,
        defect=wait.defect if wait else None,
        help=remedy,
    )
