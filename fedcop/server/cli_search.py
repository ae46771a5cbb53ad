"""``fedcop rebuild-search``: makes every full-text row anew."""

from pathlib import Path

import click
import msgspec

from fedcop.node import Node
from fedcop.server.command import on_node, put, with_config, with_json
from storage import search_rows

STEP = 100


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were made."""

    rows: int


@click.command("rebuild-search")
@with_config
@with_json
def rebuild_search(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """Make every row that search reads anew, in small steps, whether or not the node is served."""
    rows = on_node(config_path, _rebuild)
    put(Rebuilt(rows=rows), f"{rows} rows of search were made anew", as_json=as_json)


async def _rebuild(node: Node) -> int:
    await node.store.write(search_rows.note_all_due)
    rows = 0
    while made := await node.store.bulk(search_rows.walk, STEP):
        rows += made
    return rows


COMMANDS = (rebuild_search,)
