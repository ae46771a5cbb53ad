"""``fedcop.toml`` and the environment, read into frozen values and checked once, at start.

    config = load(Path("fedcop.toml"), os.environ)

Whatever cannot be used raises ``ConfigFault``, whose one line names the key, what was found and what is
wanted. Unknown keys are an error that names the key. Relative paths are relative to the file.
``FEDCOP_<SECTION>_<KEY>`` in the environment replaces the whole value: lists by commas, tables as JSON.
"""

import ipaddress
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

import msgspec

from fedcop.errors import ConfigFault
from fedcop.rules import Rule, canonical, is_loopback


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the file."""


class NodeSection(Section, frozen=True, kw_only=True):
    """Who this node is."""

    domain: str
    base_url: str = ""
    name: str = ""
    description: str = ""
    contact_email: str = ""
    languages: tuple[str, ...] = ("en", "cy")
    key_file: str = "data/node.key"


class ServerSection(Section, frozen=True, kw_only=True):
    """Where it listens, and whom it believes."""

    host: str = "127.0.0.1"
    port: int = 0
    trusted_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    metrics_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")


class DatabaseSection(Section, frozen=True, kw_only=True):
    """Where everything is kept."""

    url: str = "sqlite:data/fedcop.db"


class FederationSection(Section, frozen=True, kw_only=True):
    """Whom this node talks with."""

    mode: Literal["allowlist", "open"] = "allowlist"
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    signed_fetch: bool = True
    purge_after: int = 30


class WebSection(Section, frozen=True, kw_only=True):
    """What the pages show to strangers."""

    public_pages: bool = False


class ClientApiSection(Section, frozen=True, kw_only=True):
    """What the client API shows to strangers."""

    anonymous: bool = False


class SignInSection(Section, frozen=True, kw_only=True):
    """How people get in."""

    registration: Literal["closed", "open"] = "closed"
    password_grant: bool = False
    session_days: int = 14


class OutboundSection(Section, frozen=True, kw_only=True):
    """The one way out."""

    allow_private_networks: tuple[str, ...] = ()
    plain_http: bool = False
    ca_file: str = ""
    proxy: str = ""
    hosts: dict[str, str] = {}


class MediaSection(Section, frozen=True, kw_only=True):
    """Pictures that people upload and that peers send."""

    folder: str = "data/media"
    max_bytes: int = 10_000_000
    max_pixels: int = 33_177_600


class LimitsSection(Section, frozen=True, kw_only=True):
    """Sizes and rates."""

    post_characters: int = 5000
    inbox_bytes: int = 1_048_576
    sign_in_per_pair: int = 10
    sign_in_per_address: int = 100


class LogSection(Section, frozen=True, kw_only=True):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "text"


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file, with every default filled in and every path absolute."""

    node: NodeSection
    server: ServerSection = ServerSection()
    database: DatabaseSection = DatabaseSection()
    federation: FederationSection = FederationSection()
    web: WebSection = WebSection()
    client_api: ClientApiSection = ClientApiSection()
    sign_in: SignInSection = SignInSection()
    outbound: OutboundSection = OutboundSection()
    media: MediaSection = MediaSection()
    limits: LimitsSection = LimitsSection()
    log: LogSection = LogSection()

    def rules(self) -> list[Rule]:
        """Give the federation list that the file fixes."""
        return [Rule(pattern=text, severity="allow", source="file") for text in self.federation.allow] + [
            Rule(pattern=text, severity="deny", source="file") for text in self.federation.deny
        ]


_WORDS = {
    int: "a whole number",
    bool: "true or false",
    str: "text",
    tuple: "a list of texts",
    dict: "a table of texts",
}

_NOT_KEYS = re.compile(r"FEDCOP_(CONFIG|SHARED|TEST_.*)")


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read the file and the environment; raise ``ConfigFault`` for what cannot be used."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigFault(f"{path}: no such file; `fedcop init DIR --domain NAME` writes one") from None
    except OSError as error:
        raise ConfigFault(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault(f"{path}: is not TOML: {error}") from None
    return parse(tables | _from_environment(tables, environ), folder=path.resolve().parent)


def parse(tables: Mapping[str, Any], *, folder: Path) -> Config:
    """Check tables as they were read, and fill in what follows from others."""
    try:
        config = msgspec.convert(tables, Config)
    except msgspec.ValidationError as error:
        raise ConfigFault(_plain(str(error), tables)) from None
    return _filled(config, folder)


def _from_environment(tables: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    keys = {
        f"FEDCOP_{section.name}_{key.name}".upper(): (section.name, key)
        for section in msgspec.structs.fields(Config)
        for key in msgspec.structs.fields(section.type)
    }
    merged: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith("FEDCOP_") or _NOT_KEYS.fullmatch(name):
            continue
        if name not in keys:
            raise ConfigFault(f"{name}: is no key of the configuration; wanted FEDCOP_<SECTION>_<KEY>")
        section, key = keys[name]
        table = merged.setdefault(section, dict(tables.get(section, {})))
        table[key.name] = _read(name, text, key.type)
    return merged


def _read(name: str, text: str, wanted: Any) -> Any:
    if wanted == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    if wanted is bool:
        if text not in ("true", "false"):
            raise ConfigFault(f"{name}: found {text!r}, wanted true or false")
        return text == "true"
    if wanted is int:
        if not re.fullmatch(r"-?\d+", text):
            raise ConfigFault(f"{name}: found {text!r}, wanted a whole number")
        return int(text)
    if wanted == dict[str, str]:
        try:
            return json.loads(text)
        except ValueError:
            raise ConfigFault(f'{name}: found {text!r}, wanted JSON such as {{"name": "address"}}') from None
    return text


def _plain(message: str, tables: Mapping[str, Any]) -> str:
    """Turn msgspec's message into: key, what was found, what is wanted."""
    place = re.search(r" - at `\$\.?([^`]*)`$", message)
    path = place.group(1) if place else ""
    text = message[: place.start()] if place else message
    if unknown := re.search(r"unknown field `([^`]*)`", text):
        key = f"{path}.{unknown.group(1)}".strip(".")
        return f"{key}: is no key of the configuration; docs/operate.md lists them"
    if missing := re.search(r"missing required field `([^`]*)`", text):
        key = f"{path}.{missing.group(1)}".strip(".")
        return f"{key}: is missing and has no default"
    found: Any = tables
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else found
    return f"{path}: found {found!r}, wanted {_wanted(path)}"


def _wanted(path: str) -> str:
    """Say in plain words what a key takes."""
    kind: Any = Config
    for part in path.split("."):
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
            kind = fields.get(part.partition("[")[0], str)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    return _WORDS.get(get_origin(kind) or kind, "a table")


def _filled(config: Config, folder: Path) -> Config:
    domain = _domain(config.node.domain)
    loopback = is_loopback(domain)
    base_url = (config.node.base_url or f"{'http' if loopback else 'https'}://{domain}").rstrip("/")
    _check_base_url(base_url)
    port = config.server.port or (urlsplit(base_url).port if loopback else None) or 8000
    if not 1 <= port <= 65535:
        raise ConfigFault(f"server.port: found {port}, wanted 1 to 65535")
    _check_networks(config)
    _check_patterns(config)
    return msgspec.structs.replace(
        config,
        node=msgspec.structs.replace(
            config.node,
            domain=domain,
            base_url=base_url,
            name=config.node.name or domain,
            key_file=str(folder / config.node.key_file),
        ),
        server=msgspec.structs.replace(config.server, port=port),
        database=msgspec.structs.replace(config.database, url=_database(config.database.url, folder)),
        media=msgspec.structs.replace(config.media, folder=str(folder / config.media.folder)),
        outbound=msgspec.structs.replace(
            config.outbound,
            ca_file=str(folder / config.outbound.ca_file) if config.outbound.ca_file else "",
        ),
    )


def _domain(text: str) -> str:
    try:
        domain = canonical(text)
    except ValueError as error:
        raise ConfigFault(f"node.domain: {error}") from None
    if ":" in domain and not is_loopback(domain):
        raise ConfigFault(f"node.domain: found {text!r}, wanted no port (only loopback names may have one)")
    return domain


def _check_base_url(base_url: str) -> None:
    parts = urlsplit(base_url)
    wanted = "wanted an address such as https://communities.kent.example, without a path"
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ConfigFault(f"node.base_url: found {base_url!r}, {wanted}")
    if parts.scheme == "http" and not is_loopback(parts.netloc):
        raise ConfigFault(f"node.base_url: found {base_url!r}, wanted https (http only for loopback names)")
    if parts.port is not None and not is_loopback(parts.netloc):
        raise ConfigFault(f"node.base_url: found {base_url!r}, wanted no port (ids may not have one)")


def _database(url: str, folder: Path) -> str:
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest:
        return f"sqlite:{folder / rest}"
    if scheme == "postgresql" and rest.startswith("//"):
        return url
    raise ConfigFault(f"database.url: found {url!r}, wanted sqlite:PATH or postgresql://…")


def _check_networks(config: Config) -> None:
    for key, networks in (
        ("server.trusted_proxies", config.server.trusted_proxies),
        ("server.metrics_networks", config.server.metrics_networks),
        ("outbound.allow_private_networks", config.outbound.allow_private_networks),
    ):
        for network in networks:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise ConfigFault(f"{key}: found {network!r}, wanted a network such as 10.0.0.0/8") from None


def _check_patterns(config: Config) -> None:
    for key, patterns in (("allow", config.federation.allow), ("deny", config.federation.deny)):
        for pattern in patterns:
            try:
                canonical(pattern.removeprefix("*."))
            except ValueError as error:
                raise ConfigFault(f"federation.{key}: {error}") from None
