"""The protocol, sans-I/O: values in, values out; no socket, clock, log or event loop."""
