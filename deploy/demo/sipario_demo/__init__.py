"""The demo organisation: a ticketing company for theatres, as Git repositories with a history."""

from sipario_demo.seeding import SeedError, seed

__all__ = ["SeedError", "seed"]
