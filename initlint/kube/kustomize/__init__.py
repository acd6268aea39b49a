"""Kustomizations: what they take, how far they reach, and what they change in it."""
