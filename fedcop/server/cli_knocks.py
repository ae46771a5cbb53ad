"""``fedcop knocks``: nodes that were refused, and who they say they are."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from fedcop.actions import knock
from fedcop.node import Node
from fedcop.server.command import BY, on_node, put, put_all, with_config, with_json
from storage import knocks as rows
from storage.knocks import Knock


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A node that was refused; ``says`` and ``user_agent`` are its own words, which nobody checked."""

    host: str
    first: datetime
    last: datetime
    times: int
    way: str
    says: str
    user_agent: str


class Dismissed(msgspec.Struct, frozen=True, kw_only=True):
    """A node that is shown no more."""

    dismissed: str


@click.command()
@click.option("--dismiss", metavar="DOMAIN", help="Show this node no more.")
@with_config
@with_json
def knocks(config_path: Path, dismiss: str | None, as_json: bool) -> None:  # noqa: FBT001 - click
    """List the nodes that were refused and about which nobody decided, the latest first.

    `fedcop allow` and `fedcop deny` decide.
    """
    if dismiss is not None:
        host = dismiss

        async def away(node: Node) -> None:
            await knock.dismiss(node, host, by=BY)

        on_node(config_path, away)
        put(Dismissed(dismissed=host), f"dismissed {host}", as_json=as_json)
        return

    async def work(node: Node) -> list[Knock]:
        return await node.store.read(rows.waiting)

    put_all([_line(row) for row in on_node(config_path, work)], Line, as_json=as_json)


def _line(row: Knock) -> Line:
    return Line(
        host=row.host,
        first=row.first_at,
        last=row.last_at,
        times=row.times,
        way=row.way,
        says=row.actor_uri,
        user_agent=row.user_agent,
    )


COMMANDS = (knocks,)
