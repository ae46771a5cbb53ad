"""The documentation says what the code does: keys, activities, routes and proposals by name."""

import re

import msgspec

from fedcop.config import Config
from fedcop.mastodon.routes import TABLES
from fedcop.receive.dispatch import RECEIVERS
from fedcop.server.cli import main
from tests.architecture.sources import ROOT, files
from tests.journeys import (
    test_leaks,
    test_leaks_clients,
    test_leaks_forged,
    test_leaks_routed,
    test_leaks_told,
)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_every_key_of_the_configuration_is_explained() -> None:
    page = text("docs/operate.md")
    keys = [
        f"{section.name}.{key.name}"
        for section in msgspec.structs.fields(Config)
        for key in msgspec.structs.fields(section.type)
    ]

    assert [key for key in keys if f"`{key}`" not in page] == []


def test_every_activity_that_is_understood_is_stated() -> None:
    page = text("FEDERATION.md")

    assert [name for name in RECEIVERS if f"`{name}`" not in page] == []


def test_every_proposal_named_in_code_is_stated() -> None:
    named = {fep for path in files() for fep in re.findall(r"FEP-([0-9a-f]{4})", path.read_text("utf-8"))}
    page = text("FEDERATION.md").lower()

    assert sorted(fep for fep in named if f"fep-{fep}" not in page) == []


def test_every_client_method_is_listed() -> None:
    page = text("docs/clients.md")
    paths = {re.sub(r"\{(\w+)(:\w+)?\}", r":\1", route.path) for table in TABLES for route in table}

    assert sorted(path for path in paths if path.startswith("/api/") and f"`{path}`" not in page) == []


def test_every_command_is_explained() -> None:
    page = text("docs/operate.md")

    assert [name for name in main.commands if f"fedcop {name}" not in page] == []  # type: ignore[attr-defined]


def test_every_attempt_at_a_members_only_community_is_listed() -> None:
    page = text("docs/security.md")
    tried = [
        line
        for file in (test_leaks, test_leaks_clients, test_leaks_forged, test_leaks_told, test_leaks_routed)
        for line in file.ATTEMPTS.table()
    ]

    assert [line for line in tried if line not in page] == []
    assert len(tried) == len([line for line in page.splitlines() if line.startswith("| ")]) - 1
    assert len(tried) >= 40
