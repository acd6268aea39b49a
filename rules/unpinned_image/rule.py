"""An init container or sidecar whose image may be another one tomorrow: start-up changes without a roll-out."""

from dataclasses import dataclass

from initlint.api import INFO, Container, Finding, Findings, InitContainer, Part, Unknown, rule


@dataclass(frozen=True)
class Options:
    """Tags that are moved to newer images."""

    moving: tuple[str, ...] = ("latest",)


@rule("INIT604", "image that is not pinned to a version", severity=INFO)
def check(container: InitContainer, options: Options) -> Findings:
    image = container.reference
    if image.digest or not image.is_literal:
        return
    if image.tag in ("", *options.moving):
        _require_image(container)
        yield Finding(
            container.image,
            f"{container} runs `{container.image}`, {_why_it_moves(image.tag)}: {_consequence(container)}",
            help="name a version, or a digest (`@sha256:…`), which cannot be moved to another image",
        )


def _require_image(container: Container) -> None:
    """Raise Unknown where another image may be set. What a patch says of its own containers holds."""
    if not container.pod.workload.is_whole:
        container.require(Part.IMAGES)
    if container.is_image_replaced:
        raise Unknown(f"a kustomization sets the version of image `{container.reference.name}`")


def _why_it_moves(tag: str) -> str:
    return f"and tag `{tag}` is moved to newer images" if tag else "which has no tag and so means `latest`"


def _consequence(container: Container) -> str:
    """Without a policy, `latest` is pulled each time, another tag once by each node (SetDefaults_Container)."""
    default = "Always" if container.reference.tag in ("", "latest") else "IfNotPresent"
    if (container.node["imagePullPolicy"].value or default) == "Always":
        return "any pull may bring another image, and start-up changes without a roll-out"
    return "start-up differs from node to node, as each keeps the image that it has"
