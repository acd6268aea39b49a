"""Scripts as a shell reads them: syntax, exit status, and what they do. Nothing is ever executed."""
