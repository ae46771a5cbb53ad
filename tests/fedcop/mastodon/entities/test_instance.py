"""The instance as the strictest clients decode it (mastodon-api.md 3.3)."""

import re
from pathlib import Path

import msgspec

from fedcop import config
from fedcop.mastodon.entities.instance import Counts, instance, streaming, v1_instance

KENT = config.parse({"node": {"domain": "kent.example", "name": "Kent"}}, folder=Path("/"))
HERE = "https://kent.example"


def test_version_two_has_what_no_client_does_without() -> None:
    shown = msgspec.to_builtins(instance(KENT, HERE, active=3, vapid_key="key"))

    assert shown["domain"] == "kent.example"
    assert shown["registrations"]["enabled"] is False
    assert shown["thumbnail"]["url"].startswith(HERE)
    assert shown["contact"]["email"] == ""
    assert shown["configuration"]["urls"]["streaming"] == "wss://kent.example"
    assert shown["configuration"]["statuses"]["max_characters"] == 5000
    assert shown["configuration"]["polls"]["max_options"] == 4
    assert shown["configuration"]["limited_federation"] is True
    assert shown["configuration"]["timelines_access"]["live_feeds"]["local"] == "authenticated"
    assert shown["usage"] == {"users": {"active_month": 3}}


def test_the_version_begins_with_a_mastodon_number_and_claims_no_later_features() -> None:
    shown = msgspec.to_builtins(instance(KENT, HERE, active=0, vapid_key="key"))

    assert re.match(r"4\.5\.0 \(compatible; Fedcop \d", shown["version"])
    assert shown["api_versions"] == {"mastodon": 7}


def test_version_one_names_the_bare_domain() -> None:
    shown = msgspec.to_builtins(
        v1_instance(KENT, HERE, Counts(user_count=1, status_count=2, domain_count=3), vapid_key="key")
    )

    assert shown["uri"] == "kent.example"
    assert shown["stats"] == {"user_count": 1, "status_count": 2, "domain_count": 3}
    assert shown["urls"] == {"streaming_api": "wss://kent.example"}


def test_streaming_is_on_the_host_that_was_dialled() -> None:
    assert streaming("http://127.0.0.1:8001") == "ws://127.0.0.1:8001"
