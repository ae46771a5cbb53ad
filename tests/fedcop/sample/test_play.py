"""The play: who speaks to which node and in what order, against nodes that answer from a script."""

import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fedcop.sample.council import Site, Unanswered
from fedcop.sample.play import Play
from fedcop.sample.story import Community, Council, Person, Reply, Story, Thread

STORY = Story(
    councils={
        "kent": Council(name="Kent", description="", port=1),
        "devon": Council(name="Devon", description="", port=1),
    },
    communities={
        "drainage": Community(
            council="kent", name="Drainage", summary="", facilitator="ruth", join="approval"
        )
    },
    people={
        "ruth": Person(council="kent", name="Ruth", role="Engineer", services=["Drainage"]),
        "beth": Person(council="devon", name="Beth", role="Inspector", services=["Gullies", "Floods"]),
    },
    members={"drainage": ["beth"]},
    follows={},
    waiting={},
    threads=[],
    later=[],
)


class Answers(BaseHTTPRequestHandler):
    """A client API that keeps what it is asked, and says what a node would."""

    asked: list[str]
    forms: list[dict[str, str]]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        form = dict(urllib.parse.parse_qsl(query))
        self.asked.append(f"GET {path}")
        if path == "/api/v2/search" and form["type"] == "accounts":
            self._say({"accounts": [{"id": "7"}]})
        elif path == "/api/v2/search":
            # It arrives at the second look.
            looks = self.asked.count("GET /api/v2/search")
            found = {"id": "9", "account": {"acct": "beth@devon.localhost"}}
            self._say({"statuses": [found] if looks > 1 else []})
        elif path == "/api/v1/follow_requests":
            self._say([{"id": "3", "username": "beth"}, {"id": "4", "username": "eve"}])
        else:
            self._say([{"following": True}])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.asked.append(f"POST {self.path}")
        self.forms.append(dict(urllib.parse.parse_qsl(body)))
        app = {"client_id": "c", "client_secret": "s"}
        token = {"access_token": f"token of {self.forms[-1].get('username')}"}
        self._say(app | token | {"uri": f"http://x/posts/{len(self.forms)}", "id": "9"})

    do_PATCH = do_POST

    def _say(self, value: Any) -> None:
        body = msgspec.json.encode(value)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def answers() -> type[Answers]:
    return type("Mine", (Answers,), {"asked": [], "forms": []})


@pytest.fixture
def play(answers: type[Answers], tmp_path: Path) -> Iterator[Play]:
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        council = Council(name="", description="", port=server.server_port)
        sites = {slug: Site(slug, council, tmp_path, tls=None) for slug in STORY.councils}
        yield Play(STORY, sites, {})
        server.shutdown()


def test_everybody_signs_in_joins_and_is_let_in_by_the_facilitator(
    play: Play, answers: type[Answers]
) -> None:
    said: list[str] = []

    play.begin(said.append)

    assert set(play.tokens) == {"ruth", "beth"}
    assert play.tokens["beth"] == "token of beth@devon.example"
    notes = [form["note"] for form in answers.forms if "note" in form]
    assert "Inspector. Ask me about: Gullies, Floods." in notes
    lines = [form["fields_attributes[1][value]"] for form in answers.forms if "note" in form]
    assert "Gullies, Floods" in lines
    assert "POST /api/v1/accounts/7/follow" in answers.asked
    assert "POST /api/v1/follow_requests/3/authorize" in answers.asked
    assert "POST /api/v1/follow_requests/4/authorize" not in answers.asked, "eve is no member of the story"
    assert said == ["signing people in", "joining communities", "asking and answering"]


def test_an_answer_waits_until_the_question_has_come(play: Play, answers: type[Answers]) -> None:
    play.tokens = {"ruth": "1", "beth": "2"}
    thread = Thread(
        by="beth", community="drainage", text="Round {n}?", replies=[Reply(by="ruth", text="Quarterly.")]
    )

    play.thread(thread)
    play.thread(thread)

    port = play.sites["kent"].council.port
    assert answers.forms[:2] == [
        {"status": f"@drainage@kent.localhost:{port} Round 1?"},
        {"status": "@beth@devon.localhost Quarterly.", "in_reply_to_id": "9"},
    ]
    assert answers.forms[2]["status"].endswith("Round 2?")
    assert answers.asked[:4] == [
        "POST /api/v1/statuses",
        "GET /api/v2/search",
        "GET /api/v2/search",
        "POST /api/v1/statuses",
    ]


def test_who_lives_where_the_community_is_names_it_alone(play: Play, answers: type[Answers]) -> None:
    play.tokens = {"ruth": "1"}

    play.thread(Thread(by="ruth", community="drainage", text="Hello"))

    assert answers.forms == [{"status": "@drainage Hello"}]


def test_a_node_that_is_ended_ends_the_play(play: Play) -> None:
    play.tokens = {"ruth": "1"}
    for site in play.sites.values():
        site.end()

    with pytest.raises(Unanswered, match="is ended"):
        play.thread(Thread(by="ruth", text="Hello"))
