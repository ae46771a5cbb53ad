"""Puts the doors together and serves them; the command line."""
