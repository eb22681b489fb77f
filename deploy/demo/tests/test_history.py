"""From files and a history to commits."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from dulwich.objects import Commit
from sipario_demo.commits import committed, mail_address
from sipario_demo.history import HistoryError, Repository
from sipario_demo.organisation import repositories
from sipario_model import read

HISTORY = """
description: Two pages
commits:
  - {author: Ada Rossi, date: "2026-02-03T09:00:00+01:00", message: Begin}
  - author: Bo Li
    date: "2026-04-03T09:00:00+02:00"
    message: A second page, and no notes
    adds: [docs/*]
    changes: {a.md: [{was: one page, now: two pages}]}
    removes: {notes.txt: "buy milk"}
"""


def _repository(folder: Path, history: str = HISTORY) -> Repository:
    files = folder / "book"
    (files / "docs").mkdir(parents=True)
    (files / "a.md").write_text("There are two pages.")
    (files / "docs" / "b.md").write_text("The second.")
    (folder / "book.yaml").write_text(history)
    return Repository.read(files, folder / "book.yaml")


def test_a_commit_is_undone_to_get_what_was_before(tmp_path: Path) -> None:
    first, last = _repository(tmp_path).versions
    assert first.files == {"a.md": "There are one page.", "notes.txt": "buy milk"}
    assert last.files == {"a.md": "There are two pages.", "docs/b.md": "The second."}


def test_a_change_that_does_not_fit_its_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"book, commit 'A second.*'ten pages' occurs 0 times, not once"):
        _repository(tmp_path, HISTORY.replace("now: two pages", "now: ten pages"))


def test_an_addition_that_adds_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"no file is called pages/\*"):
        _repository(tmp_path, HISTORY.replace("docs/*", "pages/*"))


def test_commits_have_their_authors_dates_and_parents(tmp_path: Path) -> None:
    head, store = committed(_repository(tmp_path).versions)
    last = store[head]
    assert isinstance(last, Commit)
    assert last.author == b"Bo Li <bo.li@palco.example>"
    assert last.author_timezone == 7200
    assert datetime.fromtimestamp(last.author_time, UTC).isoformat() == "2026-04-03T07:00:00+00:00"
    first = store[last.parents[0]]
    assert isinstance(first, Commit)
    assert (first.message, first.parents) == (b"Begin\n", [])


def test_ids_of_commits_are_the_same_every_time(tmp_path: Path) -> None:
    head, _ = committed(_repository(tmp_path).versions)
    assert head == b"a6e9a3cc7199f98b083825ee324f72441b2c186d"


def test_each_repository_has_a_history_by_several_people() -> None:
    for repository in repositories():
        steps = [version.step for version in repository.versions]
        assert 3 <= len(steps) <= 8, repository.name
        assert len({step.author for step in steps}) >= 2, repository.name
        assert [step.date for step in steps] == sorted(step.date for step in steps), repository.name


def test_whoever_commits_is_one_of_the_people() -> None:
    files = {each.name: each.versions[-1].files for each in repositories()}["organisation"]
    documents = [
        each for path in files if path.startswith("people/") for each in read(files[path], path).documents
    ]
    profiles = [document.value["spec"]["profile"] for document in documents]
    people = {profile["displayName"]: profile["email"] for profile in profiles}
    authors = {version.step.author for repository in repositories() for version in repository.versions}
    assert authors <= people.keys()
    assert all(people[author] == mail_address(author) for author in authors)
