"""Reads along whatever is logged while tests run, and keeps the lines that hold a secret."""

import logging
import re

# What fedcop mints (tokens, codes, sessions, invitations, client secrets), keys as they are written,
# hashes of passwords. A name in a trace has no capitals and digits at once, a digest ends in "=".
SECRET = re.compile(
    r"(?<![\w+-])(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{43}(?![\w/+=-])"
    r"|PRIVATE KEY-----\s*[\w/+]{40}|\$argon2"
)
PASSWORDS = ("correct horse battery", "three ordinary words")


class Told(logging.Handler):
    """Keeps each line that holds a secret, before anything is left out of it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter())
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line with its facts and its trace."""
        line = f"{self.format(record)} {vars(record)}"
        if SECRET.search(line) or any(password in line for password in PASSWORDS):
            self.leaks.append(line)
