"""The words of Kubernetes: versions, quantities, references, and where each kind keeps its Pods."""
