"""Hears Git webhooks and reads repositories; says what every entity now is."""

NAME = "ingestor"
