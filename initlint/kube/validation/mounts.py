"""What a container mounts, where, and how (ValidateVolumeMounts, ValidateVolumeDevices).

That a volume is not there is told by the rule undeclared-volume.
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At, repeated
from initlint.kube.validation.values import Wrong, invalid

_DEVICE_SOURCES = ("persistentVolumeClaim", "ephemeral")


def mounts(at: At, case: ValidationCase) -> Iterator[Objection]:
    """All mounts and devices of a container."""
    mounted, devices = list(at["volumeMounts"].each()), list(at["volumeDevices"].each())
    if not case.keeps_images:
        mounted = [mount for mount in mounted if mount["name"].text not in case.image_volumes]
    yield from _unique(mounted, "mountPath", case)
    yield from _unique(devices, "devicePath", case)
    yield from _unique(devices, "name", case)
    for mount in mounted:
        yield from _mount(mount, at, case)
    for device in devices:
        yield from _device(device, case)
    yield from _both(mounted, devices, case)


def _unique(places: list[At], field: str, case: ValidationCase) -> Iterator[Objection]:
    for path, first in repeated(place[field] for place in places):
        wrong = Wrong("which it sets twice", "give each its own", invalid(path, "must be unique"))
        yield case.wrong(path, wrong, related=first.node)


def _mount(at: At, container: At, case: ValidationCase) -> Iterator[Objection]:
    if at["subPath"].text and at["subPathExpr"].text:
        wrong = Wrong(
            "beside a `subPath`, where only one of them can be",
            "remove one of them",
            invalid(at["subPathExpr"], "subPathExpr and subPath are mutually exclusive"),
        )
        yield case.wrong(at["subPathExpr"], wrong, related=at["subPath"].node)
    propagation = at["mountPropagation"]
    is_privileged = container["securityContext"]["privileged"]
    if propagation.text == "Bidirectional" and is_privileged.truth is not True and not _is_pending(is_privileged):
        says = "Forbidden: Bidirectional mount propagation is available only to privileged containers"
        problem = "which only a privileged container can have"
        yield case.wrong(propagation, Wrong(problem, "make the container privileged, or remove it", says))
    yield from _recursive(at, case)


def _is_pending(at: At) -> bool:
    return is_placeholder(at.node.value)


def _recursive(at: At, case: ValidationCase) -> Iterator[Objection]:
    recursive = at["recursiveReadOnly"]
    if recursive.text not in ("Enabled", "IfPossible") or not case.version.keeps("VolumeMount", "recursiveReadOnly"):
        return
    if at["readOnly"].truth is not True and not _is_pending(at["readOnly"]):
        says = "Forbidden: may only be specified when readOnly is true"
        yield case.wrong(recursive, Wrong("where `readOnly` is not true", "set `readOnly: true`", says))
    if at["mountPropagation"].text not in ("", "None"):
        says = "Forbidden: may only be specified when mountPropagation is None or not specified"
        problem = "where mounts are propagated"
        wrong = Wrong(problem, "remove one of them", says)
        yield case.wrong(recursive, wrong, related=at["mountPropagation"].node)


def _device(at: At, case: ValidationCase) -> Iterator[Objection]:
    name = at["name"]
    volume = case.own_volumes.get(name.text)
    if volume and not volume.among(*_DEVICE_SOURCES):
        says = invalid(name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
        problem = "which is no block device: only a claim can be one"
        wrong = Wrong(problem, "mount it with `volumeMounts`, or make it a `persistentVolumeClaim`", says)
        yield case.wrong(name, wrong, related=volume.where)


def _both(mounted: list[At], devices: list[At], case: ValidationCase) -> Iterator[Objection]:
    """The same volume or path as a mount and as a device."""
    for field, other in (("name", "name"), ("mountPath", "devicePath")):
        known = {device[other].text: device[other] for device in devices if device[other].text}
        for mount in mounted:
            place = mount[field]
            if place.text in known:
                as_what = "as a path " * (field != "name")
                says = invalid(place, f"must not already exist {as_what}in volumeDevices")
                wrong = Wrong("which it uses as a device, too", "use it in one of the two ways", says)
                yield case.wrong(place, wrong, related=known[place.text].node)
