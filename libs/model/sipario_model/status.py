"""Statuses: what processing has to say of an entity, kept on the entity for a person to see."""

from typing import Literal, Self

from pydantic import BaseModel

from sipario_model.problem import Problem

PROCESSING = "backstage.io/catalog-processing"
Level = Literal["info", "warning", "error"]


class StatusItem(BaseModel, frozen=True):
    """One message about an entity, with the place in the file that it is about, when there is one."""

    type: str
    level: Level
    message: str
    path: str | None = None
    line: int | None = None
    field: str | None = None

    @classmethod
    def of(cls, problem: Problem, level: Level = "error") -> Self:
        """Return a problem as a status of catalog processing."""
        return cls(
            type=PROCESSING,
            level=level,
            message=problem.message,
            path=problem.path or None,
            line=problem.line,
            field=problem.field or None,
        )
