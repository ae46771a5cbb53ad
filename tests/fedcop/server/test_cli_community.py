"""``fedcop community``."""

from collections.abc import Callable

import pytest

from tests.fedcop.server.conftest import CommandLine

FLOODS = ("community", "open", "floods", "--name", "Floods", "--facilitator", "ada")


def test_a_community_is_opened_listed_and_closed(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    uri = "https://kent.example/communities/floods"
    assert kent_line.done(*FLOODS, "--join", "approval") == f"opened @floods@kent.example\n{uri}\n"
    assert kent_line.json("community", "list") == [
        {
            "slug": "floods",
            "name": "Floods",
            "uri": uri,
            "join": "approval",
            "visibility": "public",
            "members": 1,
        }
    ]
    assert kent_line.json("community", "close", "floods") == {
        "slug": "floods",
        "handle": "@floods@kent.example",
        "uri": uri,
        "state": "closed",
    }
    assert kent_line.json("community", "list") == []
    assert "was closed on" in kent_line.refused("community", "close", "floods")


@pytest.mark.parametrize("join", ["open", "approval", "invite"])
def test_one_that_only_its_members_read_is_joined_in_any_way(
    kent_line: CommandLine, add_ada: Callable[[], None], join: str
) -> None:
    add_ada()
    assert kent_line.json(*FLOODS, "--join", join, "--visibility", "members")["state"] == "open"
    (listed,) = kent_line.json("community", "list")
    assert (listed["join"], listed["visibility"]) == (join, "members")


def test_a_join_mode_that_does_not_exist_is_wrong_usage(kent_line: CommandLine) -> None:
    assert kent_line.run(*FLOODS, "--join", "maybe").exit_code == 2


def test_a_facilitator_who_does_not_exist_is_named(kent_line: CommandLine) -> None:
    assert kent_line.refused(*FLOODS) == "found no person 'ada'; wanted name or name@host"
