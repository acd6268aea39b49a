"""Pods and what is in them, in the order in which it starts."""
