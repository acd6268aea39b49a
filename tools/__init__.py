"""Developer tools; what they make is part of the repository."""
