"""``fedcop person`` and ``fedcop token``: the people who sign in here."""

import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec

from fedcop.actions import account, archive, erasure, leave
from fedcop.actions import token as tokens
from fedcop.node import Node
from fedcop.server.command import BY, new_file, on_node, put, put_all, with_config, with_json
from storage import accounts, visible


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """A person just added; ``invitation`` is the one-time link, without a password."""

    name: str
    handle: str
    uri: str
    invitation: str | None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``person list``."""

    name: str
    handle: str
    email: str
    admin: bool
    state: str
    created_at: datetime


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of a person after a command."""

    name: str
    state: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person's archive was written, and how long it is."""

    name: str
    file: str
    bytes: int


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token just made."""

    access_token: str


@click.group()
def person() -> None:
    """Add, list, suspend, delete and write out people who sign in here."""


@person.command()
@click.argument("name")
@click.option("--email", required=True)
@click.option("--display-name", required=True)
@click.option(
    "--password", help="The password, or - to read it from standard input; without, a link is printed."
)
@click.option("--admin", is_flag=True, help="Let them administer the node.")
@with_config
@with_json
def add(
    config_path: Path,
    name: str,
    email: str,
    display_name: str,
    password: str | None,
    admin: bool,  # noqa: FBT001 - click
    as_json: bool,  # noqa: FBT001 - click
) -> None:
    """Add a person; without --password print a one-time link by which they set one."""
    given = sys.stdin.readline().rstrip("\r\n") if password == "-" else password  # noqa: S105 - means: read it

    async def work(node: Node) -> Added:
        actor, secret = await account.add_person(
            node, name, email=email, display_name=display_name, password=given, admin=admin, by=BY
        )
        return Added(
            name=actor.handle,
            handle=f"@{actor.handle}@{actor.domain}",
            uri=actor.uri,
            invitation=node.uris.invitation(secret) if secret else None,
        )

    added = on_node(config_path, work)
    link = f"\n{added.invitation}" if added.invitation else ""
    put(added, f"added {added.handle}{link}", as_json=as_json)


@person.command("list")
@with_config
@with_json
def list_people(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List the people who sign in here."""

    async def work(node: Node) -> list[Person]:
        return [
            Person(
                name=row.handle,
                handle=f"@{row.handle}@{node.uris.domain}",
                email=row.email,
                admin=row.admin,
                state=row.state,
                created_at=row.created_at,
            )
            for row in await node.store.read(accounts.all_of, visible.SYSTEM)
        ]

    put_all(on_node(config_path, work), Person, as_json=as_json)


@person.command()
@click.argument("name")
@with_config
@with_json
def suspend(config_path: Path, name: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Sign a person out everywhere and hide what they wrote."""

    async def work(node: Node) -> None:
        await leave.suspend(node, name, by=BY)

    on_node(config_path, work)
    put(Done(name=name, state="suspended"), f"suspended {name}", as_json=as_json)


@person.command()
@click.argument("name")
@with_config
@with_json
def delete(config_path: Path, name: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Delete a person with all that they wrote, here and at every node that holds a copy."""

    async def work(node: Node) -> bool:
        return await leave.delete_person(node, name, by=BY)

    erased = on_node(config_path, work)
    waits = f"{name} is signed out and hidden, and is erased when the hold on them is lifted"
    state = "deleted" if erased else "on hold"
    put(Done(name=name, state=state), f"deleted {name}" if erased else waits, as_json=as_json)


@person.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_config
@with_json
def export(config_path: Path, name: str, file: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """Write all that this node holds of a person into a new FILE, a ZIP that only its owner reads."""
    with new_file(file) as out:

        async def work(node: Node) -> None:
            await archive.export(node, name, out, by=BY)

        on_node(config_path, work)
    put(Exported(name=name, file=str(file), bytes=file.stat().st_size), f"wrote {file}", as_json=as_json)


@person.command("erasure")
@click.argument("name")
@with_config
@with_json
def erasure_(config_path: Path, name: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Say what each node that holds something of a deleted person answered to the Delete."""
    told = on_node(config_path, lambda node: erasure.report(node, name))
    counts = ", ".join(f"{getattr(told, state)} {state}" for state in erasure.STATES)
    lines = [f"{told.name}: {told.state}, begun {told.begun_at:%Y-%m-%d %H:%M}; {counts}"]
    if told.until is not None:
        lines.append(f"hosts that are not reached are tried until {told.until:%Y-%m-%d}")
    for one in told.hosts:
        answer = f": {one.answer}" if one.answer else ""
        tries = f", tried {one.tries} times" if one.tries else ""
        lines.append(f"{one.host}  {one.state}{answer}{tries}")
    put(told, "\n".join([*lines, *told.limits]), as_json=as_json)


@click.group()
def token() -> None:
    """Make tokens of the client API."""


@token.command()
@click.argument("name")
@click.option("--scopes", required=True, help='Such as "read write follow push".')
@click.option("--app", "app_name", default="fedcop", show_default=True, help="Name of the application.")
@with_config
@with_json
def create(config_path: Path, name: str, scopes: str, app_name: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Print a new access token of a person, and nothing else."""

    async def work(node: Node) -> Token:
        return Token(access_token=await tokens.create(node, name, scopes=scopes, app_name=app_name, by=BY))

    made = on_node(config_path, work)
    put(made, made.access_token, as_json=as_json)


COMMANDS = (person, token)
