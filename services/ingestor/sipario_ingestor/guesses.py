"""What a repository without entity files seems to be written in, and whose it seems to be, each with its evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sipario_scm import Commit, FileMissing, FileRefused, Tree

_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("py", "pyi"), "Python"),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), "JavaScript"),
    **dict.fromkeys(("ts", "tsx", "mts"), "TypeScript"),
    **dict.fromkeys(("c", "h"), "C"),
    **dict.fromkeys(("cpp", "cc", "cxx", "hpp"), "C++"),
    **dict.fromkeys(("kt", "kts"), "Kotlin"),
    **dict.fromkeys(("ex", "exs"), "Elixir"),
    **dict.fromkeys(("sh", "bash"), "Shell"),
    "go": "Go",
    "java": "Java",
    "rs": "Rust",
    "rb": "Ruby",
    "php": "PHP",
    "cs": "C#",
    "swift": "Swift",
    "scala": "Scala",
    "dart": "Dart",
    "tf": "Terraform",
    "sql": "SQL",
    "r": "R",
    "lua": "Lua",
    "vue": "Vue",
}
_NOT_OURS = frozenset({"node_modules", "vendor", "third_party", "dist", "build", ".venv"})
_CODEOWNERS = tuple(f"{folder}CODEOWNERS" for folder in ("", ".github/", ".gitlab/", ".bitbucket/", "docs/"))
_EVERYTHING = frozenset({"*", "**", "/", "/*", "/**", "**/*"})
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Guess:
    """A value, and why it is thought to be so."""

    value: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Person:
    """A User of the catalog: its ref, and the refs of the groups it is in."""

    ref: str
    groups: tuple[str, ...] = ()


def language(paths: Iterable[str]) -> Guess | None:
    """Guess by the endings of file names."""
    found = Counter(_language(path) for path in paths if _NOT_OURS.isdisjoint(path.split("/")))
    del found[""]
    if not found:
        return None
    name, files = found.most_common(1)[0]
    return Guess(name, f"{files} of {found.total()} source files")


def owner_by_rules(tree: Tree) -> Guess | None:
    """Take the owner of everything from CODEOWNERS; the last rule for all files counts."""
    path = next((path for path in _CODEOWNERS if path in tree.files), "")
    if not path:
        return None
    try:
        text = tree.read(path, _LARGEST).decode("utf-8", "replace")
    except (FileMissing, FileRefused):
        return None
    guess = None
    for number, line in enumerate(text.splitlines(), 1):
        pattern, *owners = line.partition("#")[0].split() or [""]
        if pattern in _EVERYTHING:
            named = next(filter(None, map(_owner, owners)), "")
            guess = Guess(named, f"{path} line {number}: {line.strip()[:200]}") if named else None
    return guess


def owner_by_commits(commits: Sequence[Commit], people: Mapping[str, Person]) -> Guess | None:
    """Take the group that most of the commits come from, or else the person; `people` by their e-mails."""
    known = [people[each.email.lower()] for each in commits if each.email.lower() in people]
    groups = Counter(group for person in known for group in person.groups)
    persons = Counter(person.ref for person in known)
    for found, of in ((groups, "are by its members"), (persons, "are by this person")):
        if found:
            ref, number = found.most_common(1)[0]
            return Guess(ref, f"{number} of the last {len(commits)} commits {of}")
    return None


def _language(path: str) -> str:
    return _LANGUAGES.get(path.rpartition("/")[2].rpartition(".")[2].lower(), "") if "." in path else ""


def _owner(word: str) -> str:
    """Say an owner of CODEOWNERS as a ref: a team, or a user by name or by what stands before the @."""
    if word.startswith("@"):
        organization, _, team = word[1:].rpartition("/")
        return f"group:default/{team}".lower() if organization else f"user:default/{team}".lower()
    name, at, _ = word.partition("@")
    return f"user:default/{name}".lower() if at else ""
