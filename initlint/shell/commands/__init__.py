"""One command: what it does, asks for and waits for, from its words alone, as `commands.yaml` has it."""
