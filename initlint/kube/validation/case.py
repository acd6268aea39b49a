"""The object whose verdict is asked for, and how its errors are told: whose, what, where, and in whose words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from initlint.kube.kustomize.patches import LISTS
from initlint.kube.pods.pod import Pod, Workload
from initlint.kube.terms.homes import BUILT_IN, HOMES, group_of
from initlint.kube.terms.objection import Noticed, Objection
from initlint.kube.terms.versions import Version
from initlint.kube.validation.place import At, relative
from initlint.kube.validation.values import Wrong
from initlint.regex import regex
from initlint.text.tree import Node, Scalar

# Characters of a value that fit into a message.
_LONGEST = 60
_ODD_PATHS = (
    (regex(r"(volumeMounts)\[\d+\](?=\.(?:subPath|mountPropagation|recursiveReadOnly)$)"), r"\1"),
    (regex(r"(resizePolicy)\[\d+\]\.\w+$"), r"\1"),
    (regex(r"(downwardAPI)\.items\[\d+\]"), r"\1"),
    (regex(r"(httpHeaders)\[\d+\]\.name$"), r"\1"),
    (regex(r"(spec\.os)\.name$"), r"\1"),
    (regex(r"(spec)(?=\.shareProcessNamespace$)"), r"\1.securityContext"),
)


@dataclass(frozen=True, eq=False)
class ValidationCase:
    """One object and the version that judges it."""

    workload: Workload

    @property
    def version(self) -> Version:
        """The target version."""
        return self.workload.cluster.version

    @cached_property
    def pod_steps(self) -> list[str]:
        """The keys from the object's root to its Pod spec."""
        home = HOMES[group_of(self.workload.node), self.workload.kind]
        return home.paths[0].split(".")

    @cached_property
    def is_served(self) -> bool:
        """Whether the version has the object's kind: of its own ones, all older versions were gone before 1.25."""
        kind = (group_of(self.workload.node), self.workload.kind)
        is_first = self.workload.node["apiVersion"].value.rpartition("/")[2] == "v1"
        return kind in BUILT_IN and kind[0] != "extensions" and is_first

    @property
    def served_version(self) -> str:
        """The `apiVersion` of the object's kind."""
        groups = [group for group, kind in BUILT_IN if kind == self.workload.kind and group != "extensions"]
        return f"{groups[0]}/v1".removeprefix("/")

    @cached_property
    def root(self) -> At:
        """The object."""
        return At(self.workload.node)

    @cached_property
    def spec(self) -> At:
        """The Pod spec."""
        place = self.root
        for step in self.pod_steps:
            place = place[step]
        return place

    @cached_property
    def pod(self) -> Pod | None:
        """The view of the Pod, if it was found to be one."""
        return self.workload.pods[0] if self.workload.pods else None

    @cached_property
    def keeps_images(self) -> bool:
        """Whether volumes of images are kept; else they vanish with their mounts (dropImageVolumes)."""
        return self.version.keeps("Volume", "image")

    @cached_property
    def own_volumes(self) -> dict[str, At]:
        """The volumes that the Pod declares itself, by name."""
        return {volume["name"].text: volume for volume in self.spec["volumes"].each() if volume["name"].text}

    @cached_property
    def image_volumes(self) -> frozenset[str]:
        """The names of those that are images."""
        return frozenset(name for name, volume in self.own_volumes.items() if volume["image"])

    def is_in_pod(self, ways: list[At]) -> bool:
        """Whether a place is below the Pod spec."""
        return [place.step for place in ways[: len(self.pod_steps)]] == self.pod_steps

    def owner(self, ways: list[At]) -> tuple[str, list[At]]:
        """Whose a place is, for messages, and the way from there."""
        depth = len(self.pod_steps)
        if not self.is_in_pod(ways):
            return f"the {self.workload.kind}", ways
        below = ways[depth:]
        if len(below) > 1 and below[0].step in LISTS and isinstance(below[1].step, int):
            return self._container(str(below[0].step), below[1].step), below[2:]
        return "the Pod", below

    def _container(self, list_name: str, index: int) -> str:
        pod = self.pod
        if pod is None:
            return f"`{list_name}[{index}]`"
        lists = {
            "initContainers": pod.init_containers,
            "containers": pod.containers,
            "ephemeralContainers": pod.ephemeral_containers,
        }
        return str(lists[list_name][index])

    def wrong(self, at: At, wrong: Wrong, *, related: Node | None = None, noticed: Noticed | None = None) -> Objection:
        """An objection to a value: whose it is, what is set, and what is wrong with it."""
        return self.about(at, f"{self._states(at)}, {wrong.problem}", wrong, related=related, noticed=noticed)

    def about(
        self, at: At, fact: str, wrong: Wrong, *, related: Node | None = None, noticed: Noticed | None = None
    ) -> Objection:
        """An objection whose fact is told in full; `noticed` may tell that it is not as early as usual."""
        ways = at.ways()
        usual = Noticed.IN_TEMPLATES if self.is_in_pod(ways) else Noticed.ALWAYS
        return Objection(
            at.where,
            _as_named(relative(ways)),
            f"{self.owner(ways)[0]} {fact}",
            wrong.remedy,
            noticed=noticed or usual,
            related=related,
            says=wrong.says,
        )

    def name(self, at: At) -> str:
        """A place as messages name it, below its owner."""
        return relative(self.owner(at.ways())[1])

    def _states(self, at: At) -> str:
        if not at:
            return f"sets no `{self.name(at)}`" if not _is_empty(at.node) else f'sets `{self.name(at)}: ""`'
        if isinstance(at.node, Scalar):
            return f"sets `{self.name(at)}: {shortened(at.node.value)}`"
        return f"sets `{self.name(at)}`"


def _as_named(path: str) -> str:
    """The path as the API server writes it, which leaves some steps out."""
    for odd, named in _ODD_PATHS:
        path = odd.sub(named, path)
    return path


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.value and bool(node)


def shortened(text: str) -> str:
    """A value as messages show it: one line, and not too long."""
    line = " ".join(text.split()) if "\n" in text else text
    return (line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…") or '""'
