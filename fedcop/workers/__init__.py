"""What runs beside the requests."""

from fedcop.workers.crew import run

__all__ = ["run"]
