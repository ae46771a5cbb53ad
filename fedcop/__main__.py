"""``python -m fedcop`` is the command line."""

from fedcop.server.cli import main

main()
