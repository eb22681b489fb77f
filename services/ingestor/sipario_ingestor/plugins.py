"""The plugins of the ingestor: found, told of, and part of what entities depend on."""

import hashlib
from dataclasses import replace

import structlog
from sipario_plugin import Loaded, load

from sipario_ingestor.configuration import Configuration
from sipario_ingestor.placeholders import built_in

log = structlog.get_logger(__name__)


def plugins() -> Loaded:
    """Load all plugins that are installed; those that do not work are named in the log."""
    loaded = load(extensions=built_in())
    for name, reason in loaded.failed.items():
        log.error("plugin does not work", plugin=name, reason=reason)
    if loaded.plugins:
        log.info("plugins", **loaded.plugins)
    return loaded


def with_plugins(configuration: Configuration, loaded: Loaded) -> Configuration:
    """Return the configuration with a digest that changes when other plugins work, or other versions of them."""
    if not loaded.plugins:
        return configuration
    meant = f"{configuration.digest} {sorted(loaded.plugins.items())}"
    return replace(configuration, digest=hashlib.sha256(meant.encode()).hexdigest()[:16])
