"""Scripts as a shell reads them: syntax, exit status, and what they do. Nothing is ever executed.

Each package builds on those before it: `language`, `commands`, `outcome`, `way`, `waiting`, `container`, `questions`.
"""
