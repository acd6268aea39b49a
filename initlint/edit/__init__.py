"""Edits through the tree: how a rule says what its fix changes, wherever and in whatever style that is written."""

from initlint.edit.custom import fields_before
from initlint.edit.insertion import append, insert, put_first
from initlint.edit.mounts import mount, mount_like
from initlint.edit.moving import move
from initlint.edit.removal import delete, replace
from initlint.edit.script import add_words, prepend, rewrite
from initlint.edit.sidecar import LOOKED_AT_NOW, make_sidecar
from initlint.edit.values import Value

__all__ = [
    "LOOKED_AT_NOW",
    "Value",
    "add_words",
    "append",
    "delete",
    "fields_before",
    "insert",
    "make_sidecar",
    "mount",
    "mount_like",
    "move",
    "prepend",
    "put_first",
    "replace",
    "rewrite",
]
