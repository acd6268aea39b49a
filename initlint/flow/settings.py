"""Which paths the settings of well-known programs name, where a ConfigMap of the input holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.finding import Mounted, Place
from initlint.regex import regex
from initlint.shell.container.mounted import MountedFile, files_of
from initlint.shell.container.mounts import Attachment, MountTable, within

DOCUMENT_ROOT = "document_root"
"""What such a program is told by which it serves a directory."""

_PATH = r"(?P<path>/[\w./@+-]+)"


class Named(NamedTuple):
    """A path in the settings of a container, what they name it for, and where that stands."""

    path: str
    option: str
    where: Mounted


class _Program(NamedTuple):
    """A program, by the images that it is in, with the folder of its settings, and how they name what it reads.

    What it serves by default is not served where one of the files or folders `by` which it does is another one.
    """

    images: frozenset[str]
    folder: str
    directory: str
    file: str
    end: str
    default: str
    by: tuple[str, ...]


_PROGRAMS = (
    _Program(
        frozenset({"nginx", "nginxinc/nginx-unprivileged", "openresty/openresty"}),
        "/etc/nginx",
        r"(?:root|alias)\s+",
        r"(?:ssl_(?:client_)?certificate(?:_key)?|ssl_trusted_certificate|auth_basic_user_file)\s+",
        r"\s*;",
        "/usr/share/nginx/html",
        ("/etc/nginx/nginx.conf", "/etc/nginx/conf.d/default.conf"),
    ),
    _Program(
        frozenset({"httpd"}),
        "/usr/local/apache2/conf",
        r'DocumentRoot\s+"?',
        r'(?:SSLCertificate(?:Key|Chain)?File|AuthUserFile)\s+"?',
        r'"?\s*$',
        "/usr/local/apache2/htdocs",
        ("/usr/local/apache2/conf/httpd.conf",),
    ),
    _Program(
        frozenset({"caddy"}),
        "/etc/caddy",
        r"root\s+\*\s+",
        r"tls\s+",
        r"(?=\s|$)",
        "/usr/share/caddy",
        ("/etc/caddy/Caddyfile",),
    ),
)


def named_by_settings(table: MountTable) -> Iterator[Named]:
    """What a program is told by files of ConfigMaps in the folder of its settings; comments tell nothing."""
    for program in _programs(table):
        for attachment in table.attachments:
            if within(attachment.at, program.folder):
                for file in files_of(table.container, attachment):
                    yield from _named(file, attachment, program)


def no_defaults(table: MountTable) -> Iterator[str]:
    """The directories that a program serves by default, and not where its settings are others and name others."""
    for program in _programs(table):
        named = [one.path for one in named_by_settings(table) if one.option == DOCUMENT_ROOT]
        is_replaced = any(one.holds(file) for one in table.attachments for file in program.by)
        if named and is_replaced and program.default not in named:
            yield program.default


def _programs(table: MountTable) -> Iterator[_Program]:
    names = {*table.container.reference.names}
    return (one for one in _PROGRAMS if not names.isdisjoint(one.images))


def _named(file: MountedFile, attachment: Attachment, program: _Program) -> Iterator[Named]:
    container = attachment.mount.container
    calling = Place(attachment.mount.node.source, attachment.mount.path.span)
    for option, lead in ((DOCUMENT_ROOT, program.directory), ("config_file", program.file)):
        pattern = regex(rf"(?m)^(?:[^#\n]*[{{;\s])?{lead}{_PATH}{program.end}")
        for match in pattern.finditer(file.node.value):
            place = Place(file.node.source, file.node.at(match.start("path"), match.end("path")))
            yield Named(match["path"], option, Mounted(place, calling, str(container), file.name, container))
