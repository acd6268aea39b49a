"""From findings to mended files: fixes are chosen, applied, verified and written."""
