"""``fedcop.toml`` and the environment, read into frozen values and checked once, at start.

    config = load(Path("fedcop.toml"), os.environ)

Whatever cannot be used raises ``ConfigFault``, whose one line names the key, what was found and what is
wanted. Unknown keys are an error that names the key. Relative paths are relative to the file.
``FEDCOP_<SECTION>_<KEY>`` in the environment replaces the whole value: lists by commas, tables as JSON.
"""

import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

import msgspec

from fedcop.errors import ConfigFault
from fedcop.rules import Rule, canonical, is_loopback

Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3_650)]
Never = Annotated[int, msgspec.Meta(ge=0, le=36_500)]  # days; 0: it never happens
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the file."""


class NodeSection(Section, frozen=True, kw_only=True):
    """Who this node is."""

    domain: str
    base_url: str = ""
    name: str = ""
    description: str = ""
    contact_email: str = ""
    colour: str = ""
    languages: tuple[str, ...] = ("en", "cy")
    key_file: str = "data/node.key"


class ServerSection(Section, frozen=True, kw_only=True):
    """Where it listens, and whom it believes."""

    host: str = "127.0.0.1"
    port: Port = 0  # which no file can say: the port of a loopback base_url, or 8000
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
    purge_after: Days = 30


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
    session_days: Days = 14


class OutboundSection(Section, frozen=True, kw_only=True):
    """The one way out."""

    allow_private_networks: tuple[str, ...] = ()
    plain_http: bool = False
    ca_file: str = ""
    proxy: str = ""
    hosts: dict[str, str] = {}


class PushSection(Section, frozen=True, kw_only=True):
    """The services that wake clients: those of the browsers, and of the apps that bring their own."""

    hosts: tuple[str, ...] = (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        "app.joinmastodon.org",
        "icecubesrelay.fly.dev",
    )


class MediaSection(Section, frozen=True, kw_only=True):
    """Pictures and other files that people upload and that peers send."""

    folder: str = "data/media"
    ffmpeg: str = ""
    max_bytes: Count = 10_000_000
    max_pixels: Count = 33_177_600


class LimitsSection(Section, frozen=True, kw_only=True):
    """Sizes and rates."""

    post_characters: Count = 5000
    inbox_bytes: Count = 1_048_576
    requests_per_client: Count = 3000
    sign_in_per_pair: Count = 10
    sign_in_per_address: Count = 100
    objection_days: Days = 7


class RetentionSection(Section, frozen=True, kw_only=True):
    """After how many days something goes by itself."""

    leavers: Never = 0
    inactive_accounts: Never = 0
    closed_communities: Never = 0
    threads: dict[str, Never] = {}
    reports: Never = 0


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
    push: PushSection = PushSection()
    media: MediaSection = MediaSection()
    limits: LimitsSection = LimitsSection()
    retention: RetentionSection = RetentionSection()
    log: LogSection = LogSection()

    def rules(self) -> list[Rule]:
        """Give the federation list that the file fixes."""
        return [Rule(pattern=text, severity="allow", source="file") for text in self.federation.allow] + [
            Rule(pattern=text, severity="deny", source="file") for text in self.federation.deny
        ]


FEWEST_IDLE_DAYS = 90  # whoever is ill for a while, or on leave, loses nothing

_WORDS = {
    int: "a whole number",
    bool: "true or false",
    str: "text",
    tuple: "a list of texts",
    dict: "a table of texts",
}

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NOT_KEYS = re.compile(r"FEDCOP_(CONFIG|SHARED|TEST_.*)")


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read the file and the environment; raise ``ConfigFault`` for what cannot be used."""
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigFault(f"{path}: no such file; `fedcop init DIR --domain NAME` writes one") from None
    except OSError as error:
        raise ConfigFault(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault(f"{path}: is not TOML: {error}") from None
    return parse(tables, environ, folder=path.resolve().parent)


def parse(tables: Mapping[str, Any], environ: Mapping[str, str] = {}, *, folder: Path) -> Config:
    """Check tables as they were read, and fill in what follows from others."""
    tables = {**tables, **_from_environment(tables, environ)}
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
        table = merged.get(section, tables.get(section, {}))
        if isinstance(table, Mapping):  # what is no table is told as any other fault of the file
            merged[section] = {**table, key.name: _read(name, text, _without_limits(key.type))}
    return merged


def _read(name: str, text: str, wanted: Any) -> Any:
    if wanted == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    if wanted is bool:
        if text not in ("true", "false"):
            raise ConfigFault(f"{name}: found {text!r}, wanted true or false")
        return text == "true"
    if wanted is int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise ConfigFault(f"{name}: found {text!r}, wanted a whole number")
        return int(text)
    if get_origin(wanted) is dict:
        try:
            return json.loads(text)
        except ValueError:
            like = '{"name": "address"}' if wanted == dict[str, str] else '{"name": 730}'
            raise ConfigFault(f"{name}: found {text!r}, wanted JSON such as {like}") from None
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
    key = path.partition("[")[0]
    found: Any = tables
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else found
    return f"{key}: found {found!r}, wanted {_wanted(key)}"


def _wanted(key: str) -> str:
    """Say in plain words what a key takes."""
    kind: Any = Config
    for part in key.split("."):
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            kind = next((field.type for field in msgspec.structs.fields(kind) if field.name == part), str)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if get_origin(kind) is dict and get_args(kind)[1] is not str:
        return "a table of whole numbers"
    limits = next((part for part in get_args(kind) if isinstance(part, msgspec.Meta)), None)
    if limits is not None:
        return f"a whole number from {limits.ge} to {limits.le}"
    return _WORDS.get(get_origin(kind) or kind, "a table")


def _without_limits(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _filled(config: Config, folder: Path) -> Config:
    domain = _domain(config.node.domain)
    loopback = is_loopback(domain)
    base_url = _base_url(config.node.base_url or f"{'http' if loopback else 'https'}://{domain}")
    port = config.server.port or (urlsplit(base_url).port if loopback else None) or 8000
    if not config.server.host:  # to a socket this means every address of the machine
        raise ConfigFault("server.host: found '', wanted an address such as 127.0.0.1, or 0.0.0.0 for all")
    _check_languages(config.node.languages)
    if config.node.colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", config.node.colour):
        raise ConfigFault(f"node.colour: found {config.node.colour!r}, wanted one such as #1d4f91")
    _check_program(config.media.ffmpeg)
    if 0 < config.retention.inactive_accounts < FEWEST_IDLE_DAYS:
        found = config.retention.inactive_accounts
        raise ConfigFault(
            f"retention.inactive_accounts: found {found}, wanted 0 (never) or at least {FEWEST_IDLE_DAYS}"
        )
    _check_networks(config)
    _check_names(config)
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


def _base_url(text: str) -> str:
    """Give the address in its one form: ids are compared as text."""
    found = f"node.base_url: found {text!r}, wanted"
    scheme, _, name = text.rstrip("/").partition("://")
    try:
        host = canonical(name)
    except ValueError:
        scheme, host = "", ""
    if scheme not in ("http", "https"):
        raise ConfigFault(f"{found} an address such as https://communities.kent.example, without a path")
    if scheme == "http" and not is_loopback(host):
        raise ConfigFault(f"{found} https (http only for loopback names)")
    if ":" in host and not is_loopback(host):
        raise ConfigFault(f"{found} no port (ids may not have one)")
    return f"{scheme}://{host}"


def _database(url: str, folder: Path) -> str:
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest:
        return f"sqlite:{folder / rest}"
    if scheme in ("postgresql", "postgres") and rest.startswith("//"):
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


def _check_program(path: str) -> None:
    if path and not os.access(path, os.X_OK):
        raise ConfigFault(
            f"media.ffmpeg: found {path!r}, wanted the path of a program, such as /usr/bin/ffmpeg"
        )


def _check_languages(languages: tuple[str, ...]) -> None:
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise ConfigFault(f"node.languages: found {language!r}, wanted codes such as en and cy")


def _check_names(config: Config) -> None:
    """Refuse what is no name of a host where one is wanted."""
    for key, names in (
        ("federation.allow", [pattern.removeprefix("*.") for pattern in config.federation.allow]),
        ("federation.deny", [pattern.removeprefix("*.") for pattern in config.federation.deny]),
        ("outbound.hosts", list(config.outbound.hosts)),
    ):
        for name in names:
            try:
                canonical(name)
            except ValueError as error:
                raise ConfigFault(f"{key}: {error}") from None
