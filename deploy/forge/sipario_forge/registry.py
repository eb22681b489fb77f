"""Which repositories there are, under which names, and what else GitHub would know of them."""

import sqlite3
from dataclasses import dataclass
from typing import Self

from sipario_forge.clock import now
from sipario_forge.database import Database
from sipario_forge.errors import Invalid, NotFound
from sipario_forge.names import owner_name, repository_name
from sipario_forge.storage import Storage


@dataclass(frozen=True)
class Hosted:
    """One repository's metadata; `folder` is where its objects are."""

    id: int
    owner: str
    name: str
    folder: str
    private: bool
    description: str
    default_branch: str
    archived: bool
    created_at: str
    updated_at: str
    pushed_at: str

    @property
    def full_name(self) -> str:
        """The name with its owner, as in URLs."""
        return f"{self.owner}/{self.name}"

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """Read a row of the table."""
        values = dict(row)
        return cls(**values | {"private": bool(values["private"]), "archived": bool(values["archived"])})


class Registry:
    """The table of repositories and their files, kept together."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage
        storage.sweep({row["folder"] for row in database.rows("SELECT folder FROM repositories")})

    def create(
        self, owner: str, name: str, *, private: bool = False, description: str = "", branch: str = "main"
    ) -> Hosted:
        """Make an empty repository; raises Invalid when the name is taken or not allowed."""
        owner, name = owner_name(owner), repository_name(name)
        folder = self._storage.create(branch)
        try:
            with self._database.transaction() as tables:
                tables.write("DELETE FROM former_names WHERE owner = ? AND name = ?", owner, name)
                number = tables.write(
                    "INSERT INTO repositories (owner, name, folder, private, description, default_branch,"
                    " created_at, updated_at, pushed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    *(owner, name, folder, private, description, branch, now(), now(), now()),
                )
        except sqlite3.IntegrityError as error:
            self._storage.remove(folder)
            raise Invalid(f"name {owner}/{name} already exists on this forge") from error
        return self.by_id(number)

    def by_id(self, number: int) -> Hosted:
        """Return a repository by its number; raises NotFound."""
        return self._one("SELECT * FROM repositories WHERE id = ?", number)

    def find(self, owner: str, name: str) -> Hosted:
        """Return a repository by its name or a name it had before; raises NotFound."""
        try:
            return self._one("SELECT * FROM repositories WHERE owner = ? AND name = ?", owner, name)
        except NotFound:
            return self._one(
                "SELECT r.* FROM repositories r JOIN former_names f ON f.repository_id = r.id"
                " WHERE f.owner = ? AND f.name = ?",
                *(owner, name),
            )

    def all(self, owner: str | None = None) -> list[Hosted]:
        """Return every repository, or one owner's, oldest first."""
        if owner is None:
            found = self._database.rows("SELECT * FROM repositories ORDER BY id")
        else:
            found = self._database.rows("SELECT * FROM repositories WHERE owner = ? ORDER BY id", owner)
        return [Hosted.of(row) for row in found]

    def rename(self, hosted: Hosted, name: str) -> Hosted:
        """Give a repository a new name, and let the old one still find it; raises Invalid when taken."""
        name = repository_name(name)
        try:
            with self._database.transaction() as tables:
                tables.write("DELETE FROM former_names WHERE owner = ? AND name = ?", hosted.owner, name)
                tables.write(
                    "UPDATE repositories SET name = ?, updated_at = ? WHERE id = ?", name, now(), hosted.id
                )
                tables.write(
                    "INSERT OR REPLACE INTO former_names VALUES (?, ?, ?)",
                    hosted.owner,
                    hosted.name,
                    hosted.id,
                )
        except sqlite3.IntegrityError as error:
            raise Invalid(f"name {hosted.owner}/{name} already exists on this forge") from error
        return self.by_id(hosted.id)

    def describe(self, hosted: Hosted, *, description: str, private: bool, archived: bool) -> Hosted:
        """Change what does not touch the repository's files."""
        self._database.write(
            "UPDATE repositories SET description = ?, private = ?, archived = ?, updated_at = ? WHERE id = ?",
            *(description, private, archived, now(), hosted.id),
        )
        return self.by_id(hosted.id)

    def set_default_branch(self, hosted: Hosted, branch: str) -> Hosted:
        """Remember which branch HEAD names."""
        self._database.write("UPDATE repositories SET default_branch = ? WHERE id = ?", branch, hosted.id)
        return self.by_id(hosted.id)

    def pushed(self, hosted: Hosted) -> Hosted:
        """Remember that something was pushed just now."""
        self._database.write("UPDATE repositories SET pushed_at = ? WHERE id = ?", now(), hosted.id)
        return self.by_id(hosted.id)

    def remove(self, hosted: Hosted) -> None:
        """Forget a repository, then delete its files."""
        self._database.write("DELETE FROM repositories WHERE id = ?", hosted.id)
        self._database.write("DELETE FROM hooks WHERE scope = ?", f"repo:{hosted.id}")
        self._storage.remove(hosted.folder)

    def _one(self, statement: str, *values: object) -> Hosted:
        row = self._database.row(statement, *values)
        if row is None:
            raise NotFound
        return Hosted.of(row)
