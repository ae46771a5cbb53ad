"""A policy in both versions."""

from fedcop.mastodon.entities.notification_request import policy, v1_policy
from storage.verdicts import Policy

SAID = Policy(not_following="filter", new_accounts="drop")


def test_version_2_has_a_word_for_each_kind_of_sender() -> None:
    shown = policy(SAID, (1, 2))
    assert (shown["for_not_following"], shown["for_new_accounts"]) == ("filter", "drop")
    assert shown["for_limited_accounts"] == "accept"
    assert shown["summary"] == {"pending_requests_count": 1, "pending_notifications_count": 2}


def test_version_1_has_yes_or_no() -> None:
    shown = v1_policy(SAID, (0, 0))
    assert [name for name, said in shown.items() if said is True] == [
        "filter_not_following",
        "filter_new_accounts",
    ]
    assert "filter_limited_accounts" not in shown
