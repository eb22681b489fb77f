"""Hears Git webhooks, reads repositories, and says what every entity now is."""

NAME = "ingestor"
