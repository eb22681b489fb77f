"""Writes YAML that readers of YAML 1.2 and of YAML 1.1 understand alike."""

from collections.abc import Iterable
from typing import Any

import yaml

from sipario_model.scalars import plain


class _Writer(yaml.CSafeDumper):
    """Quotes every text that some reader would take for something else; several lines stand as a block."""


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if isinstance(plain(text), str) else "'"
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def write(documents: Iterable[Any]) -> str:
    """Write documents in block style, keys in their order; several are parted by `---`."""
    several = list(documents)
    return yaml.dump_all(
        several, Dumper=_Writer, sort_keys=False, allow_unicode=True, explicit_start=len(several) > 1
    )
