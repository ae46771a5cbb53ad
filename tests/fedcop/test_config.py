"""The configuration: what is filled in, and the one line for each fault."""

from pathlib import Path
from typing import Any

import pytest

from fedcop import config
from fedcop.errors import ConfigFault

KENT = {"node": {"domain": "kent.example"}}


def parsed(**tables: Any) -> config.Config:
    return config.parse(KENT | tables, folder=Path("/srv/kent"))


def test_a_domain_is_enough() -> None:
    kent = parsed()

    assert kent.node.base_url == "https://kent.example"
    assert kent.node.name == "kent.example"
    assert kent.server.port == 8000
    assert kent.database.url == "sqlite:/srv/kent/data/fedcop.db"
    assert kent.node.key_file == "/srv/kent/data/node.key"
    assert kent.federation.mode == "allowlist"
    assert kent.federation.signed_fetch
    assert not kent.web.public_pages


def test_a_loopback_domain_gives_its_port_to_the_server() -> None:
    kent = config.parse({"node": {"domain": "kent.localhost:8001"}}, folder=Path("/srv"))

    assert kent.node.base_url == "http://kent.localhost:8001"
    assert kent.server.port == 8001


def test_paths_that_are_absolute_stay() -> None:
    kent = parsed(media={"folder": "/var/media"}, outbound={"ca_file": "ca.pem"})

    assert kent.media.folder == "/var/media"
    assert kent.outbound.ca_file == "/srv/kent/ca.pem"


def test_a_postgresql_address_is_kept() -> None:
    assert parsed(database={"url": "postgresql://db/fedcop"}).database.url == "postgresql://db/fedcop"


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ({"node": {}}, "node.domain: is missing"),
        ({"node": {"domain": "kent.example", "flavour": "red"}}, "node.flavour: is no key"),
        ({"nod": {}}, "nod: is no key"),
        ({"node": {"domain": "kent"}}, "node.domain: found 'kent', wanted a domain"),
        ({"node": {"domain": "kent.example:8000"}}, "node.domain: found 'kent.example:8000', wanted no port"),
        ({"server": {"port": "x"}}, "server.port: found 'x', wanted a whole number"),
        ({"server": {"port": 70000}}, "server.port: found 70000, wanted a whole number from 1 to 65535"),
        ({"server": {"trusted_proxies": ["10.0.0.1/8"]}}, "server.trusted_proxies: found '10.0.0.1/8'"),
        ({"federation": {"mode": "shut"}}, "federation.mode: found 'shut', wanted one of allowlist, open"),
        ({"federation": {"allow": ["kent"]}}, "federation.allow: found 'kent'"),
        ({"federation": {"deny": ["https://x.example/"]}}, "federation.deny: found"),
        ({"federation": {"allow": 3}}, "federation.allow: found 3, wanted a list of texts"),
        ({"web": {"public_pages": "yes"}}, "web.public_pages: found 'yes', wanted true or false"),
        ({"web": 3}, "web: found 3, wanted a table"),
        ({"outbound": {"hosts": {"a": 1}}}, "outbound.hosts"),
        ({"database": {"url": "mysql://x"}}, "database.url: found 'mysql://x', wanted sqlite:PATH"),
        ({"outbound": {"hosts": {"a b": "192.0.2.1"}}}, "outbound.hosts: found 'a b', wanted a domain"),
        (
            {"federation": {"allow": ["a.example", 3]}},
            "federation.allow: found ['a.example', 3], wanted a list",
        ),
        ({"federation": {"purge_after": -1}}, "found -1, wanted a whole number from 1 to 3650"),
        ({"server": {"host": ""}}, "server.host: found '', wanted an address"),
        ({"server": {"port": 0}}, "server.port: found 0, wanted a whole number from 1 to 65535"),
        ({"limits": {"inbox_bytes": 0}}, "limits.inbox_bytes: found 0, wanted a whole number from 1"),
        (
            {"media": {"ffmpeg": "/no/such/program"}},
            "media.ffmpeg: found '/no/such/program', wanted the path",
        ),
        ({"node": {"domain": "kent.example", "languages": ["English"]}}, "node.languages: found 'English'"),
        ({"node": {"domain": "kent.example", "colour": "red"}}, "node.colour: found 'red', wanted one such"),
        ({"node": {"domain": "kent.example", "base_url": "http://kent.example"}}, "wanted https"),
        ({"node": {"domain": "kent.example", "base_url": "https://[bad"}}, "node.base_url: found"),
        ({"node": {"domain": "kent.example", "base_url": "https://me@kent.example"}}, "node.base_url: found"),
        ({"node": {"domain": "kent.example", "base_url": "https://kent.example#x"}}, "node.base_url: found"),
        ({"node": {"domain": "kent.example", "base_url": "kent.example"}}, "node.base_url: found"),
        ({"node": {"domain": "kent.example", "base_url": "http://kent.localhost:99999"}}, "node.base_url"),
        ({"node": {"domain": "kent.example", "base_url": "https://kent.example/x"}}, "without a path"),
        ({"node": {"domain": "kent.example", "base_url": "https://kent.example:444"}}, "wanted no port"),
    ],
)
def test_a_fault_is_one_line_that_names_the_key(tables: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigFault) as caught:
        config.parse(KENT | tables, folder=Path("/srv"))

    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_base_url_has_one_form() -> None:
    kent = parsed(node={"domain": "kent.example", "base_url": "https://Communities.KENT.example:443/"})

    assert kent.node.base_url == "https://communities.kent.example"


def load(tmp_path: Path, text: str, **environ: str) -> config.Config:
    (tmp_path / "fedcop.toml").write_text(text)
    return config.load(tmp_path / "fedcop.toml", environ)


def test_the_environment_replaces_whole_values(tmp_path: Path) -> None:
    kent = load(
        tmp_path,
        '[node]\ndomain = "kent.example"\n[federation]\nallow = ["devon.example"]\ndeny = ["x.example"]\n',
        FEDCOP_FEDERATION_ALLOW="powys.example, *.gov.uk",
        FEDCOP_CLIENT_API_ANONYMOUS="true",
        FEDCOP_SERVER_PORT="9000",
        FEDCOP_NODE_NAME="Kent",
        FEDCOP_OUTBOUND_HOSTS='{"devon.example": "192.0.2.1"}',
        FEDCOP_CONFIG="x",
        FEDCOP_TEST_POSTGRES="x",
        PATH="/bin",
    )

    assert kent.federation.allow == ("powys.example", "*.gov.uk")
    assert kent.federation.deny == ("x.example",)
    assert kent.client_api.anonymous
    assert kent.server.port == 9000
    assert kent.node.name == "Kent"
    assert kent.outbound.hosts == {"devon.example": "192.0.2.1"}


def test_an_empty_list_in_the_environment_is_empty(tmp_path: Path) -> None:
    text = '[node]\ndomain = "kent.example"\n[federation]\nallow = ["devon.example"]\n'

    assert load(tmp_path, text, FEDCOP_FEDERATION_ALLOW="").federation.allow == ()


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("FEDCOP_NODE_FLAVOUR", "red", "FEDCOP_NODE_FLAVOUR: is no key"),
        ("FEDCOP_SERVER_PORT", "x", "FEDCOP_SERVER_PORT: found 'x', wanted a whole number"),
        ("FEDCOP_WEB_PUBLIC_PAGES", "1", "FEDCOP_WEB_PUBLIC_PAGES: found '1', wanted true or false"),
        ("FEDCOP_SERVER_PORT", "٣", "FEDCOP_SERVER_PORT: found '٣', wanted a whole number"),
        ("FEDCOP_SERVER_PORT", "0", "server.port: found 0, wanted a whole number from 1"),
        ("FEDCOP_OUTBOUND_HOSTS", "[1]", r"outbound.hosts: found \[1\], wanted a table"),
        ("FEDCOP_OUTBOUND_HOSTS", "{", "FEDCOP_OUTBOUND_HOSTS: found '{', wanted JSON"),
    ],
)
def test_a_fault_in_the_environment_names_the_variable(
    tmp_path: Path, name: str, value: str, line: str
) -> None:
    with pytest.raises(ConfigFault, match=line):
        load(tmp_path, '[node]\ndomain = "kent.example"\n', **{name: value})


def test_what_is_no_table_is_named_also_where_the_environment_has_one_of_its_keys(tmp_path: Path) -> None:
    text = 'web = 3\n[node]\ndomain = "kent.example"\n'
    with pytest.raises(ConfigFault, match="web: found 3, wanted a table"):
        load(tmp_path, text, FEDCOP_WEB_PUBLIC_PAGES="true")


def test_what_an_editor_put_before_the_text_is_passed_over(tmp_path: Path) -> None:
    assert load(tmp_path, '\ufeff[node]\ndomain = "kent.example"\n').node.domain == "kent.example"


def test_a_missing_file_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="fedcop init"):
        config.load(tmp_path / "none.toml", {})


def test_a_folder_or_a_broken_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="cannot be read"):
        config.load(tmp_path, {})
    with pytest.raises(ConfigFault, match="is not TOML"):
        load(tmp_path, "[node")


def test_the_file_s_rules_carry_their_source() -> None:
    rules = parsed(federation={"allow": ["*.gov.uk"], "deny": ["bad.gov.uk"]}).rules()

    assert [(rule.pattern, rule.severity, rule.source) for rule in rules] == [
        ("*.gov.uk", "allow", "file"),
        ("bad.gov.uk", "deny", "file"),
    ]
