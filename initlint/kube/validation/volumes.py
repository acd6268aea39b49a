"""Volumes: their names, and their sources (ValidateVolumes)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection
from initlint.kube.terms.quantity import ZERO, read_quantity
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At, repeated
from initlint.kube.validation.table import table
from initlint.kube.validation.values import Wrong, invalid

_SOURCES = (
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
    "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
    "flexVolume", "configMap",
)  # fmt: skip


def volumes(at: At, case: ValidationCase) -> Iterator[Objection]:
    """All volumes of a Pod."""
    for name, first in repeated(volume["name"] for volume in at["volumes"].each()):
        wrong = Wrong("which another volume is called, too", "rename one of them", f'Duplicate value: "{name}"')
        yield case.wrong(name, wrong, related=first.node)


def volume(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One volume; one without a source is an emptyDir."""
    known = table(case.version).fields("Volume")
    sources = [at[key.value] for key, value in at.node.items() if value and key.value in known and key.value != "name"]
    given = sorted((one for one in sources if one.step != "image" or case.keeps_images), key=_order)
    for other in given[1:]:
        problem = f"beside `{given[0].step}`, where a volume has only one source"
        says = "Forbidden: may not specify more than 1 volume type"
        yield case.wrong(other, Wrong(problem, "make it two volumes", says), related=given[0].key)


def _order(source: At) -> int:
    """The place of a source among those that the API server looks at one after the other."""
    return _SOURCES.index(str(source.step)) if source.step in _SOURCES else len(_SOURCES)


def empty_dir(at: At, case: ValidationCase) -> Iterator[Objection]:
    """An emptyDir; its medium is left to the node."""
    limit = read_quantity(at["sizeLimit"].node)
    if limit is not None and limit < ZERO:
        says = "Forbidden: SizeLimit field must be a valid resource quantity"
        yield case.wrong(at["sizeLimit"], Wrong("which is less than zero", "drop the minus sign", says))


def claim_template(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The template of an ephemeral volume's claim."""
    if not at["volumeClaimTemplate"]:
        wrong = Wrong("which it needs", "set `volumeClaimTemplate`", "Required value")
        yield case.wrong(at["volumeClaimTemplate"], wrong)


def claim(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The spec of a claim (ValidatePersistentVolumeClaimSpec)."""
    if not len(list(at["accessModes"].each())):
        says = "Required value: at least 1 access mode is required"
        yield case.wrong(at["accessModes"], Wrong("which a claim needs", "add `accessModes: [ReadWriteOnce]`", says))
    storage, field = at["resources"]["requests"]["storage"], f"{at['resources'].path}[storage]"
    if not storage:
        wrong = Wrong("which a claim needs", "say how much storage is needed", "Required value")
        yield case.wrong(storage, wrong)._replace(field=field)
    elif (amount := read_quantity(storage.node)) is not None and amount <= ZERO:
        says = invalid(storage, "must be greater than zero")
        wrong = Wrong("which is not more than zero", "say how much storage is needed", says)
        yield case.wrong(storage, wrong)._replace(field=field)


def projected(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The files of several sources must not be the same (validateProjectionSources)."""
    for source in at["sources"].each():
        given = source.among("secret", "configMap", "downwardAPI", "serviceAccountToken")
        if len(given) > 1:
            says = "Forbidden: may not specify more than 1 volume type per source"
            problem = f"beside `{given[0].step}`, where each source stands by itself"
            wrong = Wrong(problem, "make it two sources", says)
            yield case.wrong(given[1], wrong, related=given[0].key)._replace(field=source.path)
    yield from _same_paths(at, case)


def _same_paths(at: At, case: ValidationCase) -> Iterator[Objection]:
    for path, first in repeated(_paths(at)):
        wrong = Wrong("which another source puts there, too", "use two paths", "conflicting duplicate paths")
        yield case.wrong(path, wrong, related=first.node)


def _paths(at: At) -> Iterator[At]:
    for source in at["sources"].each():
        for kind in ("secret", "configMap", "downwardAPI"):
            for item in source[kind]["items"].each():
                yield item["path"]


def downward_file(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A file that holds a field of the Pod or a resource of a container (validateDownwardAPIVolumeFile)."""
    given = at.among("fieldRef", "resourceFieldRef")
    if not given:
        says = "Required value: one of fieldRef and resourceFieldRef is required"
        fact = f"has `{case.name(at)}` with neither `fieldRef` nor `resourceFieldRef`, one of which it needs"
        yield case.about(at, fact, Wrong("", "say what it holds", says))
    elif len(given) > 1:
        says = 'Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously'
        wrong = Wrong("beside `fieldRef`, where only one of them can be", "keep one of them", says)
        yield case.wrong(given[1], wrong, related=given[0].key)


def fibre_channel(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A Fibre Channel volume names its target in one of two ways (validateFCVolumeSource)."""
    names, ids = list(at["targetWWNs"].each()), list(at["wwids"].each())
    if bool(names) == bool(ids):
        says = "must specify either targetWWNs or wwids, but not both"
        problem = "where it needs either `targetWWNs` or `wwids`"
        yield case.wrong(at["targetWWNs"], Wrong(problem, "name the target in one way", f"Required value: {says}"))
    elif names and not at["lun"]:
        says = "Required value: lun is required if targetWWNs is specified"
        yield case.wrong(at["lun"], Wrong("which `targetWWNs` needs", "set `lun`", says))
    elif names and not 0 <= (at["lun"].number or 0) <= 255:
        says = invalid(at["lun"], "must be between 0 and 255, inclusive")
        yield case.wrong(at["lun"], Wrong("which is not between 0 and 255", "set a number from 0 to 255", says))
