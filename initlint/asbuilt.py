"""From what is found in a workload as kustomizations build it to the files that its parts were written in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from initlint.finding import Diagnostic, Place, RelatedPlace
from initlint.graph.facts import Facts, WorkloadFacts
from initlint.graph.needs import ObjectFacts
from initlint.graph.waits import Wanted
from initlint.kube.pods.pod import Workload
from initlint.kube.terms.build import Build
from initlint.kube.terms.homes import BUILT_IN, group_of
from initlint.text.source import Span
from initlint.text.tree import Node

_Fact: TypeAlias = Facts | ObjectFacts

InBuild: TypeAlias = tuple[Diagnostic, frozenset[str]]
"""What is found in a workload as it is built, and the files that this is built of."""

_OF_TEXT = "INIT012"
"""The code of what is wrong with a text, whatever is made of it."""

_MOST = 3
"""Patches that a finding names."""


def in_build(found: Diagnostic, build: Build, workload: Workload) -> Diagnostic:
    """What is found in a workload as it is built, where it was written, with what makes it so.

    No fix: what one would change may be there for others, too.
    """
    place = build.written(found.place)
    name = workload.node["metadata"]["name"]
    own = Place(workload.node.source, name.span)
    related = [one._replace(place=build.written(one.place)) for one in found.related]
    if build.is_patched_at(found.place):
        related.append(RelatedPlace(own, f"{workload.ref} is patched by it"))
    else:
        related += patched_at(build.listed, _order(workload.node, build.node))
    caller = found.caller and build.written(found.caller)
    if caller is None and place.source.path != own.source.path:
        caller = own
    return replace(found, place=place, related=tuple(related), caller=caller, fix=None)


def patched_at(listed: Iterable[Place], why: str = "") -> Iterator[RelatedPlace]:
    """Where kustomizations name the patches of a workload, with what these make of it."""
    return (RelatedPlace(one, f"a kustomization patches it here{why}") for one in islice(listed, _MOST))


def _order(node: Node, built: Node) -> str:
    """What patches make of the order of init containers: those of which a patch speaks come first."""
    before, after = _init_containers(node), _init_containers(built)
    kept, now = (name for name in before if name in after), (name for name in after if name in before)
    moved = next((pair for pair in zip(kept, now, strict=True) if pair[0] != pair[1]), None)
    return f", so that `{moved[1]}` comes before `{moved[0]}`" if moved else ""


def _init_containers(node: Node) -> list[str]:
    home = BUILT_IN.get((group_of(node), node["kind"].value))
    return [one["name"].value for spec in (home.specs(node) if home else ()) for one in spec["initContainers"]]


def with_builds(
    known: Iterable[_Fact], workload: Workload, builds: Iterable[tuple[Build, Iterable[_Fact]]]
) -> Iterator[_Fact]:
    """The facts of a source, of which those of a workload are told as each kustomization builds it, too.

    What it waits for may be something else in each of them, even if the workload is the same.
    """
    told = [(build, one) for build, facts in builds for one in facts if isinstance(one, WorkloadFacts)]
    is_patched = any(build.listed for build, _ in told)
    name = (workload.node["metadata"]["name"] or workload.node).span
    for one in known:
        if not isinstance(one, WorkloadFacts) or one.span != name:
            yield one
            continue
        built = [_as_built(one, build, fact) for build, fact in told]
        others = [new for new in built if is_patched or new.waits or _said(new) != _said(one)]
        yield replace(one, elsewhere=frozenset(root for new in others for root in new.roots or ()))
        yield from others


def _said(one: WorkloadFacts) -> tuple[object, ...]:
    """What may differ from one kustomization to the next."""
    return one.labels, one.peers, one.waits, one.sidecars, one.is_idle, one.asks_cluster


def _as_built(one: WorkloadFacts, build: Build, built: WorkloadFacts) -> WorkloadFacts:
    """What a workload tells as it is built, with places in the files of the run."""
    return replace(
        one,
        labels=built.labels,
        peers=built.peers,
        waits=tuple(_written(wait, build, one.path) for wait in built.waits),
        sidecars=built.sidecars,
        is_idle=built.is_idle,
        asks_cluster=built.asks_cluster,
        roots=build.roots,
        patched_at=tuple((place.source.path, place.span) for place in build.listed),
    )


def _written(wait: Wanted, build: Build, path: str) -> Wanted:
    place = build.written(Place(build.node.source, wait.span))
    return wait._replace(span=place.span, path=place.source.path if place.source.path != path else "")


def parts_of(build: Build) -> frozenset[str]:
    """The files that decide what is built: of the workload, its patches, and the kustomizations that name these."""
    return frozenset((*(one.source.path for one in build.pieces), *(one.source.path for one in build.listed)))


def is_only_built(builds: Sequence[Build]) -> bool:
    """Whether a workload never comes into a cluster as its file has it."""
    known = sum(len(build.roots) for build in builds)
    return bool(builds) and all(build.ways == known for build in builds)


def still(known: Iterable[Diagnostic], workload: Workload, built: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What is found in a source, but for that of a workload which is so in none of its builds."""
    told = {(*_where(one), one.message) for one in built}
    return (
        one
        for one in known
        if one.object != workload.ref or one.code == _OF_TEXT or (*_where(one), one.message) in told
    )


def whole(
    known: Iterable[Diagnostic], built: Iterable[Diagnostic], patches: Mapping[str, Collection[Span]]
) -> Iterator[Diagnostic]:
    """What is found in sources, of which that in patches is told as it is of the workloads that they are for, or not.

    `patches` are those of which it is known what becomes of them, by the paths of their files.
    """
    told = {_where(one): one for one in built if one.caller}
    for one in known:
        is_patch = any(span.contains(one.place.span) for span in patches.get(one.path, ()))
        found = told.get(_where(one)) if is_patch and one.caller is None else None
        if not is_patch or one.caller or one.code == _OF_TEXT:
            yield one
        elif found:
            yield replace(found, fix=one.fix)


def _where(one: Diagnostic) -> tuple[object, ...]:
    return one.code, one.path, one.place.span


def new(built: Iterable[InBuild], known: Iterable[Diagnostic], reported: Collection[str]) -> Iterator[Diagnostic]:
    """Of what is found in workloads as they are built, what is not found without that; each once.

    It is of each file that is a part of what is built, wherever it stands.
    """
    told = {_where(one) for one in known}
    for one, files in built:
        if files.isdisjoint(reported):
            continue
        key = _where(one)
        own = (*key, one.object, one.container)
        if key not in told and own not in told:
            told.add(own)
            yield one
