"""When installers make the objects of a release: hooks of Helm, and phases and waves of Argo CD."""

from __future__ import annotations

from typing import NamedTuple

from initlint.regex import regex
from initlint.text.source import Span
from initlint.text.tree import Node

HELM, ARGO = "Helm", "Argo CD"
INSTALLERS = ("helm.sh", "argocd.argoproj.io")
"""How the annotations begin that say when something is made."""

_NUMBER = regex(r"[+-]?\d{1,9}")
# What Helm waits for before it goes on behind a hook (waitForJob), and what is healthy for Argo CD at once.
_AWAITED_HOOKS = ("Job", "Pod")
_HEALTHY_AT_ONCE = ("CronJob",)
_BEFORE, _PLAIN, _BEHIND = 0, 1, 2
_PHASES = {
    HELM: {"pre-install": _BEFORE, "post-install": _BEHIND},
    ARGO: {"PreSync": _BEFORE, "Sync": _PLAIN, "PostSync": _BEHIND},
}


class Turn(NamedTuple):
    """When an object is made: `order` is its phase and then its wave; `by` is empty where nothing says it.

    `span` is where it is said, None if not in its own file. What comes later is made only once it is `awaited`, in one
    `release`, as a label says, or from one of the same `places`.
    """

    by: str
    order: tuple[int, int]
    span: Span | None
    is_awaited: bool
    release: str
    places: frozenset[str] = frozenset()

    def is_with(self, other: Turn) -> bool:
        """Whether one installation makes both."""
        is_named = bool(self.release) and self.release == other.release
        return is_named or not self.places.isdisjoint(other.places)

    def in_wave(self, wave: str) -> Turn | None:
        """The same in the wave that a kustomization gives to all of its objects; None if that is not known."""
        if self.by == HELM or not _NUMBER.fullmatch(wave):
            return None
        return self._replace(by=ARGO, order=(self.order[0], int(wave)), span=None)

    def says(self, title: str) -> str:
        """When what comes later is made, seen from an object that messages call so."""
        if self.by == HELM:
            return "Helm installs only once this hook is done"
        return f"{ARGO} applies only once {title} is {'done' if self.order[0] == _BEFORE else 'healthy'}"


def turn_of(root: Node) -> Turn | None:
    """When an object is made; None where that is not known, or not at the first installation."""
    metadata, kind = root["metadata"], root["kind"].value
    notes, release = metadata["annotations"], metadata["labels"]["app.kubernetes.io/instance"].value
    argo, wave = notes["argocd.argoproj.io/hook"], notes["argocd.argoproj.io/sync-wave"]
    # Nor does Argo CD wait for what is only updated when somebody deletes its Pods.
    is_slow = kind not in _HEALTHY_AT_ONCE and root["spec"]["updateStrategy"]["type"].value != "OnDelete"
    if argo or wave:
        order = _order(argo.value or "Sync", wave.value, ARGO)
        return order and Turn(ARGO, order, (wave or argo).span, is_slow, release)
    if helm := notes["helm.sh/hook"]:
        order = _order(helm.value, notes["helm.sh/hook-weight"].value, HELM)
        return order and Turn(HELM, order, helm.span, kind in _AWAITED_HOOKS, release)
    return Turn("", (_PLAIN, 0), (metadata["name"] or root).span, is_slow, release)


def _order(told: str, number: str, by: str) -> tuple[int, int] | None:
    phases = [_PHASES[by][one.strip()] for one in told.split(",") if one.strip() in _PHASES[by]]
    is_known = len(phases) == 1 and (not number or _NUMBER.fullmatch(number))
    return (phases[0], int(number or 0)) if is_known else None


def comes_later(one: Turn, than: Turn) -> bool:
    """Whether an installer makes something only once it is done with something else, or that is healthy."""
    by = {one.by, than.by} - {""}
    if len(by) != 1 or not than.is_awaited or one.order <= than.order:
        return False
    # Helm waits for its hooks only, unless it is told to wait.
    return ARGO in by or than.by == HELM
