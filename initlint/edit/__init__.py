"""Edits through the tree: how a rule says what its fix changes, wherever and in whatever style that is written."""

from initlint.edit.insertion import append, insert
from initlint.edit.moving import move
from initlint.edit.removal import delete, replace
from initlint.edit.script import add_words, prepend, rewrite
from initlint.edit.values import Value

__all__ = ["Value", "add_words", "append", "delete", "insert", "move", "prepend", "replace", "rewrite"]
