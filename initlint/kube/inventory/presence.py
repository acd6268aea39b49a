"""What is surely not there: objects, and keys of them, that an input does not hold which is said to be complete."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from initlint.kube.inventory.existing import (
    ANY_NAME,
    CHART,
    CLAIMS,
    CUSTOM,
    FOR_SECRETS,
    KEYS,
    LISTED,
    OTHER,
    UNKNOWN_KEYS,
)
from initlint.kube.inventory.making import MAKES
from initlint.kube.kustomize import generators
from initlint.kube.kustomize.kustomization import MOVES, RENAMES, TAKES
from initlint.kube.kustomize.patches import DATA
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import ABSENT, EXISTING, LACKING, ONLY_SHOWN, PATCHED, UNREAD, Offer, Question, may_be
from initlint.kube.terms.homes import BUILT_IN
from initlint.kube.terms.placeholder import is_placeholder
from initlint.regex import regex
from initlint.text.source import Source

# Objects whose controllers name what they make by their own name.
_MAKERS = {
    "Pod": (OTHER, *(kind for _, kind in BUILT_IN if kind not in ("Pod", "PodTemplate"))),
    "Job": ("CronJob",),
    "ReplicaSet": ("Deployment", OTHER),
    "Endpoints": ("Service",),
}
# Kinds that Pods refer to, as roles call them; kustomizations rename what refers to them, too.
_RESOURCES = {"ConfigMap": "configmaps", "Secret": "secrets", "PersistentVolumeClaim": "persistentvolumeclaims",
              "ServiceAccount": "serviceaccounts"}  # fmt: skip
# What every namespace has, or may have.
_EVERYWHERE = regex(
    r"ConfigMap/(?:.*root-ca.*|.*ca\.crt|istio-ca-.*|trusted-ca.*)|ServiceAccount/(?:default|default-\w+|builder|deployer|pipeline)"
    r"|Secret/.*-(?:token|dockercfg)-\w{5}|Secret/sh\.helm\..*"
)
# What kustomize adds to the names of what it generates (api/hasher/hasher.go).
_HASHED = regex(r"(.+)-[2456789bcdfghkmt]{10}")
# More names than these are not compared with each that is missing, but only those that begin alike, if they are fewer.
_MANY = 200

Makes = Callable[[str, str | None], bool]
_Sources = Mapping[str, Source]


class Inventory:
    """Objects by kind and name. Where `is_rough`, kustomizations may have changed namespaces, if `is_renamed` names."""

    def __init__(self, offers: Iterable[Offer], *, is_rough: bool = False, is_renamed: bool = False) -> None:
        self.known: dict[str, dict[str, list[Offer]]] = {}
        self.namespaces = set[str | None]()
        self.is_rough, self.is_renamed = is_rough, is_renamed
        for one in offers:
            kind, _, name = one.name.partition("/")
            self.known.setdefault(kind, {}).setdefault(name, []).append(one)
            self.namespaces.add(one.namespace)
        self._vague = {
            kind: [one for name, listed in named.items() if is_placeholder(name) for one in listed]
            for kind, named in self.known.items()
        }

    def may_hold(self, kind: str, name: str, namespace: str | None) -> bool:
        """Whether there is, or may be, an object of that name, or one that it may be made of."""
        if namespace is not None and namespace not in self.namespaces:
            return True
        known = self.known.get(kind, {})
        named = known.get(name, []) + self._vague.get(kind, [])
        if any(self.is_reached(one, namespace) for one in named):
            return True
        if self.is_renamed and any(one in name for one in known):
            return True
        if (hashed := _HASHED.fullmatch(name)) and hashed[1] in known:
            return True
        makers = (CUSTOM, *_MAKERS.get(kind, ()))
        made_of = [(maker, one, listed) for maker in makers for one, listed in self.known.get(maker, {}).items()]
        return any(_may_make(maker, one, name) and _reaches(listed, namespace) for maker, one, listed in made_of)

    def is_reached(self, one: Offer, namespace: str | None) -> bool:
        """Whether an object is, or may be, in a namespace."""
        return self.is_rough or _reaches((one,), namespace)

    def meant(self, kind: str, name: str, namespace: str | None) -> Iterator[str]:
        """What may be meant: the same name in another namespace (`name.of` a Service, else `of/name`), or one alike."""
        known = self.known.get(kind, {})
        others = sorted(one.namespace for one in known.get(name, ()) if one.namespace)
        yield from (f"{name}.{one}" if kind == "Service" else f"{one}/{name}" for one in others[:1])
        here = [one for one, listed in known.items() if _reaches(listed, namespace)]
        alike = here if len(here) <= _MANY else [one for one in here if one[:3] == name[:3]]
        yield from get_close_matches(name, sorted(alike), 1) if len(alike) <= _MANY else ()


class Presence:
    """The objects of a run: as manifests refer to each other, and as they are called in the end.

    `makes` says whether a ServiceAccount may create, or change, objects of a resource in a namespace. `sources` are
    those of the run, by path.
    """

    def __init__(
        self,
        offers: Mapping[str, Iterable[Offer]],
        reach: Reach,
        makes: Makes,
        sources: _Sources = MappingProxyType({}),
    ) -> None:
        self._reach, self._makes, self._sources = reach, makes, sources
        existing = [one for one in offers.get(EXISTING, ()) if not reach.is_patch(one.by)]
        is_renamed, is_moved = bool(offers.get(RENAMES)), bool(offers.get(MOVES))
        is_changed = is_renamed or is_moved
        self._written = Inventory(existing, is_rough=is_changed, is_renamed=is_renamed)
        self._final = Inventory(_final(existing, reach)) if is_changed else self._written
        self._named = frozenset(name for one in offers.get(MAKES, ()) for name in one.facts)
        self._is_partial = bool(offers.get(UNREAD)) or CHART in self._written.known or _takes_more(offers, sources)

    def absent(self, question: Question) -> Iterator[Offer]:
        """That an object is not there, with the name of one that may be meant; nothing if it is, or may be.

        Kustomizations change what manifests refer to, but not what scripts ask for, in the namespace that they name.
        """
        kind, name, *named = (question.name or "").split("/")
        is_referred_to = kind in _RESOURCES and not named
        inventory = self._written if is_referred_to else self._final
        places = {question.namespace} if is_referred_to else {*(named or self._places(question))}
        is_clear = places and not self._is_partial and not any((one or "").startswith("kube-") for one in places)
        if is_clear and not any(
            inventory.may_hold(kind, name, one) or self._may_be_made(kind, name, one) for one in places
        ):
            meant = tuple(inventory.meant(kind, name, next(iter(places))))
            yield Offer(ABSENT, question.namespace, question.name or "", meant)

    def only_shown(self, question: Question) -> Iterator[Offer]:
        """That nothing makes Pods in a namespace but what the input shows: no custom resource, and no program."""
        places = {question.name} if question.name else {*self._places(question)}
        if places and not self._is_partial and not any(map(self._may_make_pods, places)):
            yield Offer(ONLY_SHOWN, question.namespace, question.name or "")

    def _may_make_pods(self, namespace: str | None) -> bool:
        makers = (one for listed in self._final.known.get(CUSTOM, {}).values() for one in listed)
        is_others = namespace is not None and namespace not in self._final.namespaces
        return is_others or _reaches(makers, namespace) or self._makes("pods", namespace)

    def _places(self, question: Question) -> Iterator[str | None]:
        """The namespaces that the Pod which asks comes into; none if one of them is not known."""
        applied = [*self._reach.asked_in(question).values()]
        if all(one.is_known for one in applied):
            yield from (one.place(question.namespace) for one in applied)

    def lacking(self, question: Question) -> Iterator[Offer]:
        """That an object is there without a key, with the key that may be meant; it holds where the object is."""
        kind, name, key = (question.name or "").split("/", 2)
        found = [
            one
            for one in self._written.known.get(kind, {}).get(name, ())
            if self._written.is_reached(one, question.namespace)
        ]
        keys = {name for one in found for fact in one.facts[1:] for name in self._keys(fact)}
        if not found or self._is_partial or not keys.isdisjoint({key, UNKNOWN_KEYS}):
            return
        is_changed = any(DATA in patch.facts for one in found for patch in self._patches(f"{kind}/{name}", one))
        if not is_changed and name not in self._named and not self._makes(_RESOURCES[kind], question.namespace):
            meant = get_close_matches(key, sorted(keys), 1)
            for one in found:
                yield Offer(LACKING, question.namespace, question.name or "", (one.facts[0], *meant), by=one.by)

    def _keys(self, fact: str) -> Iterable[str]:
        """The keys that a fact tells of."""
        if not fact.startswith(LISTED):
            return (fact.removeprefix(KEYS),)
        source = self._sources.get(fact.removeprefix(LISTED))
        return generators.keys(source) if source else (UNKNOWN_KEYS,)

    def _patches(self, title: str, one: Offer) -> Iterator[Offer]:
        return self._reach.patches(Question(PATCHED, None, title, one.by))

    def _may_be_made(self, kind: str, name: str, namespace: str | None) -> bool:
        """Whether something may make an object that Pods refer to, or somebody makes all of its kind by hand."""
        if kind not in _RESOURCES:
            return False
        if _EVERYWHERE.fullmatch(f"{kind}/{name}") or name in self._named or self._makes(_RESOURCES[kind], namespace):
            return True
        return self._is_claimed(name) if kind == "PersistentVolumeClaim" else self._is_kept_elsewhere(kind, namespace)

    def _is_kept_elsewhere(self, kind: str, namespace: str | None) -> bool:
        """Whether no Secret is part of the input, nor what one is made of, as they are not to be committed."""
        known = [one for listed in self._written.known.get(kind, {}).values() for one in listed]
        makers = (
            one for listed in self._written.known.get(CUSTOM, {}).values() for one in listed if FOR_SECRETS in one.facts
        )
        return kind == "Secret" and not any(self._written.is_reached(one, namespace) for one in (*known, *makers))

    def _is_claimed(self, name: str) -> bool:
        """Whether a StatefulSet makes a claim of that name of a template (getPersistentVolumeClaimName)."""
        stem, _, ordinal = name.rpartition("-")
        return ordinal.isdecimal() and any(
            stem == f"{fact.removeprefix(CLAIMS)}-{owner}"
            for owner, listed in self._written.known.get("StatefulSet", {}).items()
            for one in listed
            for fact in one.facts
        )


def _may_make(kind: str, name: str, made: str) -> bool:
    """Whether an object may make one of that name: Kubernetes' own controllers add to its name, others do anything."""
    if kind in (CUSTOM, OTHER) or name.endswith(ANY_NAME):
        return name.removesuffix(ANY_NAME) in made
    return made == name if kind == "Service" else made.startswith(f"{name}-")


def _final(existing: Iterable[Offer], reach: Reach) -> Iterator[Offer]:
    """Objects as kustomizations call them in the end; what is not known may be any of its kind."""
    for one in existing:
        kind, _, name = one.name.partition("/")
        for applied in reach.applied(one.by).values():
            final = applied.name(name) if applied.is_known else "${NAME}"
            namespace = applied.place(one.namespace) if applied.is_known else None
            yield one._replace(name=f"{kind}/{final}", namespace=namespace)


def _takes_more(offers: Mapping[str, Iterable[Offer]], paths: Collection[str]) -> bool:
    """Whether a kustomization takes files that are not part of the run."""
    takers = list(offers.get(TAKES, ()))
    known = {*paths, *(one.name for one in takers)}
    return bool(paths) and any(taken not in known for one in takers for taken in one.facts)


def _reaches(listed: Iterable[Offer], namespace: str | None) -> bool:
    """Whether one of the objects is, or may be, in a namespace."""
    return any(may_be(one.namespace, namespace) for one in listed)
