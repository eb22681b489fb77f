"""The table of pull requests; `head` and `base` are branch names of the same repository."""

import sqlite3
from dataclasses import dataclass
from typing import Self

from sipario_forge.clock import now
from sipario_forge.database import Database
from sipario_forge.errors import NotFound
from sipario_forge.registry import Hosted


@dataclass(frozen=True)
class Proposal:
    """What a pull request asks for."""

    title: str
    head: str
    base: str
    body: str = ""
    draft: bool = False


@dataclass(frozen=True)
class Pull:
    """A pull request; `head_sha` and `base_sha` are where the branches were when it was last open."""

    id: int
    repository_id: int
    number: int
    title: str
    body: str
    head: str
    base: str
    author: str
    state: str
    draft: bool
    head_sha: str
    base_sha: str
    merge_sha: str | None
    created_at: str
    updated_at: str
    closed_at: str | None
    merged_at: str | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """Read a row of the table."""
        return cls(**dict(row) | {"draft": bool(row["draft"])})


class PullTable:
    """Remembers pull requests, numbered from 1 in each repository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, hosted: Hosted, proposal: Proposal, *, author: str, head_sha: str, base_sha: str) -> Pull:
        """Open a pull request."""
        with self._database.transaction() as tables:
            last = tables.row("SELECT max(number) AS number FROM pulls WHERE repository_id = ?", hosted.id)
            number = ((last["number"] if last else None) or 0) + 1
            tables.write(
                "INSERT INTO pulls (repository_id, number, title, body, head, base, author, state, draft,"
                " head_sha, base_sha, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)",
                *(hosted.id, number, proposal.title, proposal.body, proposal.head, proposal.base, author),
                *(proposal.draft, head_sha, base_sha, now(), now()),
            )
        return self.find(hosted, number)

    def find(self, hosted: Hosted, number: int) -> Pull:
        """Return one pull request; raises NotFound."""
        found = self._select("repository_id = ? AND number = ?", hosted.id, number)
        if not found:
            raise NotFound
        return found[0]

    def of_repository(self, hosted: Hosted) -> list[Pull]:
        """Return all pull requests of a repository, latest first."""
        return self._select("repository_id = ?", hosted.id)

    def open_from(self, hosted: Hosted, head: str) -> list[Pull]:
        """Return the open pull requests whose branch this is."""
        return self._select("repository_id = ? AND head = ? AND state = 'open'", hosted.id, head)

    def open_into(self, hosted: Hosted, base: str) -> list[Pull]:
        """Return the open pull requests that want to be merged into this branch."""
        return self._select("repository_id = ? AND base = ? AND state = 'open'", hosted.id, base)

    def edit(self, pull: Pull, *, title: str, body: str, base: str) -> None:
        """Overwrite what people wrote."""
        self._database.write(
            "UPDATE pulls SET title = ?, body = ?, base = ?, updated_at = ? WHERE id = ?",
            *(title, body, base, now(), pull.id),
        )

    def advance(self, pull: Pull, head_sha: str) -> None:
        """Remember where its branch is now."""
        self._database.write(
            "UPDATE pulls SET head_sha = ?, updated_at = ? WHERE id = ?", head_sha, now(), pull.id
        )

    def reopen(self, pull: Pull) -> None:
        """Open it again."""
        self._database.write(
            "UPDATE pulls SET state = 'open', closed_at = NULL, updated_at = ? WHERE id = ?", now(), pull.id
        )

    def close(self, pull: Pull, *, merge_sha: str | None = None, base_sha: str | None = None) -> None:
        """Close it, as merged when there is a commit that did it."""
        self._database.write(
            "UPDATE pulls SET state = 'closed', closed_at = ?, updated_at = ?, merged_at = ?, merge_sha = ?,"
            " base_sha = coalesce(?, base_sha) WHERE id = ?",
            *(now(), now(), now() if merge_sha else None, merge_sha, base_sha, pull.id),
        )

    def _select(self, condition: str, *values: object) -> list[Pull]:
        statement = f"SELECT * FROM pulls WHERE {condition} ORDER BY number DESC"  # noqa: S608 - constants above
        return [Pull.of(row) for row in self._database.rows(statement, *values)]
