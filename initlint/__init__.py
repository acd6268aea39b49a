"""Find what breaks Pod start-up in Kubernetes manifests, before anything is deployed."""

__version__ = "0.1.0"
