"""Accounts of people and communities, here and elsewhere."""

from fedcop.mastodon.entities import account as entities
from storage.ids import ActorId
from tests.fedcop.mastodon.entities.rows import NOON, actor, at


def test_somebody_elsewhere_has_a_whole_handle_and_somebody_here_a_bare_one() -> None:
    assert entities.account(actor(), at()).acct == "dan@devon.example"
    assert entities.account(actor(domain="kent.example"), at()).acct == "dan"


def test_an_address_that_is_not_known_is_the_id() -> None:
    assert entities.account(actor(), at()).url == "https://devon.example/users/dan"
    assert entities.account(actor(url="https://devon.example/@dan"), at()).url == "https://devon.example/@dan"


def test_a_picture_is_always_one_that_can_be_decoded() -> None:
    plain = entities.account(actor(), at())
    assert (plain.avatar, plain.header) == (
        "https://kent.example/avatars/original/missing.png",
        "https://kent.example/headers/original/missing.png",
    )
    own = entities.account(actor(icon="a.png", image="https://devon.example/h.png"), at())
    assert own.avatar == own.avatar_static == "https://kent.example/media/a.png"
    assert own.header == own.header_static
    assert own.header.startswith("https://kent.example/media/actors/7/image/")


def test_a_lock_says_that_somebody_decides() -> None:
    assert entities.account(actor(approves=True), at()).locked is True
    assert entities.account(actor(type="Group"), at(1, frozenset({ActorId(7)}))).locked is True
    assert entities.account(actor(type="Group"), at(1)).locked is False


def test_only_the_two_widest_levels_read_as_discoverable() -> None:
    levels = ("hidden", "council", "members", "nodes", "public")
    found = [entities.account(actor(findable=level), at()).discoverable for level in levels]
    assert found == [False, False, False, True, True]


def test_the_last_post_is_a_day() -> None:
    assert entities.account(actor(last_post_at=NOON), at()).last_status_at == "2026-03-02"
    assert entities.account(actor(), at()).last_status_at is None


def test_a_suspended_account_says_so_and_others_say_nothing() -> None:
    assert entities.account(actor(state="suspended"), at()).suspended is True
    assert entities.account(actor(), at()).suspended is not False


def test_the_lines_of_a_profile_come_along() -> None:
    shown = entities.account(actor(fields='[{"name":"Works at","value":"<b>Devon</b>"}]'), at())
    assert [(line.name, line.value) for line in shown.fields] == [("Works at", "<b>Devon</b>")]


def test_an_account_is_made_once_for_an_answer() -> None:
    place = at()
    assert entities.account(actor(), place) is entities.account(actor(), place)
    assert entities.muted(actor(), NOON, place) is not entities.account(actor(), place)
