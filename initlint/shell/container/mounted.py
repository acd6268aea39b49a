"""Scripts that a container finds in its file system because a ConfigMap of the input holds them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from initlint.kube.pods import configmaps
from initlint.kube.pods.container import Container
from initlint.kube.terms.quantity import read_quantity
from initlint.kube.terms.unknown import Part
from initlint.regex import regex
from initlint.shell.commands.interpret import understand
from initlint.shell.container.mounts import Attachment, MountTable
from initlint.shell.container.user import user_of
from initlint.shell.language.shells import READING_IN, file_index, is_shell
from initlint.shell.language.values import Argument, Value, resolve, whole
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Node, Scalar

_SHEBANG = regex(r"#![ \t]*(\S+)[ \t]*([^\n]*)")
_READS_OPTIONS = regex(r"(?:^|[;&)\s])(?:shift|getopts)\b")
# ConfigMapVolumeSourceDefaultMode
_DEFAULT_MODE = 0o644
_WITH_MODES = ("configMap", "downwardAPI", "projected", "secret")
# What Flux makes a reference of; to a shell it would be the number of its process and a text in braces.
_ESCAPED = "$${"


class Shebang(NamedTuple):
    """The shell that a script names in its first line, and the options that it gives it."""

    shell: str
    options: str


@dataclass(frozen=True, eq=False)
class MountedFile:
    """A file of a ConfigMap: the text, how people call it, and whether the container may execute it."""

    node: Scalar
    name: str
    is_executable: bool

    @property
    def shebang(self) -> Shebang | None:
        """The shell that its first line names; None without one, or if it names another program."""
        match = _SHEBANG.match(self.node.value)
        if match is None:
            return None
        words = [match[1], *match[2].split()]
        if posixpath.basename(words[0]) == "env":
            words = [word for word in words[1:] if word != "-S" and "=" not in word]
        return Shebang(words[0], " ".join(words[1:])) if words and is_shell(words[0]) else None


class MountedCall(NamedTuple):
    """A command that runs a mounted file: by which shell, with which options and arguments; `word` names the file.

    `is_read_in`: its own shell reads it in, as `.` does.
    """

    file: MountedFile
    word: Argument
    shell: str
    options: str
    arguments: tuple[Value, ...]
    is_read_in: bool = False


def read_in(
    arguments: Sequence[Argument], cwd: Value, files: Mapping[str, MountedFile], *, by: str
) -> MountedCall | None:
    """The mounted file that a shell reads in, if a command makes it; what has no slash is sought on the PATH."""
    if len(arguments) < 2 or arguments[0].text not in READING_IN or "/" not in arguments[1].value.known:
        return None
    file = files.get(resolve(arguments[1].value, cwd).text or "")
    return MountedCall(file, arguments[1], by, "", tuple(one.value for one in arguments[2:]), True) if file else None


def called(
    arguments: Sequence[Argument], cwd: Value, files: Mapping[str, MountedFile], *, by: str = ""
) -> MountedCall | None:
    """The mounted file that a command runs, if it does; a shell (`by`) runs files without a first line for one, too."""
    words = [one.text for one in arguments]
    index = 0 if not words or not is_shell(words[0]) else file_index(words)
    if not files or not words or index is None or "/" not in (words[index] or "") + "/" * index:
        return None
    file = files.get(resolve(arguments[index].value, cwd).text or "")
    if file is None or (_READS_OPTIONS.search(file.node.value) and _is_understood(arguments[index:], cwd)):
        return None
    values = tuple(one.value for one in arguments[index + 1 :])
    if index:
        return MountedCall(
            file, arguments[index], words[0] or "", " ".join(word or "" for word in words[1:index]), values
        )
    shell = file.shebang or (Shebang(by, "") if by and not file.node.value.startswith("#!") else None)
    return MountedCall(file, arguments[0], *shell, values) if shell and file.is_executable else None


def _is_understood(arguments: Sequence[Argument], cwd: Value) -> bool:
    """Whether a file is called like a program that waits, which says more than the text that reads its options."""
    meaning = understand(arguments, cwd)
    return meaning.waits and bool(meaning.probes) and all(one.host and one.host.is_whole for one in meaning.probes)


@lru_cache(maxsize=512)  # as long as the scripts of the container
def mounted_files(container: Container) -> Mapping[str, MountedFile]:
    """The files of ConfigMaps that a container sees, by their paths, as far as the input says what is in them.

    None for a container that names no folder that such files are in.
    """
    unknown = {Part.MOUNTS, Part.VOLUMES} & container.pod.unknown.keys()
    if unknown or not any(_is_of_config_map(container, mount.name.value) for mount in container.mounts):
        return {}
    table = MountTable(container)
    found: dict[str, MountedFile] = {}
    if any(_is_named(container, one.at) for one in table.attachments if one.kind in _KINDS):
        for attachment in table.attachments:
            for path, file in _files(container, attachment.volume.node if attachment.volume else None):
                at = attachment.shows(f"/{path}")
                location = table.locate(whole(at)) if at else None
                if at and location and location.attachment is attachment:
                    found[at] = file
    return found


def files_of(container: Container, attachment: Attachment) -> list[MountedFile]:
    """The files of a mount of ConfigMaps that a container sees, whoever names them, as far as the input holds them."""
    unknown = {Part.MOUNTS, Part.VOLUMES} & container.pod.unknown.keys()
    if unknown or attachment.kind not in _KINDS or attachment.volume is None:
        return []
    return [file for path, file in _files(container, attachment.volume.node) if attachment.shows(f"/{path}")]


_KINDS = ("configMap", "projected")


def _is_of_config_map(container: Container, name: str) -> bool:
    volume = container.pod.volumes.get(name)
    return volume is not None and volume.kind in _KINDS


def _is_named(container: Container, folder: str) -> bool:
    """Whether what the container runs, at its start, too, where, or a variable of it names a folder."""
    values = (variable.value for variable in container.env)
    probe, hook = container.node["startupProbe"], container.node["lifecycle"]["postStart"]
    asked = (word for one in (probe, hook) for word in one["exec"]["command"])
    words = (*container.command, *container.args, container.node["workingDir"], *values, *asked)
    return any(folder in word.value for word in words)


def _files(container: Container, volume: Node | None) -> Iterator[tuple[str, MountedFile]]:
    """The files of a volume, by their paths in it; of two at one path neither is known."""
    if volume is None:
        return
    projected = volume["projected"]
    sources = [one["configMap"] for one in projected["sources"]] if projected else [volume["configMap"]]
    mode = (projected or volume["configMap"])["defaultMode"]
    found = [one for source in sources if source["name"] for one in _of_source(container, source, mode)]
    paths = [path for path, _ in found]
    yield from ((path, file) for path, file in found if paths.count(path) == 1)


def _of_source(container: Container, source: Node, default: Node) -> Iterator[tuple[str, MountedFile]]:
    texts = configmaps.texts(container.pod, source["name"].value)
    items = [(one["key"].value, one["path"].value, one["mode"] or default) for one in source["items"]]
    for key, path, mode in items if source["items"] else [(key, key, default) for key in texts]:
        text = texts.get(key)
        if text is not None and _ESCAPED not in text.value:
            name = f"ConfigMap/{source['name'].value}.{key}"
            yield posixpath.normpath(path), MountedFile(text, name, _may_execute(container, mode))


def _may_execute(container: Container, mode: Node) -> bool:
    """Whether the container's user may execute a file of that mode, which belongs to root, and to fsGroup if any."""
    bits = number_of(mode) if mode else _DEFAULT_MODE
    is_root = user_of(container).is_root
    return bits is not None and bool(bits & (0o011 if is_root is False else 0o111))


def file_mode(volume: Node, path: str) -> int | None:
    """The mode of a file of a ConfigMap, a Secret or their like, by its path in the volume; None if it is not known."""
    kind = next((one for one in _WITH_MODES if volume[one]), None)
    mode = mode_node(volume, path) if kind else None
    if mode is None:
        return None  # not all have the same
    return number_of(mode) if mode else _DEFAULT_MODE


def mode_node(volume: Node, path: str) -> Node | None:
    """What says the mode of such a file, absent where nothing does; None if of all files not one thing does."""
    kind = next((one for one in _WITH_MODES if volume[one]), "")
    sources = [one[each] for one in volume[kind]["sources"] for each in _WITH_MODES if one[each]]
    items = [item for source in (volume[kind], *sources) for item in source["items"]]
    own = next((item["mode"] for item in items if path in ("/", f"/{item['path'].value}") and item["mode"]), None)
    if own is not None:
        return None if path == "/" else own
    return volume[kind]["defaultMode"]


def number_of(mode: Node) -> int | None:
    """A mode as YAML reads it: with a leading zero it is octal, else decimal."""
    quantity = read_quantity(mode) if isinstance(mode, Scalar) and mode.kind is ScalarKind.INTEGER else None
    return quantity.units if quantity else None
