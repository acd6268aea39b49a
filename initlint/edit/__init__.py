"""Edits through the tree: how a rule says what its fix changes, wherever and in whatever style that is written."""

from initlint.edit.script import add_words, prepend, rewrite

__all__ = ["add_words", "prepend", "rewrite"]
