"""The way through a script: every command in order, with what is known where it runs."""
