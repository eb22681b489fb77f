"""The questions that catalog-graph puts to the graph, one a file."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str, **names: str) -> str:
    """Read a query; `names` fills in labels and relationship types, which cannot be parameters.

    They come from `graph.py` only, where they are plain identifiers whatever an entity says.
    """
    text = files(__name__).joinpath(f"{name}.cypher").read_text("utf-8")
    for placeholder, identifier in names.items():
        text = text.replace(placeholder, identifier)
    return text
