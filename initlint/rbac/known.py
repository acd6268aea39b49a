"""The permissions of a run: each file that may say something about a name is read when that name is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import Offer
from initlint.rbac.roles import ACCOUNTS, BINDINGS, CLUSTER_ROLE, ROLE, Binding, BindingSubject, binding_of, of_file
from initlint.text.source import Source

Found = tuple[Offer, Binding, BindingSubject]

# Beyond so many names it takes longer to search the files for them than to read the files.
_MOST_NAMES = 50


class KnownAccess:
    """ServiceAccounts, bindings and roles, as far as they were asked for, by name; bindings by whom they name."""

    def __init__(self, sources: Iterable[Source], reach: Reach) -> None:
        self._unread = list(sources)
        self._reach = reach
        self._names = set[str]()
        self.accounts: dict[str, list[Offer]] = {}
        self.roles: dict[str, dict[str, list[Offer]]] = {ROLE: {}, CLUSTER_ROLE: {}}
        self.bindings: dict[str, list[Found]] = {}
        self.shared: dict[str, list[Found]] = {}

    def read(self, *names: str) -> None:
        """Read the files in which one of some names stands, or may stand behind an escape."""
        if self._names.issuperset(names):
            return
        self._names.update(names)
        wanted = (*names, "\\") if len(self._names) <= _MOST_NAMES else ("",)
        unread, self._unread = self._unread, []
        for source in unread:
            if any(name in source.text for name in wanted):
                for offer in of_file(source):
                    self._take(offer)
            else:
                self._unread.append(source)

    def read_all(self) -> None:
        """Read every file."""
        self.read("")

    def _take(self, offer: Offer) -> None:
        if offer.kind == ACCOUNTS:
            self.accounts.setdefault(offer.name, []).append(offer)
        elif offer.kind in self.roles:
            self.roles[offer.kind].setdefault(offer.name, []).append(offer)
        elif offer.kind == BINDINGS and not self._reach.is_patch(offer.by):
            binding = binding_of(offer)
            for one in binding.subjects:
                by_name = self.bindings if one.kind == ACCOUNTS else self.shared
                by_name.setdefault(one.name, []).append((offer, binding, one))
