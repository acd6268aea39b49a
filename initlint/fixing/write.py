"""Write a mended file: whole or not at all, as it was encoded, and only if it is still what was read."""

from __future__ import annotations

import codecs
from pathlib import Path

from initlint import atomic
from initlint.text.source import Source

_BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def encode(source: Source) -> bytes:
    """The bytes of a source, in its encoding and with its byte order mark."""
    return (_BOMS[source.encoding] if source.bom else b"") + source.text.encode(source.encoding)


def write(file: Path, before: Source, after: Source) -> str | None:
    """Replace a file; returns why that was not done."""
    try:
        if file.read_bytes() != encode(before):
            return "it has changed meanwhile"
        atomic.replace(file, encode(after))
    except OSError as error:
        return f"it cannot be written: {(error.strerror or str(error)).lower()}"
    return None
