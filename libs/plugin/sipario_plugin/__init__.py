"""What a plugin is written against: the extension points, and what each of them is given."""

from sipario_plugin.emit import Emit, Level, Said
from sipario_plugin.extensions import Extensions
from sipario_plugin.loading import Loaded, load
from sipario_plugin.named import AlreadyTaken, Named
from sipario_plugin.placeholder import Reference, Resolver
from sipario_plugin.processor import Entity, Processor
from sipario_plugin.provider import Found, Making, Provider
from sipario_plugin.sight import Sight, Unreadable
from sipario_plugin.surroundings import Answer, Ask, GitHost, Surroundings

__all__ = [
    "AlreadyTaken",
    "Answer",
    "Ask",
    "Emit",
    "Entity",
    "Extensions",
    "Found",
    "GitHost",
    "Level",
    "Loaded",
    "Making",
    "Named",
    "Processor",
    "Provider",
    "Reference",
    "Resolver",
    "Said",
    "Sight",
    "Surroundings",
    "Unreadable",
    "load",
]
