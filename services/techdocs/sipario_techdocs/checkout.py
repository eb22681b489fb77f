"""The files of one folder of a repository, at one commit."""

from collections.abc import Iterator, Mapping

from sipario_scm.errors import FileRefused
from sipario_scm.tree import Tree

MAX_BYTES = 10_000_000


class Folder(Mapping[str, bytes]):
    """A folder of a tree as a mapping that reads when asked; links are not in it. Blocking.

    A file that is too large reads as nothing, and is told in `refused`.
    """

    def __init__(self, tree: Tree, folder: str) -> None:
        self._tree = tree
        self._prefix = f"{folder}/" if folder else ""
        self._paths = {
            path.removeprefix(self._prefix): file.blob
            for path, file in tree.files.items()
            if path.startswith(self._prefix)
        }
        self.refused: dict[str, str] = {}

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        try:
            return self._tree.read(self._prefix + path, MAX_BYTES)
        except FileRefused as error:
            self.refused[path] = str(error)
            return b""

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def id_of(self, path: str) -> str:
        """Return the id of a file's content, known without reading it."""
        return self._paths[path]
