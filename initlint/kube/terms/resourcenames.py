"""What the name of a resource says of it: whose it is, and who can have it."""

from __future__ import annotations

HUGE_PAGES = "hugepages-"
"""What stands before the size of a page."""


def is_huge_pages(resource: str) -> bool:
    """Whether it is memory in huge pages."""
    return resource.startswith(HUGE_PAGES)


def is_bytes(resource: str) -> bool:
    """Whether it is counted in bytes, also as `requests.memory`."""
    name = resource.removeprefix("requests.").removeprefix("limits.")
    return name in ("memory", "ephemeral-storage", "storage") or is_huge_pages(name)


def is_native(resource: str) -> bool:
    """Whether it is one of Kubernetes' own (IsNativeResource)."""
    return "/" not in resource or "kubernetes.io/" in resource


def is_for_pods(resource: str) -> bool:
    """Whether a Pod can have it for all its containers together (IsSupportedPodLevelResource)."""
    return resource in ("cpu", "memory") or is_huge_pages(resource)
