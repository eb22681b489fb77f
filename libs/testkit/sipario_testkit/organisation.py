"""A made-up company of any size, the same for the same seed: what benchmarks and soak tests fill a portal with.

Half of its entities are components, a fifth people; what depends on what is deep and without circles, so that
one component has some 500 dependents in a company of 10,000 entities.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml
from sipario_model import EntityRef, Relation, relations_of

Entity = dict[str, Any]

DOCUMENTS_PER_FILE = 250
PER_THOUSAND = {"Group": 40, "User": 200, "Domain": 5, "System": 30, "API": 125, "Resource": 100}
LIKELY_IMPACT = 500

_WORDS = (
    "aisle balcony batch box calendar cast chair concert contract curtain customer deposit discount door "
    "encore evening fee festival foyer gallery gift guest hall hold house invoice lamp lease letter list lobby "
    "matinee member menu night notice order parcel parking part pass payout permit plan poster premiere price "
    "programme promise queue quota rate receipt refund rehearsal reminder rental report return review "
    "role rota row sale scene score season seat series shift show sponsor stage stall subscription survey "
    "tariff ticket till tour trap usher venue voucher wardrobe wing"
)
THINGS = tuple(_WORDS.split())
DEEDS = ("Books", "Checks", "Counts", "Draws", "Files", "Holds", "Matches", "Prints", "Settles", "Sorts")
TAGS = ("audit", "batch", "csharp", "edge", "go", "java", "kafka", "kotlin", "pci", "python", "rust", "sql")
STAGES = ("production",) * 6 + ("experimental",) * 3 + ("deprecated",)
COMPONENTS = ("service",) * 6 + ("library",) * 3 + ("website",)
APIS = ("openapi",) * 6 + ("grpc",) * 2 + ("asyncapi", "graphql")
RESOURCES = ("bucket", "cache", "database", "queue")


@dataclass(frozen=True)
class Organisation:
    """All entities of a company, in the order in which they were founded."""

    entities: Sequence[Entity]

    @cached_property
    def relations(self) -> frozenset[Relation]:
        """What the entities declare, each once, in its canonical direction."""
        return frozenset(relation for entity in self.entities for relation in relations_of(entity))

    def files(self) -> dict[str, str]:
        """The files of a repository that declares the company: a Location that lists parts of 250 documents."""
        starts = range(0, len(self.entities), DOCUMENTS_PER_FILE)
        parts = {
            f"parts/part-{number:04d}.yaml": _yaml(self.entities[start : start + DOCUMENTS_PER_FILE])
            for number, start in enumerate(starts)
        }
        spec = {"targets": [f"./{path}" for path in parts]}
        return {"catalog-info.yaml": _yaml([_entity("Location", "company", spec)]), **parts}

    def manifest(self) -> dict[str, Any]:
        """Facts that a reader of the files can be held to; relations are counted in both directions."""
        root, dependents = self.impact()
        return {
            "entities": len(self.entities),
            "kinds": dict(Counter(entity["kind"] for entity in self.entities)),
            "relations": 2 * len(self.relations),
            "impact": {"root": root, "dependents": dependents},
        }

    def refs(self, kind: str) -> list[str]:
        """The refs of one kind."""
        return [_ref(kind, _name(entity)) for entity in self.entities if entity["kind"] == kind]

    def impact(self) -> tuple[str, int]:
        """The component whose transitive dependents come nearest to 500, and how many it has."""
        dependents = defaultdict(set)
        for relation in self.relations:
            if relation.type == "dependsOn":
                dependents[relation.target].add(relation.source)
        sizes = {ref: len(_reached(ref, dependents)) for ref in self.refs("Component")}
        return min(sizes.items(), key=lambda each: (abs(each[1] - LIKELY_IMPACT), each[0]))


def organisation(size: int, seed: int = 7) -> Organisation:
    """Found a company of `size` entities."""
    counts = {kind: max(2, round(size * share / 1000)) for kind, share in PER_THOUSAND.items()}
    counts["Component"] = size - sum(counts.values())
    return Organisation(_Founding(random.Random(seed)).all_of(counts))  # noqa: S311 - nothing here is secret


@dataclass
class _Founding:
    dice: random.Random
    made: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def all_of(self, counts: Mapping[str, int]) -> list[Entity]:
        return [
            self._remember(self.entity(kind, number)) for kind in counts for number in range(counts[kind])
        ]

    def entity(self, kind: str, number: int) -> Entity:
        if kind == "Domain":
            return self._owned(kind, number)
        found: Entity = getattr(self, f"_{kind.lower()}")(number)
        return found

    def _group(self, number: int) -> Entity:
        # Each group is below one of the first third founded before it: some five levels.
        name, before = self._called("team", number), self.made["Group"]
        kind = "organization" if not before else "department" if number < 12 else "team"
        parent = {"parent": before[self.dice.randrange(max(1, number // 3))]} if before else {}
        spec = {"type": kind, "profile": _profile(name), "children": [], **parent}
        return _entity("Group", name, spec, self._sentence())

    def _user(self, number: int) -> Entity:
        name = self._called("person", number)
        teams = self._some("Group", (1, 1, 1, 2))
        return _entity("User", name, {"profile": _profile(name), "memberOf": teams}, self._sentence())

    def _system(self, number: int) -> Entity:
        return self._owned("System", number, domain=self.dice.choice(self.made["Domain"]))

    def _api(self, number: int) -> Entity:
        answers = {"200": {"description": "What was asked for"}}
        paths = {
            f"/{thing}/{{id}}": {"get": {"summary": self._sentence(), "responses": answers}}
            for thing in self.dice.sample(THINGS, 6)
        }
        about = {"title": f"Interface {number}", "version": "1.0.0"}
        definition = _yaml([{"openapi": "3.0.0", "info": about, "paths": paths}])
        spec = {"type": self.dice.choice(APIS), "lifecycle": self.dice.choice(STAGES)}
        return self._owned("API", number, **spec, system=self._any_system(), definition=definition)

    def _resource(self, number: int) -> Entity:
        return self._owned("Resource", number, type=self.dice.choice(RESOURCES), system=self._any_system())

    def _component(self, number: int) -> Entity:
        spec = {"type": self.dice.choice(COMPONENTS), "lifecycle": self.dice.choice(STAGES)}
        entity = self._owned("Component", number, **spec, system=self._any_system(), **self._needs(number))
        name = _name(entity)
        entity["metadata"] |= {
            "title": name.replace("-", " ").capitalize(),
            "labels": {"tier": str(self.dice.randint(1, 4)), "budget": f"b{self.dice.randint(1, 99)}"},
            "annotations": {
                "github.com/project-slug": f"palco/{name}",
                "sonarqube.org/project-key": f"k{self.dice.getrandbits(64):016x}",
            },
            "links": [{"url": f"https://runbooks.palco.example/{name}", "title": "Runbook", "icon": "docs"}],
        }
        return entity

    def _needs(self, number: int) -> dict[str, list[str]]:
        dice, before, apis = self.dice, self.made["Component"], self.made["API"]
        needs = {_ref("Resource", dice.choice(self.made["Resource"]))} if dice.random() < 0.5 else set()
        for _ in range(dice.choice((0, 1, 1, 2)) if before else 0):
            needs.add(_ref("Component", before[int(len(before) * dice.random() ** 0.6)]))
        provides = [apis[number]] if number < len(apis) else []
        consumes = self._some("API", (0, 1, 2, 2))
        lists = {"dependsOn": sorted(needs), "providesApis": provides, "consumesApis": consumes}
        return {name: refs for name, refs in lists.items() if refs}

    def _owned(self, kind: str, number: int, **spec: Any) -> Entity:
        spec["owner"] = self.dice.choice(self.made["Group"])
        entity = _entity(kind, self._called(kind.lower(), number), spec, self._sentence())
        entity["metadata"]["tags"] = sorted(self.dice.sample(TAGS, self.dice.randint(1, 3)))
        return entity

    def _remember(self, entity: Entity) -> Entity:
        self.made[entity["kind"]].append(_name(entity))
        return entity

    def _some(self, kind: str, how_many: Sequence[int]) -> list[str]:
        there = self.made[kind]
        return self.dice.sample(there, min(len(there), self.dice.choice(how_many)))

    def _any_system(self) -> str:
        return self.dice.choice(self.made["System"])

    def _sentence(self) -> str:
        one, other, third = self.dice.sample(THINGS, 3)
        return f"{self.dice.choice(DEEDS)} every {one} and {other} that the {third} people ask about."

    def _called(self, prefix: str, number: int) -> str:
        return f"{prefix}-{self.dice.choice(THINGS)}-{self.dice.choice(THINGS)}-{number:05d}"


def _entity(kind: str, name: str, spec: Mapping[str, Any], says: str = "All of the company") -> Entity:
    metadata = {"name": name, "description": says}
    return {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": dict(spec)}


def _profile(name: str) -> dict[str, str]:
    return {"displayName": name.replace("-", " ").title(), "email": f"{name}@palco.example"}


def _name(entity: Entity) -> str:
    return str(entity["metadata"]["name"])


def _ref(kind: str, name: str) -> str:
    return str(EntityRef(kind, "default", name))


def _reached(root: str, onward: Mapping[str, set[str]]) -> set[str]:
    reached, edge = {root}, {root}
    while edge:
        edge = {there for here in edge for there in onward.get(here, ())} - reached
        reached |= edge
    return reached - {root}


def _yaml(documents: Sequence[Entity]) -> str:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump_all(documents, Dumper=dumper, sort_keys=False, explicit_start=len(documents) > 1)
    return str(text)
