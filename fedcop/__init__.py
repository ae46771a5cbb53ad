"""fedcop: a federated community server for councils."""

__version__ = "0.1.0"
