"""The command: everything up, supervised, on one machine. The only code that knows which services there are."""
