"""What others were attacked with, one test for a row of federation.md 3.6: what is done inside, from 14."""

import httpx
import pytest
from starlette.applications import Starlette

from activitypub.wire import Request
from fedcop import fetch, mastodon
from fedcop.actions import token
from fedcop.server.app import build
from storage import actors, blocks, communities, entries, follows, keys, views
from storage.visible import SYSTEM
from tests.fedcop.receive.conftest import act, announced, create, note
from tests.support import described
from tests.support.attacked import Scene
from tests.support.speak import ACTIVITY, PUBLIC, pem


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
    scene.lemmy.documents["/users/cal"]["alsoKnownAs"] = [scene.sam, scene.bea]
    await scene.send(scene.surrey, move | {"id": f"{scene.surrey.base}/2", "actor": scene.bea})
    for person in (scene.sam, scene.bea):
        assert (await scene.known(person)).moved_to is None
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
        act(scene.surrey, "Undo", 38, act(scene.surrey, "Follow", 1, scene.makers.uri)),
    ]
    # And what somebody did say once, with a proof, but not to be passed on.
    forged.append(scene.proved(forged[-1]))
    forged.append(scene.proved(act(scene.surrey, "Block", 39, scene.ada.uri)))
    forged.append(scene.proved(act(scene.surrey, "Like", 40, words["id"])))
    forged.append(scene.proved(act(scene.surrey, "Lock", 41, words["id"])))
    for number, inner in enumerate(forged):
        await scene.send(scene.lemmy, announced(scene.lemmy, number, inner))
    held = await scene.kent.post(words["id"])
    assert held is not None
    assert (held.locked, held.removed_at, held.pinned_at, held.content) == (False, None, None, "<p>Mine</p>")
    assert held.likes_count == 0
    for person in (sam, cal):
        assert not await scene.kent.node.store.read(communities.is_banned, scene.makers.id, person.id, now)
    assert await scene.kent.node.store.read(follows.find, sam.id, scene.ada.id) is None
    assert await scene.kent.node.store.read(follows.find, sam.id, scene.makers.id) is not None
    assert not await scene.kent.node.store.read(blocks.is_blocked, sam.id, scene.ada.id)


async def test_22_a_community_puts_no_words_into_anybodys_mouth(scene: Scene) -> None:
    planning = await scene.joins_planning()
    within = {"cc": [planning.uri], "audience": planning.uri}
    forged, changed = note(scene.surrey, 1, "Forged", **within), note(scene.surrey, 2, "Forged", **within)
    scene.surrey.put("/notes/2", changed | {"content": "<p>Said</p>"})
    told = [create(forged), create(changed)]
    await scene.kent.follow(scene.ada, await fetch.actor(scene.kent.node, scene.sam))
    # Even if it was made on the community's own host, by no matter whom.
    told.append(create(forged) | {"id": f"{scene.lemmy.base}/1"})
    newer = changed | {"updated": "2026-03-02T11:30:00Z"}
    told.append(act(scene.surrey, "Update", 3, newer | {"content": "<p>Forged again</p>"}))
    told.append(act(scene.surrey, "Delete", 4, changed["id"]))
    told.append(act(scene.surrey, "Delete", 5, scene.sam))
    for number, inner in enumerate(told):
        await scene.send(scene.lemmy, announced(scene.lemmy, number, inner))
    held = await scene.kent.post(changed["id"])
    assert held is not None
    assert (held.content, held.removed_at) == ("<p>Said</p>", None)
    assert await scene.kent.post(forged["id"]) is None
    assert (await scene.known(scene.sam)).state == "active"


async def test_22_a_community_does_not_list_what_was_never_posted_in_it(scene: Scene) -> None:
    planning = await scene.joins_planning()
    post_id = await scene.kent.publish(scene.ada, "@sam@surrey.example For you", audience="direct")
    uri = await scene.kent.uri_of(post_id)
    ours = {"id": f"{uri}/create", "type": "Create", "actor": scene.ada.uri, "object": uri}
    await scene.send(scene.lemmy, announced(scene.lemmy, 1, ours))
    await scene.send(scene.lemmy, announced(scene.lemmy, 2, uri))
    assert await scene.kent.node.store.read(entries.find, planning.id, post_id) is None


async def test_23_a_client_writes_neither_keys_nor_inbox_nor_ids(scene: Scene) -> None:
    secret = await token.create(scene.kent.node, "ada", scopes="read write", app_name="x", by="test")
    app = Starlette(routes=mastodon.routes(scene.kent.node))
    app.state.node = scene.kent.node
    wanted = {"id": "1", "uri": "https://evil.example/", "inbox": "https://evil.example/", "publicKey": "x",
              "public_key": "x", "endpoints": {}, "acct": "bea", "username": "bea"}  # fmt: skip
    transport = described.Described(app=app)
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


@pytest.mark.parametrize("path", ["/api/fasp/registration", "/fasp/registration", "/api/v1/registration"])
async def test_26_no_provider_registers_itself_and_no_address_it_names_is_asked(
    scene: Scene, path: str
) -> None:
    app = build(scene.kent.node)
    wanted = {"name": "Helper", "baseUrl": "https://169.254.169.254/", "serverId": "1", "publicKey": "AAAA"}
    transport = described.Described(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as client:
        answer = await client.post(path, json=wanted)
    assert answer.status_code in (404, 405)
    assert scene.network.router.take() == []
