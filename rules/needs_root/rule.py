"""A command that only root may run where another user does, or that root needs a capability for which it has not."""

from initlint.api import (
    ERROR,
    Container,
    Finding,
    Findings,
    Forbidden,
    InitContainer,
    Part,
    Related,
    forbidden,
    rule,
)


@rule("INIT313", "command that needs root", severity=ERROR)
def check(container: InitContainer) -> Findings:
    for one in forbidden(container):
        container.require(Part.IMAGES, Part.COMMANDS, *((Part.VOLUMES, Part.MOUNTS) if one.is_of_volume else ()))
        yield _without(container, one) if one.capability else _as_another(container, one)


def _as_another(container: Container, one: Forbidden) -> Finding:
    return Finding(
        one.where,
        f"{container} {one.what} as {_user(one)}, not as root: it fails{_in_spite_of(container)}",
        related=(Related(one.user.where, _said_by(container, one)),),
        defect=one.what,
        help="run this container as root (`runAsUser: 0`), or prepare this in the image",
    )


def _without(container: Container, one: Forbidden) -> Finding:
    why = "`drop` takes from root" if one.dropped else "root has only where it is added"
    return Finding(
        one.where,
        f"{container} {one.what} without capability `{one.capability}`, which {why}: it fails",
        related=(Related(one.dropped, "this takes it away"),) if one.dropped else (),
        defect=one.what,
        help=f"add `{one.capability}` to `securityContext.capabilities.add` of this container",
    )


def _user(one: Forbidden) -> str:
    return "another user" if one.user.uid is None else f"user {one.user.uid}"


def _in_spite_of(container: Container) -> str:
    """A process that is not root is given none of them (KEP-2763 is not implemented)."""
    added = container.node["securityContext"]["capabilities"]["add"]
    return ", as added capabilities are of use to root only" if list(added) else ""


def _said_by(container: Container, one: Forbidden) -> str:
    where = "the image runs as" if one.user.where is container.image else "this makes it"
    return f"{where} {_user(one)}"
