"""Real public files, where they are at hand: all of them are read, judged good, and related."""

from pathlib import Path

import pytest
from sipario_model import check, read, relations_of

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"
FILES = sorted([*SAMPLES.glob("catalog/**/*.yaml"), *SAMPLES.glob("templates/**/*.yaml")])
FILES = [file for file in FILES if "/template/" not in file.as_posix()]


@pytest.mark.skipif(not FILES, reason="the public sample files are not on this machine")
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SAMPLES)))
def test_a_real_file_is_accepted_whole(file: Path) -> None:
    reading = read(file.read_bytes(), file.name)
    assert reading.documents
    assert reading.problems == ()
    for document in reading.documents:
        entity = document.value
        definition = entity.get("spec", {}).get("definition")
        if isinstance(definition, dict):
            assert list(definition) == ["$text"]  # what it stands for is read elsewhere
            entity["spec"]["definition"] = "substituted"
        assert check(entity, document.lines, path=file.name) == []
        relations_of(entity)
