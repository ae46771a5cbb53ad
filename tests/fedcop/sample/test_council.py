"""One council's node, driven from outside."""

import threading
from pathlib import Path

import pytest

from bench.site import free_port
from fedcop import config
from fedcop.sample.council import Site, Unanswered
from fedcop.sample.story import Council

KENT = Council(name="Kent", description='What "Kent" hosts, hefyd yn Gymraeg: ŵ.', port=8999)


def site(tmp_path: Path) -> Site:
    return Site("kent", KENT, tmp_path, tls=None)


def test_a_node_is_made_with_its_neighbours_allowed(tmp_path: Path) -> None:
    kent = site(tmp_path)

    kent.make(["devon.localhost:8002"], ca_file=None)

    assert kent.command("explain", "devon.localhost:8002").startswith("allowed")
    with pytest.raises(Unanswered):
        kent.command("explain", "essex.localhost:8004")


def test_a_node_says_what_the_story_says_of_its_council(tmp_path: Path) -> None:
    kent = site(tmp_path)

    kent.make([], ca_file=None)

    told = config.load(kent.folder / "fedcop.toml", {}).node
    assert (told.name, told.description) == (KENT.name, KENT.description)
    assert (told.domain, told.base_url) == (kent.domain, kent.address)


def test_a_refused_command_tells_its_line(tmp_path: Path) -> None:
    kent = site(tmp_path)

    with pytest.raises(Unanswered, match=r"kent: fedcop person list: .*no such file"):
        kent.command("person", "list")


def test_a_node_that_does_not_start_tells_why(tmp_path: Path) -> None:
    kent = site(tmp_path)
    kent.folder.mkdir()

    kent.start()

    with pytest.raises(Unanswered, match="kent did not start"):
        kent.wait_until_ready()


def test_a_node_that_is_ended_takes_nothing_more(tmp_path: Path) -> None:
    kent = site(tmp_path)
    kent.end()

    with pytest.raises(Unanswered, match="is ended"):
        kent.ask("GET", "/readyz")
    with pytest.raises(Unanswered, match="is ended"):
        kent.command("person", "list")


def test_no_answer_is_told_with_what_was_asked(tmp_path: Path) -> None:
    with pytest.raises(Unanswered, match="kent: GET /readyz"):
        site(tmp_path).ask("GET", "/readyz")


def test_a_command_under_way_ends_with_its_node(tmp_path: Path) -> None:
    kent = site(tmp_path)
    kent.make([], ca_file=None)
    ended = threading.Timer(0.2, kent.end)
    ended.start()

    # Without the end it would wait for a port that is never asked anything.
    with pytest.raises(Unanswered, match="kent: fedcop serve"):
        kent.command("serve", "--port", str(free_port()))
    ended.join()
