"""Kubernetes as the manifests show it: where Pods are, what is in them, in which order they start."""
