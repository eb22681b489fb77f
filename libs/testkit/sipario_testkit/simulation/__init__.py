"""Deterministic simulation: the real ledger, relay, feed and projectors in a made-up world of faults and virtual time.

One seed is one world: the same seed gives the same interleaving, crashes and losses, every time.
"""
