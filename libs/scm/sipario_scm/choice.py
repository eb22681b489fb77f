"""Which commit a wanted branch, tag or commit means among the refs that a host advertises."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sipario_scm.errors import BranchVanished, EmptyRepository

_SHA = re.compile(r"[0-9a-f]{40}")
_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Heads:
    """What a host advertises: commits by ref, and the branch that HEAD stands for; empty when for none."""

    refs: Mapping[str, str]
    default: str = ""

    @property
    def branches(self) -> dict[str, str]:
        """The head commits by branch."""
        return {ref.removeprefix(_HEADS): sha for ref, sha in self.refs.items() if ref.startswith(_HEADS)}

    def choose(self, wanted: str) -> tuple[str, str]:
        """Return name and commit of a branch, a tag or a full commit id; empty means the default branch.

        Raises EmptyRepository and BranchVanished.
        """
        if not self.refs:
            raise EmptyRepository("the repository is empty: push a first commit")
        if not wanted:
            return self._default()
        for ref in (_HEADS + wanted, f"refs/tags/{wanted}^{{}}", f"refs/tags/{wanted}"):
            if ref in self.refs:
                return wanted, self.refs[ref]
        if _SHA.fullmatch(wanted):
            return wanted, wanted
        raise BranchVanished(f"the repository has no branch {wanted!r} any more; it has {self._known()}")

    def _default(self) -> tuple[str, str]:
        branches = self.branches
        for name in (self.default, "main", "master"):
            if name in branches:
                return name, branches[name]
        raise BranchVanished(f"the repository's default branch does not exist; it has {self._known()}")

    def _known(self) -> str:
        names = sorted(self.branches)
        return f"{', '.join(names[:5])}{' …' if len(names) > 5 else ''}" if names else "no branches"
