"""What others were attacked with: one test for a row of federation.md 3.6, named after what is attacked.

Row 26 has none: no provider outside registers itself here.
"""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from activitypub.errors import Malformed
from activitypub.wire import Request
from fedcop import fetch, mastodon
from fedcop.actions import token
from fedcop.errors import NotPermitted
from fedcop.rules import Rule, Rules
from storage import actors, communities, follows, keys, received, views
from storage.actors import Actor
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import act, announced, create, note
from tests.support.network import Council, Network
from tests.support.speak import ACTIVITY, PUBLIC, Peer, pem, signed


class Scene:
    """Kent with ada, who leads the community makers; surrey with sam and bea; lemmy with its community."""

    def __init__(self, network: Network, kent: Council, ada: Actor, makers: Actor) -> None:
        self.network, self.kent, self.ada, self.makers = network, kent, ada, makers
        self.surrey = network.peer("surrey.example")
        self.lemmy = network.peer("lemmy.example", software="lemmy")
        self.sam, self.bea, self.cal = (
            self.surrey.person("sam"),
            self.surrey.person("bea"),
            self.lemmy.person("cal"),
        )

    async def send(self, peer: Peer, activity: dict[str, Any], *, path: str = "/inbox", **how: Any) -> int:
        """Let a peer send an activity and everything follow from it; give what the inbox answered."""
        status = await peer.post(self.kent.url(path), activity, **how)
        await self.network.settle()
        return status

    async def known(self, uri: str) -> Actor:
        found = await self.kent.node.store.read(actors.find_by_uri, SYSTEM, uri)
        assert found is not None
        return found

    async def stored(self) -> int:
        """Give how many activities were accepted."""
        return sum(count.n for count in await self.kent.node.store.read(received.counts))

    async def joins_planning(self) -> Actor:
        """Let ada join the community of the lemmy server."""
        uri = self.lemmy.person("planning", type="Group", attributedTo=f"{self.lemmy.uri('planning')}/mods")
        found = await fetch.actor(self.kent.node, uri)
        await self.kent.follow(self.ada, found)
        await self.network.settle()
        (asked,) = self.lemmy.sent("Follow")
        await self.send(self.lemmy, {"id": f"{uri}/a", "type": "Accept", "actor": uri, "object": asked})
        self.network.router.take()
        return found


@pytest.fixture
async def scene(network: Network, kent: Council) -> Scene:
    ada = await kent.person("ada")
    return Scene(network, kent, ada, await kent.community("makers", ada))


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


async def test_14_who_asks_to_follow_follows_nobody_yet(scene: Scene) -> None:
    found = await fetch.actor(scene.kent.node, scene.sam)
    await scene.kent.follow(scene.ada, found)
    await scene.network.settle()
    private = note(scene.surrey, 1, "For followers", to=[f"{scene.sam}/followers"])
    await scene.send(scene.surrey, create(private))
    held = await scene.kent.node.store.read(follows.find, scene.ada.id, found.id)
    assert held is not None
    assert held.state == "requested"
    assert await scene.kent.home(scene.ada) == []


async def test_15_a_third_party_answers_and_undoes_nothing(scene: Scene) -> None:
    found = await fetch.actor(scene.kent.node, scene.sam)
    await scene.kent.follow(scene.ada, found)
    await scene.network.settle()
    (asked,) = scene.surrey.sent("Follow")
    for number, answer in enumerate((asked, asked["id"])):
        await scene.send(scene.surrey, act(scene.surrey, "Accept", number, answer, by="bea"))
    held = await scene.kent.node.store.read(follows.find, scene.ada.id, found.id)
    assert held is not None
    assert held.state == "requested"
    follow = act(scene.surrey, "Follow", 5, scene.makers.uri)
    await scene.send(scene.surrey, follow)
    for number, undone in enumerate((follow, follow["id"], follow | {"actor": scene.bea})):
        await scene.send(scene.surrey, act(scene.surrey, "Undo", 10 + number, undone, by="bea"))
    await scene.send(scene.surrey, act(scene.surrey, "Reject", 20, asked, by="bea"))
    member = await scene.kent.node.store.read(follows.find, found.id, scene.makers.id)
    assert member is not None
    assert await scene.kent.node.store.read(follows.find, scene.ada.id, found.id) is not None


async def test_16_a_neighbour_changes_neither_words_nor_profile_nor_handle(scene: Scene) -> None:
    words = note(scene.surrey, 1, "Mine", cc=[scene.makers.uri])
    await scene.send(scene.surrey, create(words))
    before = await scene.known(scene.sam)
    newer = words | {"content": "<p>Theirs</p>", "updated": "2026-03-02T11:30:00Z"}
    await scene.send(scene.surrey, act(scene.surrey, "Update", 1, newer, by="bea"))
    claimed = newer | {"attributedTo": scene.bea}
    await scene.send(scene.surrey, act(scene.surrey, "Update", 2, claimed, by="bea"))
    profile = scene.surrey.documents["/users/sam"]
    key = {"id": f"{scene.sam}#main-key", "owner": scene.sam, "publicKeyPem": pem(scene.bea)}
    await scene.send(scene.surrey, act(scene.surrey, "Update", 3, profile | {"publicKey": key}, by="bea"))
    await scene.send(scene.surrey, act(scene.surrey, "Delete", 4, words["id"], by="bea"))
    await scene.send(scene.surrey, act(scene.surrey, "Delete", 5, scene.sam, by="bea"))
    thief = scene.surrey.documents["/users/bea"] | {"preferredUsername": "sam"}
    await scene.send(scene.surrey, act(scene.surrey, "Update", 6, thief, by="bea"))
    held = await scene.kent.post(words["id"])
    assert held is not None
    assert (held.content, held.removed_at) == ("<p>Mine</p>", None)
    assert await scene.known(scene.sam) == before
    kept = await scene.kent.node.store.read(keys.find_public, f"{scene.sam}#main-key")
    assert kept is not None
    assert kept.public.strip() == pem(scene.sam).strip()
    named = await scene.kent.node.store.read(actors.find_by_handle, SYSTEM, "sam", "surrey.example")
    assert named is not None
    assert named.uri == scene.sam


async def test_17_nobody_is_moved_to_an_account_that_does_not_say_so(scene: Scene) -> None:
    found = await fetch.actor(scene.kent.node, scene.sam)
    await scene.kent.follow(scene.ada, found)
    move = act(scene.surrey, "Move", 1, scene.sam, target=scene.cal)
    await scene.send(scene.surrey, move)
    scene.lemmy.documents["/users/cal"]["alsoKnownAs"] = [scene.sam]
    await scene.send(scene.surrey, move | {"id": f"{scene.surrey.base}/2", "actor": scene.bea})
    assert (await scene.known(scene.sam)).moved_to is None
    assert await scene.kent.node.store.read(follows.find, scene.ada.id, found.id) is not None


async def test_18_no_script_is_stored(scene: Scene) -> None:
    words = note(
        scene.surrey,
        1,
        '<script>x</script><img src=x onerror=alert(1)><a href=" JaVaScRiPt&#58;alert(1)">b</a>',
        cc=[scene.makers.uri],
        url="javascript:alert(1)",
        attachment=[{"type": "Document", "url": "data:text/html,x", "mediaType": "image/png"}],
        tag=[
            {"type": "Hashtag", "name": '#"><script>', "href": "javascript:x"},
            {"type": "Mention", "href": "javascript:alert(1)", "name": "@x"},
        ],
    )
    profile = scene.surrey.documents["/users/sam"] | {
        "name": "<b onclick=x>Sam</b>",
        "summary": '<a href="javascript:x" onclick="x">me</a>',
        "url": "javascript:x",
        "icon": {"type": "Image", "url": "javascript:x"},
        "attachment": [{"type": "PropertyValue", "name": "<i>", "value": '<a href="vbscript:x">v</a>'}],
    }
    await scene.send(scene.surrey, create(words))
    await scene.send(scene.surrey, act(scene.surrey, "Update", 2, profile))
    held = await scene.kent.post(words["id"])
    assert held is not None
    view = await scene.kent.node.store.read(views.post_view, SYSTEM, held.id)
    assert view is not None
    sam = await scene.known(scene.sam)
    stored = f"{held.content} {held.url} {view.media} {sam.summary} {sam.url} {sam.icon} {sam.fields}".lower()
    assert [bad for bad in ("script", "onerror", "onclick", "data:", "alert") if bad in stored] == []


async def test_19_a_cache_keeps_nothing_that_depends_on_who_asks(scene: Scene) -> None:
    uri = await scene.kent.uri_of(await scene.kent.publish(scene.ada, "Hello"))
    await scene.surrey.get(uri, by=scene.sam)
    for address in (uri, f"{scene.makers.uri}/outbox", scene.ada.uri):
        for answer in (
            await scene.surrey.get(address, by=scene.sam),
            await scene.network.router.send(
                Request(method="GET", url=address, headers=(("accept", ACTIVITY),))
            ),
        ):
            assert answer.header("vary") == "Accept, Signature, Signature-Input"
            assert "public" not in (answer.header("cache-control") or "public")


async def test_20_a_flood_of_properties_is_cut(scene: Scene) -> None:
    words = note(
        scene.surrey,
        1,
        "x" * 150_000,
        cc=[scene.makers.uri],
        tag=[{"type": "Hashtag", "name": f"#t{number}"} for number in range(1500)],
        attachment=[
            {"type": "Image", "url": f"{scene.surrey.base}/{number}.png", "mediaType": "image/png"}
            for number in range(1500)
        ],
    )
    fields = [{"type": "PropertyValue", "name": f"n{n}", "value": "v"} for n in range(500)]
    scene.surrey.documents["/users/sam"] |= {
        "attachment": fields,
        "summary": "y" * 100_000,
        "name": "z" * 9000,
    }
    assert await scene.send(scene.surrey, create(words)) == 202
    held = await scene.kent.post(words["id"])
    assert held is not None
    view = await scene.kent.node.store.read(views.post_view, SYSTEM, held.id)
    assert view is not None
    sam = await scene.known(scene.sam)
    assert len(held.content) <= 100_000 + len("<p></p>")
    assert (len(view.tags), len(view.media)) == (50, 16)
    assert len(actors.fields_of(sam)) <= 16
    assert (len(sam.summary) <= 20_000, len(sam.display_name) <= 255) == (True, True)
    too_long = create(words | {"to": [PUBLIC] * 2001}) | {"id": f"{scene.surrey.base}/2"}
    assert await scene.send(scene.surrey, too_long) == 413


async def test_21_a_handle_is_its_actors_only_if_both_ends_say_so(scene: Scene) -> None:
    spoofed = {
        "subject": f"acct:ada@{scene.kent.host}",
        "links": [{"rel": "self", "type": ACTIVITY, "href": scene.bea}],
    }
    scene.surrey.put("/.well-known/webfinger?resource=acct:sam@surrey.example", spoofed)
    with pytest.raises(Exception, match="surrey"):
        await fetch.handle(scene.kent.node, "sam", "surrey.example")
    named = await scene.kent.node.store.read(actors.find_by_handle, SYSTEM, "ada", scene.kent.host)
    assert named is not None
    assert named.uri == scene.ada.uri


async def test_22_a_community_decides_nothing_outside_itself(scene: Scene) -> None:
    await scene.joins_planning()
    await scene.send(scene.surrey, act(scene.surrey, "Follow", 1, scene.makers.uri))
    await scene.send(scene.lemmy, act(scene.lemmy, "Follow", 1, scene.makers.uri, by="cal"))
    words = note(scene.surrey, 1, "Mine", cc=[scene.makers.uri])
    await scene.send(scene.surrey, create(words))
    sam, cal = await scene.known(scene.sam), await scene.known(scene.cal)
    now = scene.network.clock.now()
    for person in (sam, cal):
        await scene.kent.node.store.write(
            communities.add_facilitator, scene.makers.id, person.id, lead=False, now=now
        )
    # Even what a facilitator of ours is said, or once was heard, to have done.
    forged = [
        act(scene.surrey, "Block", 30, scene.cal, target=scene.makers.uri),
        act(scene.lemmy, "Block", 31, scene.sam, by="cal", target=scene.makers.uri),
        act(scene.surrey, "Lock", 32, words["id"]),
        act(scene.lemmy, "Lock", 33, words["id"], by="cal"),
        act(scene.lemmy, "Delete", 34, words["id"], by="cal"),
        act(scene.lemmy, "Like", 35, words["id"], by="planning"),
        act(scene.surrey, "Follow", 36, scene.ada.uri),
        act(scene.lemmy, "Add", 37, words["id"], by="cal", target=scene.makers.featured_uri),
    ]
    for number, inner in enumerate(forged):
        await scene.send(scene.lemmy, announced(scene.lemmy, number, inner))
    held = await scene.kent.post(words["id"])
    assert held is not None
    assert (held.locked, held.removed_at, held.pinned_at, held.content) == (False, None, None, "<p>Mine</p>")
    for person in (sam, cal):
        assert not await scene.kent.node.store.read(communities.is_banned, scene.makers.id, person.id, now)
    assert await scene.kent.node.store.read(follows.find, sam.id, scene.ada.id) is None


async def test_23_a_client_writes_neither_keys_nor_inbox_nor_ids(scene: Scene) -> None:
    secret = await token.create(scene.kent.node, "ada", scopes="read write", app_name="x", by="test")
    app = Starlette(routes=mastodon.routes(scene.kent.node))
    app.state.node = scene.kent.node
    wanted = {"id": "1", "uri": "https://evil.example/", "inbox": "https://evil.example/", "publicKey": "x",
              "public_key": "x", "endpoints": {}, "acct": "bea", "username": "bea"}  # fmt: skip
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as client:
        headers = {"authorization": f"Bearer {secret}"}
        profile = await client.patch("/api/v1/accounts/update_credentials", json=wanted, headers=headers)
        said = await client.post("/api/v1/statuses", json=wanted | {"status": "Hello"}, headers=headers)
    after = await scene.known(scene.ada.uri)
    assert (profile.status_code, said.status_code) == (200, 200)
    assert (after.id, after.inbox, after.handle) == (scene.ada.id, scene.ada.inbox, "ada")
    assert said.json()["uri"] == f"https://kent.example/posts/{said.json()['id']}"


async def test_24_what_may_not_be_seen_looks_like_what_is_not_there(scene: Scene) -> None:
    hidden = [
        await scene.kent.uri_of(await scene.kent.publish(scene.ada, "For followers", audience="followers")),
        await scene.kent.uri_of(
            await scene.kent.publish(scene.ada, "@cal@lemmy.example x", audience="direct")
        ),
    ]
    answers = [
        await scene.surrey.get(uri, by=scene.sam) for uri in (*hidden, f"{scene.kent.url('/posts')}/5")
    ]
    assert {(one.status, one.headers, one.body) for one in answers} == {
        (404, answers[0].headers, answers[0].body)
    }


async def test_25_a_post_that_was_deleted_first_never_comes_to_life(scene: Scene) -> None:
    words = note(scene.surrey, 1, "Oops", cc=[scene.makers.uri])
    await scene.send(scene.surrey, act(scene.surrey, "Follow", 1, scene.makers.uri))
    await scene.send(scene.surrey, act(scene.surrey, "Delete", 2, words["id"]))
    await scene.send(scene.surrey, create(words))
    scene.surrey.put("/notes/1", words)
    assert await fetch.post(scene.kent.node, words["id"]) is None
    assert await scene.kent.post(words["id"]) is None
