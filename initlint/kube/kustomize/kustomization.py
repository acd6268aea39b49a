"""What a kustomization takes, and what it changes in that: names, images, and what its patches touch."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

import yaml

from initlint.kube.kustomize.applied import LABEL, NAMESPACE, PREFIX, REPLICAS, SELECTOR, SUFFIX, UNKNOWN, WAVE
from initlint.kube.kustomize.generators import is_made
from initlint.kube.kustomize.made import words
from initlint.kube.kustomize.patches import (
    AT_TURN,
    DATA,
    EVERY_PART,
    QUOTA,
    RBAC,
    SAYS,
    SERVICE,
    SYNC_WAVE,
    TURN,
    touched,
)
from initlint.kube.kustomize.paths import folder_of, path_of
from initlint.kube.terms.cluster import IMAGES, KUSTOMIZATIONS, PATCHES, Offer
from initlint.kube.terms.homes import BUILT_IN, RBAC_GROUP, manifests
from initlint.kube.terms.unknown import Part
from initlint.text import yamltext
from initlint.text.documents import documents
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Node, Scalar, TextError

TAKES = "resources of a kustomization"
COMPONENTS = "components of a kustomization"
RENAMES = "kustomization that renames"
MOVES = "kustomization that sets the namespace"
CHANGES = "kustomization that changes names or labels"
OBJECTS = "object"
TARGETS = "target of a patch"
GENERATED = "-."
"""How the turns of generators begin, which come before all patches of their kustomization."""
ANY = ""
"""A kind or name of a target that is not given, or not known."""

# In the order in which kustomize applies them.
_PATCHES = ("patchesStrategicMerge", "patches", "patchesJson6902")
_REFERRING = {
    Part.ENVIRONMENT.name: {"env", "envFrom"},
    Part.VOLUMES.name: {"volumes", "volumeClaimTemplates"},
    Part.MOUNTS.name: {"volumeMounts"},
    Part.COMMANDS.name: {"command", "args"},
    Part.IMAGES.name: {"image"},
    Part.RESOURCES.name: {"resources"},
    Part.ACCOUNT.name: {"serviceAccount", "serviceAccountName"},
}
_UNREAD = Offer(OBJECTS, None, "", (ANY, ANY, *EVERY_PART, RBAC, SERVICE, DATA, QUOTA, TURN))


def lines_of(text: Scalar) -> Span:
    """The lines of a literal text, from the beginning of the first one, so that all of them are indented alike."""
    where = text.at(0, len(text.value))
    return Span(text.source.text.rfind("\n", 0, where.start) + 1, where.end)


def is_kustomization(root: Node) -> bool:
    """Whether an object is one; not each has a `kind`."""
    if kind := root["kind"].value:
        return kind in ("Kustomization", "Component")
    is_named_so = posixpath.basename(root.source.path) in KUSTOMIZATIONS
    return bool(is_named_so or root["patches"] or root["patchesStrategicMerge"])


def offers(root: Node) -> Iterator[Offer]:
    """What a kustomization offers to the files that it takes; one of Flux has a `spec`, and takes nothing itself."""
    if not root["spec"]:
        yield from _ways(root)
    yield from _images(root)
    yield from _replacements(root)
    yield from _generated(root)
    for rank, key in enumerate(_PATCHES):
        for index, listed in enumerate(root[key]):
            at = f"{rank}.{index:04}" if _says_all(listed["target"]) else ""
            yield from _patch(root, listed, folder_of(root.source.path), at)
        for listed in root["spec"][key]:
            yield from _patch(root, listed, None, "")


def held_patches(root: Node) -> Iterator[Document]:
    """The strategic merge patches that stand in a kustomization itself, each where it stands there."""
    is_named_so = posixpath.basename(root.source.path) in KUSTOMIZATIONS
    listed = [one["patch"] for one in root["patches"] if not one["target"]] if is_named_so else []
    for text in [*listed, *(root["patchesStrategicMerge"] if is_named_so else ())]:
        if isinstance(text, Scalar) and text.style is Style.LITERAL:
            where = lines_of(text)
            try:
                found = list(yamltext.read(root.source, where.start, root.source.text[where.start : where.end]))
            except (TextError, yaml.YAMLError):
                continue
            yield from (one._replace(span=where) for one in found)


def listed_at(root: Node, turn: str) -> Node:
    """The patch that a kustomization lists at a turn: a path, a text, or a mapping that holds one of them."""
    rank, _, index = turn.partition(".")
    return list(root[_PATCHES[int(rank)]])[int(index)]


def as_patches(source: Source) -> list[Offer]:
    """What the objects and lists of operations in a file change if a kustomization lists it as a patch."""
    read = [one.root for one in documents(source) if isinstance(one, Document)]
    return [_as_patch(node) for root in read for node in list(manifests(root)) or [root]]


def _as_patch(root: Node) -> Offer:
    parts = touched(root)
    said = () if {SERVICE, RBAC, TURN}.isdisjoint(parts) else (f"{SAYS}{words(root)}",)
    facts = (root["kind"].value, root["metadata"]["name"].value, *parts, *said) if parts else ()
    return Offer(OBJECTS, None, root.source.path, facts)


def _ways(root: Node) -> Iterator[Offer]:
    """Which files and folders it takes, and which components change what it takes."""
    here = folder_of(root.source.path)
    components = tuple(path_of(root, one.value) for one in root["components"])
    taken = (path_of(root, one.value) for key in ("resources", "bases") for one in root[key])
    yield Offer(TAKES, None, here, (*taken, *components))
    if components:
        yield Offer(COMPONENTS, None, here, components)
    if affixes := tuple(key for key in (PREFIX, SUFFIX) if root[key] or root["transformers"]):
        yield Offer(RENAMES, None, here, affixes)
    if namespace := root["namespace"].value:
        yield Offer(MOVES, None, here, (namespace,))
    if changes := tuple(_changes(root)):
        yield Offer(CHANGES, None, here, changes)


def _changes(root: Node) -> Iterator[str]:
    """What it makes of the namespaces, names, labels and replicas of objects."""
    yield from (f"{what} {root[what].value}" for what in (NAMESPACE, PREFIX, SUFFIX) if root[what].value)
    for one in root["labels"]:
        for_selectors = one["includeSelectors"].truth is True
        if for_selectors or one["includeTemplates"].truth is True:
            yield from _labels(one["pairs"], for_selectors=for_selectors)
    yield from _labels(root["commonLabels"], for_selectors=True)
    yield from (f"{REPLICAS} {one['name'].value}={one['count'].value}" for one in root["replicas"])
    if wave := root["commonAnnotations"][SYNC_WAVE].value:
        yield f"{WAVE} {wave}"
    if root["transformers"]:
        yield UNKNOWN


def _labels(pairs: Node, *, for_selectors: bool) -> Iterator[str]:
    for key, value in pairs.items():
        yield f"{LABEL} {key.value}={value.value}"
        if for_selectors:
            yield f"{SELECTOR} {key.value}={value.value}"


def _images(root: Node) -> Iterator[Offer]:
    """Names of images for which it sets another name, tag or digest.

    One of Flux names its folder as the repository sees it, so that it may reach any file.
    """
    own = [(image, folder_of(root.source.path)) for image in root["images"]]
    listed = [*own, *((image, None) for image in root["spec"]["images"])]
    for image, through in listed:
        if image["name"].value and any(image[key] for key in ("newName", "newTag", "digest", "tagSuffix")):
            yield Offer(IMAGES, None, image["name"].value, (), through)


def _replacements(root: Node) -> Iterator[Offer]:
    """Replacements that may set what an object does; those in a file of their own may set anything."""
    for replacement in root["replacements"]:
        for selected in [one["select"] for one in replacement["targets"]] or [replacement["select"]]:
            pattern = (selected["kind"].value, selected["name"].value)
            facts = (*pattern, SERVICE, DATA, RBAC, QUOTA, *_references(replacement))
            yield Offer(TARGETS, None, ANY, facts, folder_of(root.source.path), root.source.path)


def _references(replacement: Node) -> Iterator[str]:
    """Which parts of a Pod that refer to other objects a replacement may set."""
    paths = [field.value for one in replacement["targets"] for field in one["fieldPaths"]]
    steps = {step for path in paths for step in path.split(".")}
    yield from (part for part, keys in _REFERRING.items() if not steps.isdisjoint(keys))


def _generated(root: Node) -> Iterator[Offer]:
    """What it makes of files, which it merges into objects of the same name, or puts in their place."""
    for kind, key in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for index, generator in enumerate(root[key]):
            if is_made(generator):
                continue
            facts = (kind, generator["name"].value, DATA, f"{AT_TURN}{GENERATED}{index:04}")
            yield Offer(TARGETS, None, ANY, facts, folder_of(root.source.path), root.source.path)


def _says_all(target: Node) -> bool:
    """Whether a kind and a name say which objects a patch is for."""
    group, kind = target["group"].value, target["kind"].value
    is_other = group not in ("", RBAC_GROUP) and (group, kind) not in BUILT_IN
    return (
        not is_other
        and target["version"].value in ("", "v1")
        and not any(target[key] for key in ("namespace", "labelSelector", "annotationSelector"))
    )


def _patch(root: Node, listed: Node, through: str | None, at: str) -> Iterator[Offer]:
    """A patch is a file, a text or an object; a target says which others it is for than its own.

    `at` is when its turn comes, nothing where it is not clear for which objects it is.
    """
    target, by = listed["target"], root.source.path
    wanted = (at, target["kind"].value, target["name"].value) if target else (at,)
    text = listed["patch"].value or (listed.value if is_patch_text(listed.value) else "")
    file = listed["path"] or listed
    if file.value and not text:
        yield Offer(PATCHES, None, path_of(root, file.value), wanted, through, by)
    else:
        read = _read(Source(by, text)) if text else (_as_patch(listed["patch"] or listed),)
        yield from targets(Offer(PATCHES, None, ANY, wanted, through, by), read)


def targets(patch: Offer, objects: Sequence[Offer]) -> Iterator[Offer]:
    """What a patch changes that is given by the objects in its file; one that was not read may change anything."""
    at, *wanted = patch.facts
    for one in objects or (_UNREAD,):
        if one.facts:
            facts = (*(wanted or one.facts[:2]), *_in_turn(at, one.facts[2:]))
            yield patch._replace(kind=TARGETS, name=ANY, facts=facts)


def _in_turn(at: str, facts: Iterable[str]) -> Iterator[str]:
    """The same with the turn of a patch, also before what it says."""
    if at:
        yield f"{AT_TURN}{at}"
    for fact in facts:
        if not fact.startswith(SAYS):
            yield fact
        elif at:
            yield f"{SAYS}{at} {fact.removeprefix(SAYS)}"


def is_patch_text(text: str) -> bool:
    """Whether a text is a patch itself, and not the path of one."""
    return "\n" in text or text.startswith("{")


def _read(source: Source) -> Sequence[Offer]:
    """The patches in a text; what cannot be read may change anything."""
    try:
        return [_as_patch(document.root) for document in yamltext.read(source, 0, source.text)]
    except (TextError, yaml.YAMLError):
        return (_UNREAD,)
