"""Keeps the index of entities and documentation; answers search queries."""

NAME = "search"
