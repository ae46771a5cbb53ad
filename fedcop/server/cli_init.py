"""``fedcop init``: makes a node in a folder."""

import asyncio
import json
import os
import tomllib
from pathlib import Path

import click
import msgspec

from fedcop import config as configuration
from fedcop.actions import setup
from fedcop.clock import Clock
from fedcop.server.command import Refused, put, with_json

FILE = "fedcop.toml"

TEMPLATE = """\
# The configuration of one fedcop node. Every key is described in docs/operate.md; what is left out has the
# default that stands here behind a "#". Relative paths are relative to this file. An unknown key is an error.
# FEDCOP_<SECTION>_<KEY> in the environment replaces a key, such as FEDCOP_SERVER_PORT=8001.

[node]
# In handles, such as @highways@DOMAIN. It never changes.
domain = {domain}
{base_url}
name = {name}
# description = ""
# contact_email = ""
# languages = ["en", "cy"]
# key_file = "data/node.key"        # encrypts all other keys: keep a copy of it apart from the database

[server]
# host = "127.0.0.1"                # behind a proxy that speaks https
# port = 8000
# trusted_proxies = ["127.0.0.0/8", "::1/128"]
# metrics_networks = ["127.0.0.0/8", "::1/128"]

[database]
# url = "sqlite:data/fedcop.db"     # or postgresql://USER:PASSWORD@HOST/NAME

[federation]
# mode = "allowlist"                # or "open": whoever is not denied is allowed
# allow = []                        # such as ["devon.example", "*.gov.uk"]; more with `fedcop allow`
# deny = []                         # each with all below it; deny beats allow
# signed_fetch = true
# purge_after = 30                  # days

[web]
# public_pages = false              # public communities readable without sign-in

[client_api]
# anonymous = false                 # the same for Mastodon clients

[sign_in]
# registration = "closed"           # or "open", for trials
# password_grant = false            # for test suites of clients

[outbound]
# allow_private_networks = []       # networks that may be contacted although private
# plain_http = false                # accept http:// peers, on loopback networks only
# ca_file = ""
# proxy = ""
# hosts = {{}}                      # such as {{"devon.localhost" = "127.0.0.1"}}

[push]
# hosts = ["fcm.googleapis.com"]    # the services that may wake clients; docs/operate.md lists the default

[media]
# folder = "data/media"
# max_bytes = 10000000

[retention]
# leavers = 0                       # days until something goes by itself, 0 is never; docs/operate.md
# inactive_accounts = 0
# closed_communities = 0
# threads = {{}}                    # such as {{"*" = 1095}}
# reports = 0

[limits]
# post_characters = 5000
# requests_per_client = 3000        # of the client API, in five minutes

[log]
# level = "info"                    # debug, info, warning, error
# format = "text"                   # or "json"
"""

BASE_URL_DEFAULT = """\
# base_url = "https://DOMAIN"       # where it is reached; all ids are minted under it. Never changes."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """Where a new node lies."""

    config: str
    domain: str
    base_url: str


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--domain", required=True, help="In handles, such as kent.example.")
@click.option("--base-url", default="", help="Where it is reached, if that is another name.")
@click.option("--name", default="", help="Shown to people, such as the council's name.")
@with_json
def init(folder: Path, domain: str, base_url: str, name: str, as_json: bool) -> None:  # noqa: FBT001 - click
    """Make a node in DIR: configuration, database and keys. What is there already is never overwritten."""
    path = folder / FILE
    text = template(domain=domain, base_url=base_url, name=name)
    config = configuration.parse(tomllib.loads(text), os.environ, folder=folder.absolute())
    try:
        if path.exists():
            raise Refused(f"{path} exists; wanted a folder without a node")
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(setup.set_up(config, now=Clock().now()))
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Refused(f"{error.filename or folder}: {error.strerror}") from error
    made = Made(config=str(path), domain=config.node.domain, base_url=config.node.base_url)
    put(made, f"made {path}: the node {made.domain} at {made.base_url}", as_json=as_json)


def template(*, domain: str, base_url: str, name: str) -> str:
    """Give the text of a new configuration file."""
    return TEMPLATE.format(
        domain=_text(domain),
        base_url=f"base_url = {_text(base_url)}" if base_url else BASE_URL_DEFAULT,
        name=_text(name or domain),
    )


def _text(value: str) -> str:
    """Write a TOML text; JSON's escapes are TOML's too, and TOML wants one more of them."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


COMMANDS = (init,)
