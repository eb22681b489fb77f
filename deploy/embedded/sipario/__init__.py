"""The command: everything up, supervised, on one machine."""
