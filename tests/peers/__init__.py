"""Servers of other makers, spoken with over real sockets."""
