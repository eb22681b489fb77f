"""Splits names into the words that people search for, the same way for what is indexed and for what is asked."""

import re

LETTERS = "a-zß-öø-ÿ"
CAPITALS = "A-ZÀ-ÖØ-Þ"
HUMPS = re.compile(f"(?<=[{LETTERS}0-9])(?=[{CAPITALS}])|(?<=[{CAPITALS}])(?=[{CAPITALS}][{LETTERS}])")
WORD = re.compile(r"[^\W_]+")
LONGEST = 60


def words(text: str) -> list[str]:
    """Split at case changes and at all that is neither letter nor digit: `petStoreAPI-v2` is pet, store, api, v2."""
    if text.islower():
        if text.isalnum():  # most are one word as they stand
            return [text[:LONGEST]]
        apart = text
    else:
        apart = HUMPS.sub(" ", text).lower()
    return [word[:LONGEST] for word in WORD.findall(apart)]


def compounds(text: str) -> list[str]:
    """Find what a name reads like without its seams: `pet-store` is petstore, `listPets` is listpets."""
    found = (("".join(WORD.findall(part)), part) for part in text.split())
    return [joined[:LONGEST].lower() for joined, part in found if len(words(part)) > 1]


def hidden(text: str) -> list[str]:
    """Find words of `text` that an ordinary analyzer, splitting at spaces and hyphens, would not see; each once."""
    parts = [part for part in re.split(r"[^\w.]+", text) if not part.isalpha() or not part[1:].islower()]
    return list(dict.fromkeys(word for part in parts for word in words(part) if word != part.lower()))
