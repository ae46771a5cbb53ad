"""``fedcop person`` and ``fedcop token``."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

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


def test_all_that_is_held_of_a_person_is_written_out(
    kent_line: CommandLine, add_ada: Callable[[], None], tmp_path: Path
) -> None:
    add_ada()
    file = tmp_path / "ada.zip"
    told = kent_line.json("person", "export", "ada", str(file))
    assert told == {"name": "ada", "file": str(file), "bytes": file.stat().st_size}
    with ZipFile(file) as archive:
        assert json.loads(archive.read("actor.json"))["preferredUsername"] == "ada"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exists; wanted the name of a new file" in kent_line.refused("person", "export", "ada", str(file))
    missing = tmp_path / "zed.zip"
    assert "found no person 'zed'" in kent_line.refused("person", "export", "zed", str(missing))
    assert not missing.exists()


def test_an_erasure_is_told_host_by_host(kent_line: CommandLine, add_ada: Callable[[], None]) -> None:
    add_ada()
    kent_line.done("person", "delete", "ada")
    told = kent_line.json("person", "erasure", "ada")
    assert (told["name"], told["state"], told["hosts"], told["acknowledged"]) == ("ada", "ended", [], 0)
    first, *rest = kent_line.done("person", "erasure", "ada").splitlines()
    assert re.fullmatch(r"ada: ended, begun .*; 0 acknowledged, 0 failed, 0 unreachable, 0 waiting", first)
    assert any("cannot be called back" in line for line in rest)
    assert "nobody called 'zed' was deleted here" in kent_line.refused("person", "erasure", "zed")
