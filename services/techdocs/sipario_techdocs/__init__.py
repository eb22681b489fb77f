"""Renders the documentation beside the code; serves it page by page."""

NAME = "techdocs"
