"""Files included in pages (`--8<-- "file"`), taken from the repository's own files and from nowhere else."""

import re
import textwrap
from collections.abc import Callable, Iterator

MAX_DEPTH = 16
MAX_CHARACTERS = 1_000_000

_INLINE = re.compile(
    r"""^(?P<indent>[ \t]*)(?P<escape>;*)-{1,8}8<-{1,8}[ \t]+(?P<quote>["'])(?P<file>[^"'\n]{1,500})(?P=quote)[ \t]*$"""
)
_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<escape>;*)-{1,8}8<-{1,8}[ \t]*$")
_PLACE = re.compile(
    r"^(?P<file>[^:]+)(?::(?P<section>[A-Za-z][\w-]*)|:(?P<first>\d{0,7})(?::(?P<last>\d{0,7}))?)?$"
)
_MARK = re.compile(
    r"-{1,8}8<-{1,8}[ \t]+\[[ \t]*(?P<type>start|end)[ \t]*:[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*\]"
)

Read = Callable[[str], str | None]
Told = Callable[[str], None]


def expand(text: str, read: Read, tell: Told) -> str:
    """Put included files in. `read` answers a file's text or None; what is missing is told and left out."""
    if "8<-" not in text:
        return text
    return "\n".join(_Inclusion(read, tell).lines(text.split("\n"), ()))


class _Inclusion:
    def __init__(self, read: Read, tell: Told) -> None:
        self._read = read
        self._tell = tell
        self._left = MAX_CHARACTERS

    def lines(self, lines: list[str], open_files: tuple[str, ...]) -> Iterator[str]:
        """Yield the lines with what they include, each inclusion indented as its marker is."""
        block: str | None = None
        for line in lines:
            fence, inline = _FENCE.match(line), _INLINE.match(line)
            if (fence and fence["escape"]) or (inline and inline["escape"]):
                yield line.replace(";", "", 1)
            elif fence:
                block = fence["indent"] if block is None else None
            elif block is not None:
                if line.strip() and not line.strip().startswith(";"):
                    yield from self._file(line.strip().strip("\"'"), block, open_files)
            elif inline:
                yield from self._file(inline["file"], inline["indent"], open_files)
            else:
                yield line

    def _file(self, place: str, indent: str, open_files: tuple[str, ...]) -> Iterator[str]:
        match = _PLACE.match(place)
        text = self._read(match["file"]) if match else None
        if match is None or text is None:
            return self._tell(f"the snippet {place} is not among the files of these docs")
        if match["file"] in open_files or len(open_files) >= MAX_DEPTH:
            return self._tell(f"the snippet {place} includes itself")
        self._left -= len(text)
        if self._left < 0:
            return self._tell(f"the snippets of the page have more than {MAX_CHARACTERS} characters")
        chosen = _chosen(text.split("\n"), match["section"], match["first"], match["last"])
        for line in self.lines(chosen, (*open_files, match["file"])):
            yield indent + line if line else line


def _chosen(lines: list[str], section: str | None, first: str | None, last: str | None) -> list[str]:
    if section:
        return _section(lines, section)
    if first is not None or last is not None:
        start = max(int(first or 1), 1)
        end = int(last) if last else (start if last is None else len(lines))
        lines = lines[start - 1 : end]
    return [line for line in lines if not _MARK.search(line)]


def _section(lines: list[str], name: str) -> list[str]:
    chosen: list[str] = []
    inside = False
    for line in lines:
        mark = _MARK.search(line)
        if mark and mark["name"] == name:
            if mark["type"] == "end":
                break
            inside = True
        elif inside and not mark:
            chosen.append(line)
    return textwrap.dedent("\n".join(chosen)).split("\n")
