"""Which files of a repository declare entities, when nobody says which."""

import re
from itertools import groupby

from sipario_scm import FileMissing, FileRefused, Tree

NAMES = ("catalog-info.yaml", "catalog-info.yml")
_YAML = (".yaml", ".yml")
_ENTITY = re.compile(
    rb"^[\"']?apiVersion[\"']?[ \t]*:[ \t]*[\"']?(?:(?:scaffolder\.)?backstage\.io|sipario\.dev)/",
    re.MULTILINE,
)
_MOST_LOOKED_INTO = 2_000


def entity_files(tree: Tree) -> list[str]:
    """Return `catalog-info.yaml` at the root.

    Where there is no such file, a folder of entity files is taken as it is: the YAML files that speak of
    `backstage.io/` in the folders nearest to the root.
    """
    named = [name for name in NAMES if name in tree.files or _is_refused(tree, name)]
    return named[:1] or _nearest(tree)


def _is_refused(tree: Tree, path: str) -> bool:
    """Tell that there is something at a path that is not read, as a symbolic link: who reads it will say so."""
    try:
        tree.read(path)
    except FileMissing:
        return False
    except FileRefused:
        return True
    return False


def _nearest(tree: Tree) -> list[str]:
    paths = sorted((path for path in tree.files if path.endswith(_YAML)), key=_depth)[:_MOST_LOOKED_INTO]
    for _, level in groupby(paths, key=_depth):
        if found := sorted(path for path in level if _speaks(tree, path)):
            return found
    return []


def _speaks(tree: Tree, path: str) -> bool:
    try:
        return bool(_ENTITY.search(tree.read(path)))
    except FileRefused:
        return False


def _depth(path: str) -> int:
    return path.count("/")
