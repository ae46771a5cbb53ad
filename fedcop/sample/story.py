"""Who lives in the sample network and what they say, read from ``story.toml``."""

import tomllib
from importlib.resources import files
from typing import Literal

import msgspec


class Council(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One council and the port of its node."""

    name: str
    description: str
    port: int


class Community(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One community of practice and the council that hosts it."""

    council: str
    name: str
    summary: str
    facilitator: str
    join: Literal["open", "approval"]


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member of staff."""

    council: str
    name: str
    role: str
    services: list[str]
    needs: list[str] = []


class Reply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody answers."""

    by: str
    text: str


class Thread(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post, in a community or outside, and what it was answered."""

    by: str
    text: str
    community: str = ""
    replies: list[Reply] = []


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it; ``waiting`` names, for a community, who asked to join and is not answered."""

    councils: dict[str, Council]
    communities: dict[str, Community]
    people: dict[str, Person]
    members: dict[str, list[str]]
    follows: dict[str, list[str]]
    waiting: dict[str, str]
    threads: list[Thread]
    later: list[Thread]


def read() -> Story:
    """Give the story that lies beside this file."""
    return msgspec.convert(tomllib.loads(files(__package__).joinpath("story.toml").read_text("utf-8")), Story)
