"""The sample's own certificate authority, and the https end before a node."""

import asyncio
import ssl
import stat
from pathlib import Path

import pytest

from fedcop.sample import tls

NAMES = ["kent.localhost", "localhost"]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def test_what_comes_by_https_reaches_the_node_behind(tmp_path: Path) -> None:
    ca_file = tls.authority(tmp_path, NAMES)
    node = await asyncio.start_server(echo, "127.0.0.1", 0)
    end = await tls.end_before(tmp_path, 0, node.sockets[0].getsockname()[1])
    port = end.sockets[0].getsockname()[1]

    async with node, end:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=tls.trusting(ca_file), server_hostname="kent.localhost"
        )
        writer.write(b"hello\n")
        assert await reader.read() == b"HELLO\n"
        writer.close()
        await writer.wait_closed()


async def test_while_no_node_is_behind_the_connection_ends_at_once(tmp_path: Path) -> None:
    ca_file = tls.authority(tmp_path, NAMES)
    nobody = await asyncio.start_server(echo, "127.0.0.1", 0)
    inner = nobody.sockets[0].getsockname()[1]
    nobody.close()
    end = await tls.end_before(tmp_path, 0, inner)

    async with end, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1",
            end.sockets[0].getsockname()[1],
            ssl=tls.trusting(ca_file),
            server_hostname="localhost",
        )
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_another_name_is_not_certified(tmp_path: Path) -> None:
    ca_file = tls.authority(tmp_path, NAMES)
    end = await tls.end_before(tmp_path, 0, 9)

    async with end:
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection(
                "127.0.0.1",
                end.sockets[0].getsockname()[1],
                ssl=tls.trusting(ca_file),
                server_hostname="devon.localhost",
            )


def test_the_authority_is_made_once_and_its_key_is_not_kept(tmp_path: Path) -> None:
    ca_file = tls.authority(tmp_path, NAMES)
    made = ca_file.read_bytes()

    assert tls.authority(tmp_path, NAMES).read_bytes() == made
    assert stat.S_IMODE((tmp_path / "node-key.pem").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"ca.pem", "node.pem", "node-key.pem"}
