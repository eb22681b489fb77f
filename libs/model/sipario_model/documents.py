"""YAML 1.2 documents from files that others wrote: read fast, refused when hostile, with lines when asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from sipario_model import parser
from sipario_model.building import Builder, Refused
from sipario_model.lines import Lines
from sipario_model.problem import YamlProblem
from sipario_model.syntax import advice

MAX_BYTES = 5_000_000
MAX_DOCUMENTS = 10_000

_BOUNDARY = re.compile(r"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
_DIRECTIVES = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^\n]*\n)+")
_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", list: "array"}


@dataclass(frozen=True, slots=True)
class Document:
    """One object of a file: its value, the line where it begins, and the line of every key and item in it."""

    value: dict[str, Any]
    line: int
    lines: Lines
    path: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that could be read of a file, and what could not, both in the order of the file."""

    documents: tuple[Document, ...]
    problems: tuple[YamlProblem, ...]


def read(text: bytes | str, path: str, *, any_tag: bool = False) -> Reading:
    """Read a file; a broken document is a problem and takes no other document with it.

    With `any_tag`, what stands under a tag that is not plain YAML's (`!!python/name:x`, `!Ref x`) is read as
    text, list or map, and the tag is passed over; without, it is a problem.
    """
    found = list(_read(text, path, Builder(any_tag=any_tag)))
    return Reading(
        tuple(item for item in found if isinstance(item, Document)),
        tuple(item for item in found if isinstance(item, YamlProblem)),
    )


def documents(text: bytes | str, path: str) -> Iterator[Document]:
    """Yield every document that can be read, then raise the first YamlProblem, when there was one."""
    reading = read(text, path)
    yield from reading.documents
    if reading.problems:
        raise reading.problems[0]


def _read(text: bytes | str, path: str, builder: Builder) -> Iterator[Document | YamlProblem]:
    try:
        decoded = _decoded(text, path)
    except YamlProblem as problem:
        yield problem
        return
    for number, (first, chunk) in enumerate(_chunks(decoded)):
        if number == MAX_DOCUMENTS:
            message = f"the file has more than {MAX_DOCUMENTS:,} documents; the rest is not read: split it"
            yield YamlProblem(path, first + 1, column=1, message=message)
            return
        yield from _documents(chunk, first, path, builder)


def _decoded(text: bytes | str, path: str) -> str:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > MAX_BYTES:
        size = f"the file has {len(data) / 1e6:.1f} MB, at most {MAX_BYTES / 1e6:.0f} MB are read: split it"
        raise YamlProblem(path, 1, column=1, message=size)
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode())
        message = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8"
        raise YamlProblem(path, line, column=column, message=message) from error


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Split at document boundaries, which no quote or block can hide; with the index of each first line."""
    start, line = 0, 0
    for boundary in _BOUNDARY.finditer(text):
        chunk = text[start : boundary.start()]
        if "%" in chunk and _DIRECTIVES.fullmatch(chunk):
            continue
        yield line, chunk
        line += chunk.count("\n")
        start = boundary.start()
        if boundary.group() == "...":
            start = boundary.end()
    yield line, text[start:]


def _documents(chunk: str, first: int, path: str, builder: Builder) -> Iterator[Document | YamlProblem]:
    builder.restart()
    try:
        events = parser.events(chunk)
        while builder.build(events):
            yield from _finished(builder, chunk, first, path)
            builder.restart()
    except Refused as refused:
        line = first + refused.mark.line + 1
        yield YamlProblem(path, line, column=refused.mark.column + 1, message=refused.message)
    except YAMLError as error:
        yield _syntax(error, chunk, first, path)


def _finished(builder: Builder, chunk: str, first: int, path: str) -> Iterator[Document | YamlProblem]:
    value = builder.root
    assert builder.first is not None
    line, column = parser.place(builder.first)
    if isinstance(value, dict):
        yield Document(value, first + line + 1, Lines(chunk, first, parser.index(builder.first)), path)
    elif value is not None:
        message = f"Expected object at root, got {_TYPES[type(value)]}"
        yield YamlProblem(path, first + line + 1, column=column + 1, message=message)


_KEY = "while scanning a simple key"


def _syntax(error: YAMLError, chunk: str, first: int, path: str) -> YamlProblem:
    if isinstance(error, ReaderError):
        line, column = _place(chunk.encode()[: error.position].decode(errors="ignore"))
        message = f"the character U+{error.character:04X} is not allowed: remove it"
    else:
        assert isinstance(error, MarkedYAMLError)
        line, column = _mark(error)
        begun = error.context_mark.line + 1 if error.context_mark else line
        message = advice(error) + (f" (begun in line {first + begun})" if begun != line else "")
    return YamlProblem(path, first + line, column=column, message=message)


def _mark(error: MarkedYAMLError) -> tuple[int, int]:
    # A key without its colon is noticed only in the line below it.
    unfinished = error.context_mark if error.context == _KEY else None
    mark = unfinished or error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
