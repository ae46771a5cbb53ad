"""``fedcop community``: the communities of this node."""

from pathlib import Path
from typing import cast

import click
import msgspec

from fedcop.actions import community as communities_actions
from fedcop.actions.community import JoinMode, Visibility
from fedcop.node import Node
from fedcop.server.command import BY, on_node, put, put_all, with_config, with_json
from storage import communities, visible


class Community(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``community list``."""

    slug: str
    name: str
    uri: str
    join: str
    visibility: str
    members: int


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of a community after a command."""

    slug: str
    handle: str
    uri: str
    state: str


@click.group()
def community() -> None:
    """Open, list and close communities."""


@community.command("open")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--summary", default="")
@click.option("--facilitator", required=True, metavar="NAME", help="name, or name@host.")
@click.option("--join", type=click.Choice(["open", "approval", "invite"]), default="open", show_default=True)
@click.option("--visibility", type=click.Choice(["public", "members"]), default="public", show_default=True)
@with_config
@with_json
def open_(
    config_path: Path,
    slug: str,
    name: str,
    summary: str,
    facilitator: str,
    join: str,
    visibility: str,
    as_json: bool,  # noqa: FBT001 - click
) -> None:
    """Open a community."""

    async def work(node: Node) -> Done:
        opened = await communities_actions.open_community(
            node,
            slug,
            name=name,
            summary=summary,
            facilitator=await communities_actions.find_person(node, facilitator),
            join_mode=cast(JoinMode, join),
            visibility=cast(Visibility, visibility),
            by=BY,
        )
        return Done(slug=slug, handle=f"@{slug}@{opened.domain}", uri=opened.uri, state="open")

    done = on_node(config_path, work)
    put(done, f"opened {done.handle}\n{done.uri}", as_json=as_json)


@community.command("list")
@with_config
@with_json
def list_communities(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List the open communities of this node."""

    async def work(node: Node) -> list[Community]:
        return [
            Community(
                slug=row.slug,
                name=row.name,
                uri=row.uri,
                join=row.join_mode,
                visibility=row.visibility,
                members=row.members,
            )
            for row in await node.store.read(communities.all_local, visible.SYSTEM)
        ]

    put_all(on_node(config_path, work), Community, as_json=as_json)


@community.command()
@click.argument("slug")
@with_config
@with_json
def close(config_path: Path, slug: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Close a community: what was said stays readable, nobody joins or posts."""

    async def work(node: Node) -> Done:
        closed = await communities_actions.close(node, slug, by=BY)
        return Done(slug=slug, handle=f"@{slug}@{closed.domain}", uri=closed.uri, state="closed")

    done = on_node(config_path, work)
    put(done, f"closed {done.handle}", as_json=as_json)


COMMANDS = (community,)
