"""The version of initlint, and where it is at home on the web, where every module may read it."""

__version__ = "0.1.0"

HOME = "https://github.com/initlint/initlint"
PAGES = f"{HOME}/tree/v{__version__}"
"""Folders as they are in this version, each with its page."""

FILES = f"{HOME.replace('github.com', 'raw.githubusercontent.com')}/v{__version__}"
"""Files as they are in this version."""
