"""A certificate authority for the sample network, and the https end before each node."""

import asyncio
import contextlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = timedelta(days=825)
CHUNK = 65536


def authority(folder: Path, names: list[str]) -> Path:
    """Give the CA's certificate file, made at first together with one certificate for these names."""
    ca_file = folder / "ca.pem"
    if not ca_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca = _builder("fedcop sample CA", "fedcop sample CA", ca_key.public_key(), ca=True).sign(
            ca_key, hashes.SHA256()
        )
        leaf = _builder(names[0], "fedcop sample CA", key.public_key(), ca=False)
        subjects = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        signed = leaf.add_extension(subjects, critical=False).sign(ca_key, hashes.SHA256())
        _write_key(folder / "node-key.pem", key)
        (folder / "node.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    return ca_file


def trusting(ca_file: Path) -> ssl.SSLContext:
    """Give what a client of the sample network trusts."""
    return ssl.create_default_context(cafile=str(ca_file))


async def end_before(folder: Path, port: int, inner: int) -> asyncio.Server:
    """Serve https on a port and pass everything on to the node behind it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "node.pem", folder / "node-key.pem")

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", inner)
        except OSError:  # the node does not listen yet, or no more: let the client know at once
            writer.close()
            return
        # Cancelled at the end of it all: asyncio's streams of Python 3.11 would print that as a fault.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(_pump(reader, behind_writer), _pump(behind_reader, writer))

    return await asyncio.start_server(passed_on, "127.0.0.1", port, ssl=context)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(CHUNK):
            sink.write(chunk)
            await sink.drain()
    with contextlib.suppress(OSError):
        sink.close()


def _builder(name: str, issuer: str, key: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + DAYS)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
