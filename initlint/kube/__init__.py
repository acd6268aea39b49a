"""Kubernetes as the manifests show it: its terms, its Pods, and what other objects give to them."""
