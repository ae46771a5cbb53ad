from datetime import UTC, datetime, timedelta

import pytest

from activitypub.errors import Malformed, Stale
from activitypub.sig.signature import Signature, ensure_in_time, ensure_key_id, moment
from tests.support.signed import KEY_ID, NOW, ed25519_key, public_of, rsa_key

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_any_of_the_bases_may_be_what_was_signed() -> None:
    octets = rsa_key().sign(b"second")
    made = Signature(
        key_id=KEY_ID, scheme="cavage", kind=None, covered=(), octets=octets, bases=(b"first", b"second")
    )
    assert made.holds(public_of(rsa_key()))


def test_a_key_of_another_kind_than_named_does_not_hold() -> None:
    octets = ed25519_key().sign(b"base")
    key = public_of(ed25519_key())
    assert Signature(
        key_id=KEY_ID, scheme="cavage", kind=None, covered=(), octets=octets, bases=(b"base",)
    ).holds(key)
    assert not Signature(
        key_id=KEY_ID, scheme="cavage", kind="rsa", covered=(), octets=octets, bases=(b"base",)
    ).holds(key)


@pytest.mark.parametrize("age", [-HOUR, timedelta(0), HOUR])
def test_an_hour_either_side_is_in_time(age: timedelta) -> None:
    ensure_in_time(NOW - age, None, NOW)


@pytest.mark.parametrize("age", [-HOUR - SECOND, HOUR + SECOND, timedelta(hours=13)])
def test_more_than_an_hour_is_stale(age: timedelta) -> None:
    with pytest.raises(Stale, match="at most 1:00:00 allowed"):
        ensure_in_time(NOW - age, None, NOW)


def test_expires_stretches_the_window_to_twelve_hours_and_an_hour_of_skew() -> None:
    late = NOW + timedelta(days=10)
    ensure_in_time(NOW - timedelta(hours=13), late, NOW)
    with pytest.raises(Stale):
        ensure_in_time(NOW - timedelta(hours=13) - SECOND, late, NOW)


def test_expires_in_the_past_ends_the_window_early() -> None:
    ensure_in_time(NOW - timedelta(hours=3), NOW - HOUR, NOW)
    with pytest.raises(Stale):
        ensure_in_time(NOW - timedelta(minutes=30), NOW - HOUR - SECOND, NOW)


def test_seconds_become_a_moment() -> None:
    assert moment(1767603600, "created") == datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [None, "1767603600", True, 1.5, 10**30, -(10**30), 10**14])
def test_what_is_no_moment_is_malformed(seconds: object) -> None:
    with pytest.raises(Malformed, match="created"):
        moment(seconds, "created")


@pytest.mark.parametrize(
    "text", [None, "", "acct:ana@hub.kent.example", "ana", b"https://hub.kent.example/u/ana"]
)
def test_a_key_id_is_an_address(text: object) -> None:
    with pytest.raises(Malformed, match="key id"):
        ensure_key_id(text)
