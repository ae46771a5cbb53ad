"""Commands that come with a later version: each says so, whatever follows it, and ends with status 1."""

import click

from fedcop.server.command import Refused


def later(name: str, why: str) -> click.Command:
    """Give a command that refuses in one line."""

    @click.command(name, hidden=True, context_settings={"ignore_unknown_options": True})
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def refuse(words: tuple[str, ...]) -> None:
        raise Refused(f"{name}: not yet; {why}")

    return refuse


COMMANDS = (
    later("worker", "on SQLite `fedcop serve` does all the work; more processes come with PostgreSQL"),
)
