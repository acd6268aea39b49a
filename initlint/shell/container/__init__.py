"""What a container runs: its scripts, the mounted files they call, and what its image, user and mounts say of it."""
