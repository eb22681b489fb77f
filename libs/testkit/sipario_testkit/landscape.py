"""Repositories that change at random, and what a portal must show of them: the sources of the law of the fold."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sipario_model import Relation, documents, inverse, relations_of

from sipario_testkit.files import component, site
from sipario_testkit.harness import Content

Relations = frozenset[tuple[str, str]]


@dataclass
class Repository:
    """What one repository declares: words by entity name, and words by page of the first entity's docs."""

    name: str
    entities: dict[str, tuple[str, str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def documented(self) -> str:
        """The entity whose docs these are."""
        return f"{self.name}-0"

    def files(self) -> dict[str, str]:
        """Write it all down."""
        texts = [self._text(name, *said) for name, said in self.entities.items()]
        start, *others = self.pages.items()
        return {
            "README.md": "A repository for tests.\n",
            "catalog-info.yaml": "---\n".join(texts),
            **site(start[1], **dict(others)),
        }

    def _text(self, name: str, word: str, needs: str) -> str:
        text = component(name, description=word, needs=needs)
        return (
            text
            if name == self.documented
            else text.replace("backstage.io/techdocs-ref", "palco.example/none")
        )


class Landscape:
    """Some repositories. `step` changes one of them; every word is used once, so that what is stale is found."""

    def __init__(self, seed: int, repositories: int = 5) -> None:
        self._random = random.Random(seed)  # noqa: S311 - chance, not a secret
        self._written: dict[str, dict[str, str]] = {}
        self.words: set[str] = set()
        self.repositories = [self._new(f"repo{number}") for number in range(repositories)]

    def begin(self) -> Iterator[tuple[str, Mapping[str, Content]]]:
        """Give every repository its first files."""
        for repository in self.repositories:
            yield repository.name, self._change(repository)

    def step(self) -> tuple[str, Mapping[str, Content]]:
        """Add, edit or remove entities and pages somewhere; returns the repository and what to push."""
        repository = self._random.choice(self.repositories)
        change = self._random.choice(
            (self._add, self._edit, self._edit, self._remove, self._write, self._tear)
        )
        change(repository)
        return repository.name, self._change(repository)

    def declared(self) -> dict[str, tuple[str, Relations]]:
        """Map refs to description and relations, both directions, as they must be served."""
        found: dict[str, tuple[str, set[tuple[str, str]]]] = {}
        declared: list[Relation] = []
        for repository in self.repositories:
            for document in documents(repository.files()["catalog-info.yaml"], "catalog-info.yaml"):
                metadata = document.value["metadata"]
                found[f"component:default/{metadata['name']}"] = (metadata["description"], set())
                declared += relations_of(document.value)
        for relation in declared:
            for ref, kind, other in (
                (relation.source, relation.type, relation.target),
                (relation.target, inverse(relation.type), relation.source),
            ):
                if ref in found:
                    found[ref][1].add((kind, other))
        return {ref: (text, frozenset(relations)) for ref, (text, relations) in found.items()}

    def pages(self) -> dict[str, dict[str, str]]:
        """Map documented refs to the words of their pages by path."""
        return {
            f"component:default/{each.documented}": {
                "" if name == "index" else f"{name}/": word for name, word in each.pages.items()
            }
            for each in self.repositories
            if each.documented in each.entities
        }

    def current(self) -> set[str]:
        """The words that must be found; all others of `words` must not."""
        said = {word for each in self.repositories for word, _ in each.entities.values()}
        return said | {word for pages in self.pages().values() for word in pages.values()}

    def _change(self, repository: Repository) -> dict[str, Content]:
        before, files = self._written.get(repository.name, {}), repository.files()
        self._written[repository.name] = files
        return {**dict.fromkeys(before.keys() - files.keys()), **files}

    def _new(self, name: str) -> Repository:
        repository = Repository(name, pages={"index": self._word()})
        for _ in range(3):
            self._add(repository)
        return repository

    def _add(self, repository: Repository) -> None:
        free = [
            f"{repository.name}-{n}" for n in range(8) if f"{repository.name}-{n}" not in repository.entities
        ]
        if free:
            repository.entities[free[0]] = (self._word(), self._needs())

    def _edit(self, repository: Repository) -> None:
        name = self._random.choice(list(repository.entities))
        repository.entities[name] = (self._word(), self._needs())

    def _remove(self, repository: Repository) -> None:
        if len(repository.entities) > 1:
            del repository.entities[self._random.choice(list(repository.entities))]

    def _write(self, repository: Repository) -> None:
        repository.pages[self._random.choice(["index", "one", "two", "three"])] = self._word()

    def _tear(self, repository: Repository) -> None:
        others = [name for name in repository.pages if name != "index"]
        if others:
            del repository.pages[self._random.choice(others)]

    def _needs(self) -> str:
        several = {f"component:repo{self._random.randrange(5)}-{self._random.randrange(8)}" for _ in range(2)}
        return ", ".join(sorted(several))

    def _word(self) -> str:
        word = "".join(self._random.choices("bcdfghjklmnpqrstvwxz", k=14))
        self.words.add(word)
        return word
