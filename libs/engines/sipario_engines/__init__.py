"""Starts, watches and stops the servers that Sipario stands on, embedded or real."""

from sipario_engines.addresses import Addresses, EngineState
from sipario_engines.broker import Broker
from sipario_engines.embedded import embedded
from sipario_engines.engine import Engine
from sipario_engines.engines import NAMES, Engines
from sipario_engines.errors import EngineDidNotStart, EngineError, EngineUnavailable
from sipario_engines.graph import Graph
from sipario_engines.index import Index
from sipario_engines.postgres import postgres
from sipario_engines.real import real
from sipario_engines.training import train

__all__ = [
    "NAMES",
    "Addresses",
    "Broker",
    "Engine",
    "EngineDidNotStart",
    "EngineError",
    "EngineState",
    "EngineUnavailable",
    "Engines",
    "Graph",
    "Index",
    "embedded",
    "postgres",
    "real",
    "train",
]
