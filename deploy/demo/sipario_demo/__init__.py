"""The demo organisation: a ticketing company for theatres, as Git repositories with a history."""
