"""How far a kustomization reaches: through which of them a file goes, and which of its objects a patch means."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import TypeVar

from initlint.kube.kustomize.applied import ALONE, Applied, Kustomized
from initlint.kube.kustomize.kustomization import (
    ANY,
    CHANGES,
    COMPONENTS,
    MOVES,
    RENAMES,
    TAKES,
    TARGETS,
    as_patches,
    targets,
)
from initlint.kube.kustomize.made import made
from initlint.kube.kustomize.named import LITERAL, Called, Written, is_made_of, is_still, is_sure, matches, written_in
from initlint.kube.kustomize.patches import (
    ACCOUNT_IS,
    AT_TURN,
    DATA,
    IDLE,
    LABELS,
    PORTS,
    QUOTA,
    RUNNING,
    SAYS,
    parts,
)
from initlint.kube.kustomize.paths import above, closure, folder_of
from initlint.kube.terms.cluster import KUSTOMIZATIONS, PATCHED, PATCHES, Offer, Question
from initlint.kube.terms.unknown import Part
from initlint.text.source import Source
from initlint.text.tree import Node

Named = TypeVar("Named")

_Steps = Mapping[str, Sequence[str]]


class Reach:
    """All that is known of the kustomizations of a run: `offers` by kind, and `sources`, its files, by path."""

    def __init__(self, offers: Mapping[str, Iterable[Offer]], sources: Mapping[str, Source]) -> None:
        taken = ((taken, one.name) for one in offers.get(TAKES, ()) for taken in one.facts)
        patches = ((one.name, one.through) for one in offers.get(PATCHES, ()) if one.through)
        own = ((path, folder_of(path)) for path in sources if posixpath.basename(path) in KUSTOMIZATIONS)
        self._takers = _steps(dict.fromkeys((*taken, *patches, *own)))
        self._components = _steps((one.name, listed) for one in offers.get(COMPONENTS, ()) for listed in one.facts)
        self._known = {one.name for one in offers.get(TAKES, ())}
        self._renaming = _steps((one.name, affix) for one in offers.get(RENAMES, ()) for affix in one.facts)
        self._moving = _steps((one.name, namespace) for one in offers.get(MOVES, ()) for namespace in one.facts)
        changes = _steps((one.name, change) for one in offers.get(CHANGES, ()) for change in one.facts)
        self._kustomized = Kustomized(self._takers, self._components, changes)
        self._patches: dict[str, list[Offer]] = {}
        for one in offers.get(PATCHES, ()):
            self._patches.setdefault(one.name, []).append(one)
        self._targets: dict[str, dict[str, list[Offer]]] = {}
        for patch in (*offers.get(TARGETS, ()), *_files(offers, sources)):
            kind, name = (pattern if LITERAL.fullmatch(pattern) else ANY for pattern in patch.facts[:2])
            self._targets.setdefault(kind, {}).setdefault(name, []).append(patch)
        self.changes_data = any(DATA in one.facts for it in self._targets.values() for of in it.values() for one in of)
        self._sources = sources
        self._made: dict[tuple[str, ...], Node | None] = {}
        self._written: dict[str, Mapping[tuple[str, ...], list[Node]]] = {}
        self._ways: dict[str, frozenset[str]] = {}
        self._above: dict[str, list[str]] = {}

    def holds(self, offer: Offer, question: Question) -> bool:
        """Whether what is offered to the files that go through a folder is for the one that asks."""
        if question.path is None or offer.through is None:
            return True
        return offer.through in self.way(question.path) and self._is_of(offer.through, question.roots)

    def _is_of(self, folder: str, roots: frozenset[str] | None) -> bool:
        """Whether what a kustomization changes comes to one of those that are asked for."""
        return roots is None or not roots.isdisjoint(self.way(folder))

    def is_patch(self, path: str) -> bool:
        """Whether a kustomization takes a file as a patch, which holds no object of its own."""
        return path in self._patches

    def holds_patches(self, path: str) -> bool:
        """Whether the objects in a file are patches: it is applied as one, or is a kustomization itself."""
        return self.is_patch(path) or posixpath.basename(path) in KUSTOMIZATIONS

    def holding(self, question: Question, known: Iterable[Offer]) -> list[Offer]:
        """ConfigMaps or Secrets as a file sees them: those of its own if there are any, none that may be changed.

        Its own are those in the file itself; else those that come from where it comes from.
        """
        path = question.path or ""
        found = [one for one in known if not self.is_patch(one.by) and self.may_meet(path, one.by, question.roots)]
        files = (path, *(one.by for one in found))
        # What one kustomization builds is asked for by itself, and so is what it makes of the data.
        title = (question.kind, question.name or "")
        if question.roots is None and any(DATA in self._changes(*title, one) for one in files):
            return []
        return self.nearest(path, {one: one.by for one in found})

    def nearest(self, path: str, files: Mapping[Named, str]) -> list[Named]:
        """Of several with one name, each with its file, those that belong to a file; several if that is not clear.

        What comes through a common kustomization goes before what does not, then what has more folders in common.
        """
        nearness = {one: self._nearness(path, other) for one, other in files.items()}
        best = max(nearness.values(), default=None)
        return [one for one in files if nearness[one] == best]

    def _nearness(self, path: str, other: str) -> tuple[bool, int]:
        """A file has one part more in common with itself than with any other in its folder."""
        pairs = zip(path.split("/"), other.split("/"), strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return not self._known.isdisjoint(self.way(path) & self.way(other)), common

    def quotas(self, question: Question, known: Iterable[Offer]) -> Iterator[Offer]:
        """Those that surely lie in the namespace of the one that asks, and that no kustomization may change.

        Where neither is told a namespace, they do if they lie in one folder: another may be for another namespace.
        """
        path = question.path or ""
        for one in known:
            is_whole = not self.is_patch(one.by) and QUOTA not in self._changes(one.facts[0], one.name, one.by)
            if is_whole and (self._are_moved_together(path, one.by) or self._are_together(question, one)):
                yield one

    def _are_moved_together(self, path: str, other: str) -> bool:
        """Whether one kustomization gives the objects of both files its namespace."""
        return not self._moving.keys().isdisjoint(self.way(path) & self.way(other))

    def _are_together(self, question: Question, one: Offer) -> bool:
        path, is_named = question.path or "", question.namespace is not None
        is_same = one.namespace == question.namespace and not self.is_apart(path, one.by)
        return is_same and (is_named or posixpath.dirname(path) == posixpath.dirname(one.by))

    def applied(self, path: str) -> Mapping[str, Applied]:
        """What becomes of the objects of a file, by the folder of the kustomization that it goes through last."""
        return self._kustomized.applied(path, [path, *self._folders(path)])

    def asked_in(self, question: Question) -> Mapping[str, Applied]:
        """The same for the file that asks, of the kustomizations that build what asks."""
        found, roots = self.applied(question.path or ""), question.roots
        return found if roots is None else {root: one for root, one in found.items() if root in roots}

    def seen(self, path: str, root: str) -> Applied | None:
        """The same for what comes through one kustomization; None if it does not meet the objects of that file."""
        found = self.applied(path)
        if root in found or ALONE in found:
            return found.get(root) or found[ALONE]
        if root != ALONE:
            return None
        first, *others = found.values()
        return first if all(one == first for one in others) else first._replace(is_known=False)

    def touches(self, what: str, kind: str, name: str, path: str) -> bool:
        """Whether a patch, or what replaces values, touches that of an object: `SERVICE`, or `RBAC`."""
        return what in self._changes(kind, name, path)

    def made(self, what: str, one: Written, root: str) -> Node | None:
        """An object as the patches make it that come before a kustomization is done; None if that is not known."""
        key = (what, *one, root)
        if key not in self._made:
            texts = self._said(what, one, root)
            node = None if texts is None else self._as_written(one)
            found = made(node, texts) if node and texts is not None else None
            self._made[key] = found if found and is_still(found, one) else None
        return self._made[key]

    def _as_written(self, one: Written) -> Node | None:
        """An object as its file has it; None if it is not the only one of that name."""
        if one.path not in self._written:
            source = self._sources.get(one.path)
            self._written[one.path] = written_in(source) if source else {}
        found = self._written[one.path].get(one[:3], [])
        return found[0] if len(found) == 1 else None

    def _said(self, what: str, one: Written, root: str) -> list[str] | None:
        """What patches say that touch an object, in their turn; None where one does not say it in words."""
        found: dict[tuple[int, str], str] = {}
        for patch in self.meaning(Question(PATCHED, None, f"{one.kind}/{one.name}", one.path)):
            if what not in patch.facts or (patch.through and root not in self.way(patch.through)):
                continue
            said = next((fact.removeprefix(SAYS) for fact in patch.facts if fact.startswith(SAYS)), "")
            at, _, text = said.partition(" ")
            turn = (self.step(one.path, patch.through, root), at)
            if not text or turn[0] < 0 or turn in found or not is_sure(patch.facts[1], one.name):
                return None
            found[turn] = text
        return [found[turn] for turn in sorted(found)]

    def step(self, path: str, folder: str | None, root: str) -> int:
        """Which turn the kustomization of a folder has on a file's way to another one; -1 where that is not clear."""
        steps = self._kustomized.steps(path, [path, *self._folders(path)]).get(root, ())
        return steps.index(folder) if folder in steps else -1

    def called(self, one: Written, folder: str, root: str) -> Called:
        """What an object is called on its way to a kustomization, where the patches of a folder are applied."""
        states = list(self._kustomized.states(one.path, [one.path, *self._folders(one.path)], root, folder))
        places = (state.place(one.namespace or None) for state in states)
        return Called(one.kind, frozenset(it.name(one.name) for it in states), frozenset(filter(None, places)))

    def changed_labels(self, kind: str, name: str, path: str) -> set[str]:
        """The keys of the labels of Pods that patches change; `ANY_KEY` is all of them."""
        return {fact.removeprefix(LABELS) for fact in self._changes(kind, name, path) if fact.startswith(LABELS)}

    def changes_ports(self, kind: str, name: str, path: str, containers: Collection[str]) -> bool:
        """Whether a patch says something of the ports of a workload's containers, or adds one to these."""
        changed = self._changes(kind, name, path)
        is_told = any(fact.partition("@")[0] == PORTS for fact in changed)
        return is_told or any(part is Part.CONTAINERS for part, _ in parts(changed, containers))

    def may_be_idle(self, kind: str, name: str, path: str) -> bool:
        """Whether a patch scales a workload to nothing."""
        return IDLE in self._changes(kind, name, path)

    def is_started(self, kind: str, name: str, path: str) -> bool:
        """Whether a patch gives a workload some Pods, wherever it comes to."""
        return len(self.applied(path)) == 1 and RUNNING in self._changes(kind, name, path)

    def _changes(self, kind: str, name: str, path: str) -> set[str]:
        """What the patches that may mean an object of a file change in it."""
        patched = self.patches(Question(PATCHED, None, f"{kind}/{name}", path))
        return {fact for patch in patched for fact in patch.facts}

    def may_meet(self, path: str, other: str, among: frozenset[str] | None = None) -> bool:
        """Whether the objects of two files may come into one cluster: not if different kustomizations take them."""
        roots, others = among or self._roots(path), self._roots(other)
        return not roots or not others or not roots.isdisjoint(others)

    def is_apart(self, path: str, other: str) -> bool:
        """Whether kustomizations rename, or move to another namespace, the objects of two files differently."""
        return self._marks(path) != self._marks(other)

    def _marks(self, path: str) -> tuple[set[str], set[str]]:
        """The folders of the kustomizations that rename a file's objects, and the namespaces that others set."""
        way = self.way(path)
        moving = self._moving.keys() & way
        return {*self._renaming.keys() & way}, {namespace for folder in moving for namespace in self._moving[folder]}

    def patches(self, question: Question) -> Iterator[Offer]:
        """What the patches that may mean an object change in it; not to what, where only some overlays do."""
        is_plain = len(self._roots(question.path or "")) == 1
        left_out = (SAYS, AT_TURN) if is_plain else (SAYS, AT_TURN, ACCOUNT_IS)
        for patch in self.meaning(question):
            facts = tuple(one for one in patch.facts[2:] if not one.startswith(left_out))
            yield Offer(PATCHED, None, question.name or "", facts, patch.through, patch.by)

    def meaning(self, question: Question) -> Iterator[Offer]:
        """The patches that may mean an object, with all that they say."""
        kind, _, name = (question.name or "").partition("/")
        affixes = self._affixes(question.path or "")
        for patch in self._candidates(kind, name, affixes):
            of_kind, of_name, *_ = patch.facts
            is_meant = matches(of_kind, kind) and (affixes or matches(of_name, name))
            if is_meant and self.holds(patch, question):
                yield patch

    def _candidates(self, kind: str, name: str, affixes: set[str]) -> Iterator[Offer]:
        """Patches that may mean an object of that name, or of one that a kustomization makes of it."""
        for named in (self._targets.get(kind, {}), self._targets.get(ANY, {})):
            others = [other for other in named if is_made_of(name, other, affixes)] if affixes else ()
            for known in {name, ANY, *others}:
                yield from named.get(known, ())

    def _affixes(self, path: str) -> set[str]:
        """What kustomizations add to the names of a file's objects: `PREFIX`, `SUFFIX`, or both."""
        renaming = self._renaming.keys() & self.way(path) if self._renaming else ()
        return {affix for folder in renaming for affix in self._renaming[folder]}

    def _roots(self, path: str) -> frozenset[str]:
        """The kustomizations that a file goes through last."""
        return frozenset(one for one in self.way(path) if one in self._known and one not in self._takers)

    def way(self, path: str) -> frozenset[str]:
        """A file, the folders of the kustomizations that take it, directly or by way of others, and their components.

        A folder whose kustomization is not known may take whatever is in it.
        """
        if path not in self._ways:
            up = closure({path, *self._folders(path)}, self._takers)
            self._ways[path] = frozenset(closure(up, self._components))
        return self._ways[path]

    def _folders(self, path: str) -> Sequence[str]:
        """The folders that a file is in and that may be taken with all that is in them."""
        inner = posixpath.dirname(path)
        if inner not in self._above:
            self._above[inner] = [folder for folder in above(path) if folder not in self._known]
        return self._above[inner]


def _steps(pairs: Iterable[tuple[str, str]]) -> _Steps:
    found: dict[str, list[str]] = {}
    for start, end in pairs:
        found.setdefault(start, []).append(end)
    return found


def _files(offers: Mapping[str, Iterable[Offer]], sources: Mapping[str, Source]) -> Iterator[Offer]:
    """What the files that are listed as patches change; no other file is read for that."""
    read: dict[str, list[Offer]] = {}
    for patch in offers.get(PATCHES, ()):
        path = patch.name or ""
        if path not in read:
            read[path] = as_patches(sources[path]) if path in sources else []
        yield from targets(patch, read[path])
