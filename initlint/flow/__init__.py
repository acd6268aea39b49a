"""The way of the data from init container to app: which path lies on which volume, who writes it and who needs it.

What holds of it, and what every rule may rely on:

- A path lies on the volume of the longest mount above it, at the mount's sub-path; else on the container's own file
  system, which dies with the container. A path whose mount is not known for certain has no location at all.
- A location that is not known in whole keeps what is known of it: the volume, and how the path on it begins.
- Containers come in the order in which the kubelet starts them. Sidecars go on beside all that follows; apps start
  together, so that none of them is before another.
- Whether what is read has been written is answered by yes, no, or not known; one link of the chain that is not known
  (a variable, a command, a script that is not shown) makes the answer not known.
"""

from initlint.flow.aside import elsewhere
from initlint.flow.closed import closed
from initlint.flow.edges import DataEdge, edges
from initlint.flow.history import Fate, Flow, follow
from initlint.flow.model import Certainty, Key, Need, Use, Via
from initlint.flow.stations import Station
from initlint.flow.unexecutable import unexecutable
from initlint.shell.container.mounts import Attachment, Location

__all__ = [
    "Attachment",
    "Certainty",
    "DataEdge",
    "Fate",
    "Flow",
    "Key",
    "Location",
    "Need",
    "Station",
    "Use",
    "Via",
    "closed",
    "edges",
    "elsewhere",
    "follow",
    "unexecutable",
]
