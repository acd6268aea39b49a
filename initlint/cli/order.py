"""Show how Pods start."""

from __future__ import annotations

from initlint.cli.pictures import picture
from initlint.pictures.order.collect import collect_orders

order = picture(
    "order",
    collect_orders,
    "Show how Pods start. What waits for what, which volumes carry data, what it costs, what is found where.",
)
