"""What others were attacked with, one test for a row of federation.md 3.6: what the door lets in, 1 to 13.

The others, what an activity may do once it is in, are in test_attacks_inside.py.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from activitypub.errors import Malformed
from activitypub.wire import Request
from fedcop import fetch
from fedcop.errors import NotPermitted
from fedcop.rules import Rule, Rules
from storage import actors
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import act, create, note
from tests.support.attacked import Scene
from tests.support.speak import ACTIVITY, Peer, pem, signed


async def test_1_an_upload_is_not_taken_for_a_document(scene: Scene) -> None:
    scene.surrey.put("/media/webfinger.json", note(scene.surrey, 1, "x") | {"id": f"{scene.surrey.base}/m"})
    scene.surrey.documents["/media/webfinger.json"]["id"] = f"{scene.surrey.base}/media/webfinger.json"
    # The peer of tests serves this path with another type, as an upload would be served.
    with pytest.raises(Exception, match="wanted application/activity"):
        await fetch.post(scene.kent.node, f"{scene.surrey.base}/media/webfinger.json")
    like = act(scene.surrey, "Like", 1, scene.ada.uri)
    assert await scene.send(scene.surrey, like, content_type="application/json") == 415
    assert await scene.stored() == 0


async def test_2_nobody_serves_an_actor_of_another_host(scene: Scene) -> None:
    await scene.send(scene.surrey, act(scene.surrey, "Like", 1, scene.ada.uri))
    before = await scene.known(scene.sam)
    taken = scene.surrey.documents["/users/sam"] | {
        "name": "Taken over",
        "inbox": f"{scene.lemmy.base}/inbox",
    }
    scene.lemmy.put("/fake", taken)
    with pytest.raises(Exception, match="serves a document whose id is"):
        await fetch.actor(scene.kent.node, f"{scene.lemmy.base}/fake")
    assert await scene.known(scene.sam) == before


async def test_3_words_embedded_under_anothers_id_are_not_stored(scene: Scene) -> None:
    words = note(scene.surrey, 7, "words put in my mouth", cc=[scene.makers.uri])
    forged = create(words) | {"id": f"{scene.lemmy.base}/1", "actor": scene.cal}
    await scene.send(scene.lemmy, forged)
    await scene.send(scene.lemmy, forged | {"id": f"{scene.lemmy.base}/2", "object": words["id"]})
    mine = words | {"attributedTo": scene.cal}
    await scene.send(scene.lemmy, forged | {"id": f"{scene.lemmy.base}/3", "object": mine})
    neighbour = create(words) | {"actor": scene.bea}
    await scene.send(scene.surrey, neighbour)
    assert await scene.kent.post(words["id"]) is None
    # Nor does anybody's Create of what another host holds make this node ask for it.
    scene.surrey.put("/notes/7", words)
    await scene.send(scene.lemmy, forged | {"id": f"{scene.lemmy.base}/4", "object": words["id"]})
    assert [line for line in scene.network.fetches() if "/notes/" in line] == []


async def test_4_an_id_that_redirects_elsewhere_is_not_followed(scene: Scene) -> None:
    class Redirecting(Peer):
        where = b""

        def _answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, bytes]:
            return 302, b""

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def moved(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message = message | {"headers": [(b"location", self.where)]}
                await send(message)

            await super().__call__(scope, receive, moved)

    trap = Redirecting("essex.example", scene.network.router, scene.network.clock)
    for trap.where in (
        b"https://lemmy.example/x",
        b"http://169.254.169.254/",
        b"http://[::ffff:10.0.0.5]/",
        b"//[",
    ):
        scene.network.router.take()
        with pytest.raises(Exception, match="leads to"):
            await fetch.document(scene.kent.node, f"{trap.base}/notes/1")
        assert scene.network.fetches() == [f"GET {trap.base}/notes/1"]


async def test_5_an_activity_with_an_id_of_another_host_takes_no_place_in_the_store(scene: Scene) -> None:
    like = act(scene.surrey, "Like", 1, scene.ada.uri)
    forged = like | {"actor": scene.cal}
    assert await scene.send(scene.lemmy, forged) == 403
    assert await scene.stored() == 0
    assert await scene.send(scene.surrey, like) == 202


async def test_6_a_key_document_does_not_make_its_writer_somebody_else(scene: Scene) -> None:
    stolen = {
        "id": f"{scene.surrey.base}/k",
        "type": "Key",
        "owner": scene.sam,
        "publicKeyPem": pem(scene.bea),
    }
    scene.surrey.put("/k", stolen)
    claimed = {"id": f"{scene.bea}#main-key", "owner": scene.sam, "publicKeyPem": pem(scene.bea)}
    scene.surrey.documents["/users/bea"]["publicKey"] = claimed
    body = json.dumps(act(scene.surrey, "Like", 1, scene.ada.uri)).encode()
    now = scene.network.clock.now()
    for key_id in (f"{scene.surrey.base}/k", f"{scene.bea}#main-key"):
        asked = signed("POST", scene.kent.url("/inbox"), body, key_id=key_id, by=scene.bea, now=now)
        assert (await scene.network.router.send(asked)).status == 401
    assert await scene.stored() == 0


@pytest.mark.parametrize("left_out", ["(request-target) ", "host ", "digest ", "date "])
async def test_7_a_signature_that_leaves_something_out_is_none(scene: Scene, left_out: str) -> None:
    body = json.dumps(act(scene.surrey, "Like", 1, scene.ada.uri)).encode()
    asked = signed(
        "POST",
        scene.kent.url("/inbox"),
        body,
        key_id=f"{scene.sam}#main-key",
        by=scene.sam,
        now=scene.network.clock.now(),
    )
    headers = dict(asked.headers)
    headers["signature"] = headers["signature"].replace(left_out, "", 1)
    sent = Request(method="POST", url=asked.url, headers=tuple(headers.items()), body=body)
    assert (await scene.network.router.send(sent)).status == 401
    assert scene.network.fetches() == [], "no key is needed to see it"


async def test_8_a_signed_request_is_good_for_one_inbox_one_hour_and_once(scene: Scene) -> None:
    like = act(scene.surrey, "Like", 1, scene.ada.uri)
    body, now = json.dumps(like).encode(), scene.network.clock.now()
    who = {"key_id": f"{scene.sam}#main-key", "by": scene.sam}
    asked = signed("POST", scene.kent.url("/inbox"), body, now=now, **who)
    elsewhere = Request(method="POST", url=f"{scene.ada.uri}/inbox", headers=asked.headers, body=asked.body)
    assert (await scene.network.router.send(elsewhere)).status == 401
    other_host = signed("POST", "https://devon.example/inbox", body, now=now, **who)
    replayed = Request(method="POST", url=asked.url, headers=other_host.headers, body=body)
    assert (await scene.network.router.send(replayed)).status == 401
    assert [(await scene.network.router.send(asked)).status for _ in range(2)] == [202, 202]
    assert await scene.stored() == 1
    scene.network.clock.move(timedelta(hours=2))
    assert (await scene.network.router.send(asked)).status == 401


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "surrey.example:22", "rogue.example"]
)
async def test_9_no_address_in_an_activity_makes_us_ask_a_host_that_is_not_listed(
    scene: Scene, host: str
) -> None:
    asked = act(scene.surrey, "Like", 1, scene.ada.uri)
    body, now = json.dumps(asked).encode(), scene.network.clock.now()
    key_id = f"https://{host}/key"
    sent = signed("POST", scene.kent.url("/inbox"), body, key_id=key_id, by=scene.sam, now=now)
    assert (await scene.network.router.send(sent)).status in (400, 403)
    reply = note(scene.surrey, 1, "x", cc=[scene.makers.uri], inReplyTo=f"https://{host}/1")
    await scene.send(scene.surrey, create(reply))
    await scene.send(scene.surrey, act(scene.surrey, "Announce", 2, f"https://{host}/1"))
    scene.surrey.documents["/users/bea"]["inbox"] = f"https://{host}/inbox"
    await scene.send(scene.surrey, act(scene.surrey, "Follow", 3, scene.ada.uri, by="bea"))
    assert [line for line in scene.network.router.take() if host in line] == []
    assert await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.bea) is None


async def test_10_parents_without_end_cost_a_few_requests(scene: Scene) -> None:
    class Endless(Peer):
        def _answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, bytes]:
            if path.startswith("/gen/"):
                number = int(path.removeprefix("/gen/"))
                author = self.person(f"p{number}")
                following = f"{self.base}/gen/{number + 1}"
                made = note(self, 0, "x", attributedTo=author, inReplyTo=following)
                self.put(path, made | {"id": f"{self.base}{path}"})
            return super()._answer(method, path, query, body)

    essex = Endless("essex.example", scene.network.router, scene.network.clock)
    cal = essex.person("cal")
    first = note(essex, 1, "x", attributedTo=cal, cc=[scene.makers.uri], inReplyTo=f"{essex.base}/gen/1")
    await scene.send(essex, create(first))
    fetched = [line for line in scene.network.fetches() if "essex.example" in line]
    assert len(fetched) <= 20
    assert await scene.kent.post(first["id"]) is not None


async def test_11_a_folded_document_is_refused_and_never_unfolded(scene: Scene) -> None:
    hidden = create(note(scene.surrey, 1, "x", cc=[scene.makers.uri]))
    for word in ("@graph", "@reverse", "@included"):
        asked = act(scene.surrey, "Like", 1, scene.ada.uri) | {word: [hidden]}
        assert await scene.send(scene.surrey, asked) == 400
    terms = {"Create": "https://www.w3.org/ns/activitystreams#Like", "object": "https://evil.example/x"}
    renamed = hidden | {"@context": ["https://www.w3.org/ns/activitystreams", terms]}
    await scene.send(scene.surrey, renamed)
    # Signed by sam as its actor; under its context bea would be who follows.
    as2 = "https://www.w3.org/ns/activitystreams#"
    meant = {"actor": "target", "object": "actor", "whom": "object"}
    swapped = {term: {"@id": as2 + name, "@type": "@id"} for term, name in meant.items()}
    follow = act(scene.surrey, "Follow", 2, scene.bea, whom=scene.ada.uri)
    follow["@context"] = ["https://www.w3.org/ns/activitystreams", swapped]
    await scene.send(scene.surrey, follow)
    assert await scene.kent.node.store.read(actors.find_by_uri, SYSTEM, scene.bea) is None
    assert [line for line in scene.network.fetches() if "w3.org" in line or "evil" in line] == []


async def test_12_a_body_that_is_too_large_or_too_deep_costs_nothing_more(scene: Scene) -> None:
    url, headers = scene.kent.url("/inbox"), (("content-type", ACTIVITY),)
    for body, status in ((b" " * 1_048_577, 413), (b'{"id":' + b"[" * 100_000, 400)):
        asked = Request(method="POST", url=url, headers=headers, body=body)
        assert (await scene.network.router.send(asked)).status == status
    deep = act(scene.surrey, "Like", 1, json.loads('{"object":' * 70 + "1" + "}" * 70))
    assert await scene.send(scene.surrey, deep) == 413
    assert await scene.stored() == 0


@pytest.mark.parametrize(
    "host", ["surrey.example.", "SURREY.example", "surrey\u3002example", "surrey.example:443"]
)
async def test_13_a_host_in_disguise_is_the_host_it_is(scene: Scene, host: str) -> None:
    denied = Rule(pattern="surrey.example", severity="deny")
    scene.kent.node.rules = Rules(mode="open", rules=(denied,))
    like = act(scene.surrey, "Like", 1, scene.ada.uri) | {"actor": f"https://{host}/users/sam"}
    body, now = json.dumps(like).encode(), scene.network.clock.now()
    asked = signed(
        "POST", scene.kent.url("/inbox"), body, key_id=f"{scene.cal}#main-key", by=scene.cal, now=now
    )
    assert (await scene.network.router.send(asked)).status == 403
    with pytest.raises(NotPermitted):
        await fetch.document(scene.kent.node, f"https://{host}/notes/1")
    assert scene.network.fetches() == []


async def test_13_a_name_that_only_looks_like_one_on_the_list_is_not_on_it(scene: Scene) -> None:
    for host in ("surrey.ex\u0430mple", "surrey.example.evil.example", "surrey.example@evil.example"):
        with pytest.raises((NotPermitted, Malformed)):
            await fetch.document(scene.kent.node, f"https://{host}/notes/1")
    assert scene.network.fetches() == []
