"""A Git host of the world: repositories that change, and what is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sipario_events import RepositoryChanged
from sipario_model import Relation

from sipario_testkit.simulation.faults import Faults

REPOSITORIES = 3
REFS = 8
PAGES = 3
SECTIONS = 4
BRANCH = "main"
NOISE = (("pushed", "next"), ("pull_request", "main"))


@dataclass(frozen=True)
class Declared:
    """One entity as a repository declares it: a word of its own, and what it depends on."""

    word: str
    needs: tuple[str, ...]

    def relations(self, ref: str) -> tuple[Relation, ...]:
        """Say it as relations."""
        return tuple(Relation(ref, "dependsOn", other) for other in self.needs)


@dataclass(frozen=True)
class Commit:
    """All of a repository at one moment: entities by ref, and how many sections its pages of docs have, by path."""

    name: str = ""
    entities: Mapping[str, Declared] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)


class Forge:
    """Some repositories; the same entity may be declared in several of them."""

    def __init__(self, faults: Faults) -> None:
        self._dice = faults.dice
        self.heads = {f"https://github.com/o/r{number}": Commit() for number in range(REPOSITORIES)}

    def push(self) -> RepositoryChanged:
        """Change something in a repository; returns what its webhook says."""
        repository = self._dice.choice(list(self.heads))
        before = self.heads[repository]
        entities, pages = dict(before.entities), dict(before.pages)
        for _ in range(self._dice.randrange(1, 4)):
            self._edit(entities)
        path = f"page{self._dice.randrange(PAGES)}/"
        pages[path] = self._dice.randrange(SECTIONS)
        if not pages[path]:
            del pages[path]
        self.heads[repository] = Commit(self._name(), entities, pages)
        return RepositoryChanged(repository=repository, branch=BRANCH, commit=self.heads[repository].name)

    def noise(self) -> RepositoryChanged:
        """Say something that changes nothing."""
        change, branch = self._dice.choice(NOISE)
        repository = self._dice.choice(list(self.heads))
        said = {"change": change, "branch": branch, "commit": self._name()}
        return RepositoryChanged.model_validate({"repository": repository, **said})

    def _edit(self, entities: dict[str, Declared]) -> None:
        ref, *others = (f"component:default/c{self._dice.randrange(REFS)}" for _ in range(3))
        if ref in entities and self._dice.random() < 0.4:
            del entities[ref]
        else:
            entities[ref] = Declared(f"word {self._dice.randrange(3)}", tuple(sorted({*others} - {ref})))

    def _name(self) -> str:
        return f"{self._dice.getrandbits(160):040x}"
