"""What becomes of the objects of a file on its way through kustomizations: their namespace, names, labels, replicas."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice, takewhile
from typing import NamedTuple, TypeAlias

Labels: TypeAlias = frozenset[tuple[str, str]]

NAMESPACE, PREFIX, SUFFIX, LABEL, SELECTOR, REPLICAS, WAVE, UNKNOWN = (
    "namespace", "namePrefix", "nameSuffix", "label", "selector", "replicas", "wave", "transformers",
)  # fmt: skip
"""What a kustomization changes, as `namespace prod` or `label app=web`."""

ALONE = ""
"""Where a file is that no kustomization takes."""

_MOST = 64
"""Ways that a file may take, of which more are not told apart."""


class Applied(NamedTuple):
    """What a kustomization, and those that it takes objects through, make of these."""

    namespace: str = ""
    prefix: str = ""
    suffix: str = ""
    labels: Labels = frozenset()
    selector: Labels = frozenset()
    replicas: Labels = frozenset()
    wave: str = ""
    is_known: bool = True

    def place(self, namespace: str | None) -> str | None:
        """The namespace of an object whose manifest says this one, or none."""
        return self.namespace or namespace

    def name(self, name: str) -> str:
        """The name of an object whose manifest says this one."""
        return f"{self.prefix}{name}{self.suffix}"

    def labelled(self, labels: Labels) -> Labels:
        """The labels of its Pods."""
        return _over(labels, self.labels)

    def selecting(self, selector: Labels) -> Labels:
        """The labels that it selects Pods by."""
        return _over(selector, self.selector)

    def scaled(self, name: str) -> str:
        """How many Pods a workload has whose manifest says this name; nothing where the manifest alone says it."""
        counts = dict(self.replicas)
        return counts.get(name) or counts.get(self.name(name), "")

    def then(self, change: str) -> Applied:
        """The same with what the next one changes."""
        what, _, value = change.partition(" ")
        key, _, rest = value.partition("=")
        match what:
            case "namespace":
                return self._replace(namespace=value)
            case "namePrefix":
                return self._replace(prefix=value + self.prefix)
            case "nameSuffix":
                return self._replace(suffix=self.suffix + value)
            case "label":
                return self._replace(labels=_over(self.labels, frozenset([(key, rest)])))
            case "selector":
                return self._replace(selector=_over(self.selector, frozenset([(key, rest)])))
            case "replicas":
                return self._replace(replicas=_over(self.replicas, frozenset([(key, rest)])))
            case "wave":
                return self._replace(wave=value)
        return self._replace(is_known=False)


class Kustomized:
    """By which kustomizations files are taken (`takers`), what `components` these add, and what each `changes`."""

    def __init__(
        self,
        takers: Mapping[str, Sequence[str]],
        components: Mapping[str, Sequence[str]],
        changes: Mapping[str, Sequence[str]],
    ) -> None:
        self._takers, self._components, self._changes = takers, components, changes
        self._found: dict[str, Mapping[str, Applied]] = {}
        self._steps: dict[str, Mapping[str, Sequence[str]]] = {}

    def applied(self, path: str, starts: Iterable[str]) -> Mapping[str, Applied]:
        """For each kustomization that a file goes through last; `starts` are its path and folders that may be taken."""
        if path not in self._found:
            ways = self._all_ways(starts)
            found: dict[str, Applied] = {}
            for way in ways:
                root, made = way[-1] if way else ALONE, self._made(way)
                is_clear = found.get(root, made) == made and len(ways) < _MOST
                found[root] = made if is_clear else made._replace(is_known=False)
            # Where some folder of its is taken, it does not matter that others are not.
            self._found[path] = {root: made for root, made in found.items() if root != ALONE} or found
        return self._found[path]

    def steps(self, path: str, starts: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """The kustomizations and components that change a file's objects, in their turn, by the one that is the last.

        None of them where several ways lead there.
        """
        if path not in self._steps:
            found: dict[str, list[Sequence[str]]] = {}
            for way in filter(None, self._all_ways(starts)):
                found.setdefault(way[-1], []).append(self._in_turn(way))
            self._steps[path] = {root: steps[0] if len(steps) == 1 else () for root, steps in found.items()}
        return self._steps[path]

    def states(self, path: str, starts: Iterable[str], root: str, folder: str) -> Iterator[Applied]:
        """What becomes of a file's objects on its way to a kustomization: at each step before that of a folder."""
        state = Applied()
        yield state
        for one in takewhile(lambda step: step != folder, self.steps(path, starts).get(root, ())):
            state = reduce(Applied.then, self._changes.get(one, ()), state)
            yield state

    def _all_ways(self, starts: Iterable[str]) -> list[tuple[str, ...]]:
        return list(islice((way for start in starts for way in self._ways((start,))), _MOST))

    def _ways(self, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The folders of the kustomizations on each way, the innermost first, without where it begins."""
        further = [one for one in self._takers.get(way[-1], ()) if one not in way]
        for one in further:
            yield from self._ways((*way, one))
        if not further:
            yield way[1:]

    def _made(self, way: Sequence[str]) -> Applied:
        changes = (change for one in self._in_turn(way) for change in self._changes.get(one, ()))
        return reduce(Applied.then, changes, Applied())

    def _in_turn(self, way: Sequence[str]) -> Sequence[str]:
        """The kustomizations of a way, each with its components, which come before what it does itself."""
        return [one for folder in way for one in (*self._added(folder, way), folder)]

    def _added(self, folder: str, way: Collection[str]) -> Iterator[str]:
        """The components that a kustomization adds, which change what it has by then; but those on the way itself."""
        for one in self._components.get(folder, ()):
            if one not in way:
                yield from (*self._added(one, (*way, one)), one)


def _over(labels: Labels, others: Labels) -> Labels:
    """Labels with others in place of those that have the same keys."""
    keys = {key for key, _ in others}
    return frozenset(one for one in labels if one[0] not in keys) | others if others else labels
