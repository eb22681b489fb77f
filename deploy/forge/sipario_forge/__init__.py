"""A small real Git host for the demo, local trial and tests."""

from sipario_forge.app import AlreadyRunning, Forge
from sipario_forge.server import serve
from sipario_forge.settings import Settings, SystemHook

__all__ = ["AlreadyRunning", "Forge", "Settings", "SystemHook", "serve"]
