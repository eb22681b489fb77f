"""Keeps the graph of entities and the catalog's read model; answers catalog and impact queries."""

NAME = "catalog-graph"
