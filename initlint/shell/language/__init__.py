"""The language: from a text to its syntax, and what of a word is known before it runs."""
