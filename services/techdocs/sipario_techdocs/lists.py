"""Lists nested by two, three or four spaces: all are brought to the two that the list extension knows."""

import re
from dataclasses import dataclass

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

STEP = 2
CODE = 4
_ITEM = re.compile(r"(?:[*+-]|\d+\.) +\S")
_CONTAINER = re.compile(r"!!! |\?\?\?|=== |:   |\[\^")
"""What is indented below these is no code: admonitions, tabs, definitions, footnotes."""


class EvenLists(Extension):
    """Python-Markdown's extension: after fences and raw HTML were taken out, before blocks are told apart."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Python-Markdown calls
        """Join in."""
        md.preprocessors.register(_Even(md), "sipario-lists", 15)


@dataclass(slots=True)
class _Item:
    """An open item: where it was written, where it goes to, and how far below it its content is indented."""

    at: int
    to: int
    step: int = 0


class _Even(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        open_: list[_Item] = []
        contained, after_blank, made = False, True, []
        for line in lines:
            text = line.lstrip(" ")
            indent = len(line) - len(text)
            if not text.strip():
                made.append(line)
                after_blank = True
                continue
            if not open_:
                contained = bool(_CONTAINER.match(text)) or (contained and indent > 0)
            is_item = bool(_ITEM.match(text))
            while open_ and (is_item or after_blank) and indent < open_[-1].at + STEP:
                open_.pop()
            made.append(" " * _moved(open_, indent, is_item=is_item, contained=contained) + text)
            after_blank = False
        return made


def _moved(open_: list[_Item], indent: int, *, is_item: bool, contained: bool) -> int:
    if not open_:
        if is_item and (indent < CODE or contained):
            open_.append(_Item(indent, indent))
        return indent
    item = open_[-1]
    if indent < item.at + STEP:
        return indent
    item.step = item.step or min(indent - item.at, CODE)
    more = max(indent - item.at - item.step, 0)
    if is_item and more < CODE:
        open_.append(_Item(indent, item.to + STEP))
        return item.to + STEP
    return item.to + STEP + more
