"""``fedcop person`` and ``fedcop token``."""

import re
from collections.abc import Callable

import pytest

from tests.fedcop.server.conftest import CommandLine

BEA = ("person", "add", "bea", "--email", "bea@kent.example", "--display-name", "Bea")


def test_without_a_password_a_one_time_link_is_printed(kent_line: CommandLine) -> None:
    first, link = kent_line.done(*BEA).splitlines()
    assert first == "added @bea@kent.example"
    assert re.fullmatch(r"https://kent\.example/invitation/[A-Za-z0-9_-]{43}", link)


@pytest.mark.parametrize(("option", "given"), [("correct horse", ""), ("-", "correct horse\n")])
def test_with_a_password_there_is_no_link(kent_line: CommandLine, option: str, given: str) -> None:
    assert kent_line.done(*BEA, "--password", option, given=given) == "added @bea@kent.example\n"


def test_a_password_is_not_read_with_its_line_end(kent_line: CommandLine) -> None:
    assert "found 7 characters" in kent_line.refused(*BEA, "--password", "-", given="7 signs\r\n")


def test_people_are_listed(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    kent_line.done(*BEA, "--admin")
    listed = kent_line.json("person", "list")
    assert [{key: person[key] for key in person if key != "created_at"} for person in listed] == [
        {
            "name": name,
            "handle": f"@{name}@kent.example",
            "email": f"{name}@kent.example",
            "admin": admin,
            "state": "active",
        }
        for name, admin in (("ada", False), ("bea", True))
    ]
    assert all(person["created_at"].endswith("Z") for person in listed)
    head, ada, bea = kent_line.done("person", "list").splitlines()
    assert head.split() == ["name", "handle", "email", "admin", "state", "created", "at"]
    assert ada.split()[:5] == ["ada", "@ada@kent.example", "ada@kent.example", "no", "active"]
    assert bea.split()[3] == "yes"


def test_a_person_is_suspended_and_deleted(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    assert kent_line.json("person", "suspend", "ada") == {"name": "ada", "state": "suspended"}
    assert kent_line.refused("person", "suspend", "ada") == "ada is suspended already"
    assert kent_line.done("person", "delete", "ada") == "deleted ada\n"
    assert [person["state"] for person in kent_line.json("person", "list")] == ["deleted"]
    assert "found no person" in kent_line.refused("person", "delete", "ada")


def test_a_handle_is_not_given_twice(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    line = kent_line.refused("person", "add", "ada", "--email", "a@kent.example", "--display-name", "A")
    assert line == "handle: 'ada' is or was taken here; a handle is never given again"


def test_only_the_token_is_printed(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    printed = kent_line.done("token", "create", "ada", "--scopes", "read write follow push", "--app", "Bench")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", printed)
    assert list(kent_line.json("token", "create", "ada", "--scopes", "read")) == ["access_token"]


def test_an_unknown_scope_is_refused(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    assert "found 'wite'" in kent_line.refused("token", "create", "ada", "--scopes", "read wite")
