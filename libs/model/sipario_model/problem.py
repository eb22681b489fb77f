"""What is wrong with a file or an entity, said so that a person knows what to mend and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A message with the file, the line (from 1) and the dotted field that it is about.

    `certain`: the entity has the name that it means to have, so that the problem is about no other.
    """

    message: str
    path: str = ""
    line: int | None = None
    field: str = ""
    certain: bool = False

    def __str__(self) -> str:
        place = ":".join(part for part in (self.path, str(self.line or "")) if part)
        return f"{place}: {self.message}" if place else self.message


class YamlProblem(ValueError):
    """A document, or a whole file, that can't be read as YAML; line and column count from 1."""

    def __init__(self, path: str, line: int, *, column: int, message: str) -> None:
        super().__init__(f"YAML error at {path}:{line}:{column}, {message}")
        self.path = path
        self.line = line
        self.column = column
        self.message = message

    def problem(self) -> Problem:
        """Return it in the shape that problems of entities have."""
        return Problem(str(self), self.path, self.line)
