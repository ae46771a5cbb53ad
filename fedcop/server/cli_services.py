"""``fedcop services`` and ``fedcop councils``: the words by which people find each other."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from fedcop.actions import council_list, service_file
from fedcop.node import Node
from fedcop.server.command import Refused, on_node, put, put_all, with_config, with_json
from storage import councils as rows
from storage.engine import Reader


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A council, and which hosts are its."""

    code: str
    name: str
    kind: str
    nation: str
    hosts: tuple[str, ...]


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a host is, or is no more."""

    host: str
    code: str
    bound: bool


@click.group()
def services() -> None:
    """The local-government service list."""


@services.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@with_config
@with_json
def import_services(config_path: Path, files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click
    """Bring functions and services in from FILES, CSV of the esd standards."""
    texts = _texts(files)

    async def work(node: Node) -> service_file.Taken:
        return await service_file.take(node, texts)

    done = on_node(config_path, work)
    put(done, f"took {done.read} rows; the list has {done.held}", as_json=as_json)


@click.group()
def councils() -> None:
    """The register of councils, and which hosts are whose."""


@councils.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@with_config
@with_json
def import_councils(config_path: Path, files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click
    """Bring councils in from FILES: registers, what councils have in common, names in Welsh."""
    texts = _texts(files)

    async def work(node: Node) -> council_list.Taken:
        return await council_list.take(node, texts)

    done = on_node(config_path, work)
    told = (
        f"took {done.councils} councils: {done.hosts} hosts, {done.labelled} labelled, {done.welsh} in Welsh"
    )
    put(done, told, as_json=as_json)


@councils.command("bind")
@click.argument("code")
@click.argument("host")
@click.option("--remove", is_flag=True, help="The host is not that council's.")
@with_config
@with_json
def bind(config_path: Path, code: str, host: str, remove: bool, as_json: bool) -> None:  # noqa: FBT001 - click
    """Say that HOST, and all below it, is of the council CODE."""

    async def work(node: Node) -> str:
        if remove:
            await council_list.unbind(node, code, host)
            return f"{host} is not of {code}"
        return f"{host} is of {await council_list.bind(node, code, host)}"

    told = on_node(config_path, work)
    put(Bound(host=host, code=code.upper(), bound=not remove), told, as_json=as_json)


@councils.command("list")
@with_config
@with_json
def list_(config_path: Path, as_json: bool) -> None:  # noqa: FBT001 - click
    """List the councils that the register has."""

    async def work(node: Node) -> list[Line]:
        return await node.store.read(_lines)

    put_all(on_node(config_path, work), Line, as_json=as_json)


async def _lines(read: Reader) -> list[Line]:
    hosts = await rows.hosts_by_code(read)
    return [
        Line(
            code=one.code,
            name=one.name,
            kind=one.kind,
            nation=one.nation,
            hosts=tuple(hosts.get(one.code, ())),
        )
        for one in await rows.all_of(read)
    ]


def _texts(files: Sequence[Path]) -> list[str]:
    texts = []
    for file in files:
        try:
            texts.append(file.read_text("utf-8-sig"))
        except OSError as error:
            raise Refused(f"{file} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise Refused(f"{file} is not UTF-8") from None
    return texts


COMMANDS = (services, councils)
