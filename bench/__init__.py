"""Measures a node as it runs: real processes, real sockets, processor time from the kernel."""
