"""`$openapi` and `$asyncapi`: a definition in one piece, with what its files take from each other."""

from sipario_model.writing import write
from sipario_plugin import Extensions, Reference

from sipario_openapi.bundle import Bundle


def register(portal: Extensions) -> None:
    """Add the placeholders `$openapi` and `$asyncapi`."""
    portal.placeholders.add("openapi", bundled)
    portal.placeholders.add("asyncapi", bundled)


def bundled(reference: Reference) -> str:
    """Return the definition as YAML that needs no other file; ValueError says which one can't be had."""
    return write([Bundle(reference).whole()])
