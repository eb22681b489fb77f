"""The door: sign-in, sessions, tokens, the web UI, live updates, and the way to every service."""

NAME = "gateway"
