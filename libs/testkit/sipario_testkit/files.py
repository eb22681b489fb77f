"""What tests push: the files of repositories, as short as they can be."""

from collections.abc import Iterable

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
  description: {description}
  annotations:
    backstage.io/techdocs-ref: dir:.
spec:
  type: service
  lifecycle: production
  owner: group:default/{owner}
  dependsOn: [{needs}]
"""
LOCATION = """\
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: {name}
spec:
  targets: [{targets}]
"""


def component(name: str, *, description: str = "For a test", owner: str = "ushers", needs: str = "") -> str:
    """Declare a component with docs beside it; `needs` are refs it depends on, with commas between."""
    return COMPONENT.format(name=name, description=description, owner=owner, needs=needs)


def location(name: str, targets: Iterable[str]) -> str:
    """Declare a Location."""
    return LOCATION.format(name=name, targets=", ".join(f'"{target}"' for target in targets))


def site(text: str, **pages: str) -> dict[str, str]:
    """Write docs: a start page and others by name."""
    return {
        "mkdocs.yml": "site_name: Site\n",
        "docs/index.md": f"# Start\n\n{text}\n",
        **{f"docs/{name}.md": f"# {name}\n\n{words}\n" for name, words in pages.items()},
    }
