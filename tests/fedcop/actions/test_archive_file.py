"""What a person's archive holds, and what of others it does not."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest

from fedcop.actions import (
    access,
    account,
    answer,
    archive_file,
    boost,
    follow,
    follow_up,
    like,
    report,
    token,
    upload,
)
from fedcop.node import Node
from storage import accounts, actors, blocks, filters, invited, lists, tags, visible
from storage.actors import Actor
from storage.filters import Filter, Keyword
from tests.fedcop.actions.scene import Scene
from tests.support.pictures import png


async def written(node: Node, handle: str) -> ZipFile:
    """Give a person's archive, opened."""
    person = await node.store.read(actors.find_by_handle, visible.SYSTEM, handle, node.uris.domain)
    assert person is not None
    held = await node.store.read(accounts.find, person.id)
    assert held is not None
    out = io.BytesIO()
    await archive_file.write(node, person, held, out)
    return ZipFile(out)


def read(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def table(archive: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode())))


async def test_an_archive_of_somebody_without_anything_is_whole(scene: Scene, ben: Actor) -> None:
    archive = await written(scene.node, "ben")
    assert archive.testzip() is None
    assert read(archive, "outbox.json") == {
        **read(archive, "outbox.json"),
        "type": "OrderedCollection",
        "orderedItems": [],
        "totalItems": 0,
    }
    assert "What Ben posted" in archive.read("index.html").decode()
    told = read(archive, "account.json")
    assert (told["email"], told["admin"], "password" in told) == ("ben@kent.example", False, False)


async def test_posts_are_there_as_activities_and_as_pages_with_their_files(scene: Scene, ben: Actor) -> None:
    file = await upload.take(scene.node, ben, png(), description="A grit bin")
    post = await scene.write(ben, "Grit <b>here</b>", media=(file.id,))
    theirs = await scene.theirs(await scene.remote("dee", "lemmy.example"), content="<p>Words of another</p>")
    await boost.boost(scene.node, ben, theirs.id)
    archive = await written(scene.node, "ben")
    boosted, made = read(archive, "outbox.json")["orderedItems"]
    assert (boosted["type"], boosted["object"]) == ("Announce", theirs.uri)
    assert (made["type"], made["object"]["id"], made["actor"]) == ("Create", post.uri, ben.uri)
    assert made["id"].startswith("https://kent.example/activities/")
    path = made["object"]["attachment"][0]["url"]
    assert archive.read(path.removeprefix("/"))
    page = archive.read("index.html").decode()
    assert f'<img src="{path.removeprefix("/")}" alt="A grit bin">' in page
    assert "Grit &lt;b&gt;here" in page
    assert theirs.uri in page
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Words of another" not in everything


async def test_many_posts_fill_several_pages(scene: Scene, ben: Actor) -> None:
    for number in range(archive_file.ON_A_PAGE + 1):
        await scene.theirs(ben, number=number)
    archive = await written(scene.node, "ben")
    assert read(archive, "outbox.json")["totalItems"] == archive_file.ON_A_PAGE + 1
    assert 'href="posts-2.html"' in archive.read("index.html").decode()
    assert 'href="index.html"' in archive.read("posts-2.html").decode()
    assert "posts-3.html" not in archive.namelist()


@pytest.fixture
async def busy(scene: Scene, ada: Actor, ben: Actor, cat: Actor, roads: Actor) -> ZipFile:
    """Give the archive of ben, who has at least one of each."""
    node, now = scene.node, scene.node.clock.now()
    dee = await scene.remote("dee", "lemmy.example")
    post = await scene.write(cat, "Salt")
    await follow.follow(node, ben, roads)
    await scene.joined(ben, dee)
    await scene.joined(cat, ben)
    await like.like(node, ben, post.id)
    await like.bookmark(node, ben, post.id)
    await node.store.write(blocks.block, 1, ben.id, dee.id, None)
    await node.store.write(blocks.mute, 2, ben.id, cat.id, notifications=True, until=None)
    await node.store.write(blocks.set_remark, ben.id, ada.id, "knows salt")
    await node.store.write(lists.add, 5, ben.id, title="Council", replies="list", exclusive=False)
    await node.store.write(lists.add_member, 6, 5, dee.id)
    await node.store.write(tags.follow, 3, ben.id, "grit")
    await node.store.write(filters.put, ben.id, _filter(7))
    await node.store.write(filters.put_keywords, [Keyword(9, 7, "frost", True)])
    await node.store.write(filters.add_post, filters.Chosen(8, 7, post.id))
    await node.store.write(invited.add, roads.id, ben.id, by_actor=ada.id, now=now)
    await report.report(node, ben, cat, post_ids=[post.id], comment="Rude")
    await report.report(node, cat, ben, comment="A secret grievance")
    await account.set_password(node, ben.id, "correct horse")
    await account.sign_in(node, "ben", "correct horse", address="192.0.2.1")
    await token.create(node, "ben", scopes="read", app_name="Tusky", by="test")
    await access.disable(node, ada, ben)
    return await written(node, "ben")


def _filter(filter_id: int) -> Filter:
    return Filter(id=filter_id, title="Cold", contexts=("home",), action="warn", expires_at=None)


async def test_everything_else_has_a_file(scene: Scene, busy: ZipFile, ada: Actor, roads: Actor) -> None:
    (post,) = read(busy, "likes.json")["orderedItems"]
    assert read(busy, "bookmarks.json")["orderedItems"] == [post]
    (membership,) = read(busy, "memberships.json")
    assert (membership["uri"], membership["role"], membership["state"]) == (roads.uri, "member", "accepted")
    assert [one["address"] for one in read(busy, "following.json")] == ["dee@lemmy.example"]
    assert [one["address"] for one in read(busy, "followers.json")] == ["cat@kent.example"]
    assert [one["address"] for one in read(busy, "blocks.json")] == ["dee@lemmy.example"]
    assert [one["address"] for one in read(busy, "mutes.json")] == ["cat@kent.example"]
    assert [(one["uri"], one["text"]) for one in read(busy, "notes.json")] == [(ada.uri, "knows salt")]
    assert read(busy, "lists.json") == [{"title": "Council", "address": "dee@lemmy.example"}]
    assert read(busy, "followed_tags.json") == [{"name": "grit"}]
    (filtered,) = read(busy, "filters.json")
    assert (filtered["title"], filtered["posts"]) == ("Cold", [post])
    assert filtered["keywords"] == [{"keyword": "frost", "whole_word": True}]
    assert [one["uri"] for one in read(busy, "invitations.json")] == [roads.uri]
    (reported,) = read(busy, "reports.json")
    assert (reported["target"], reported["comment"], reported["posts"]) == (
        "https://kent.example/people/cat",
        "Rude",
        [post],
    )
    assert len(read(busy, "sessions.json")) == 1
    assert [(one["name"], one["scopes"]) for one in read(busy, "applications.json")] == [("Tusky", "read")]
    assert [(one["what"], one["changed"]) for one in read(busy, "decisions.json")] == [
        ("account disable", "state"),
        ("person add", "admin"),
    ]


async def test_other_servers_tables_are_in_the_form_that_they_import(busy: ZipFile) -> None:
    assert table(busy, "following_accounts.csv") == [
        ["Account address", "Show boosts", "Notify on new posts", "Languages"],
        ["dee@lemmy.example", "true", "false", ""],
        ["roads@kent.example", "true", "false", ""],
    ]
    assert table(busy, "muted_accounts.csv") == [
        ["Account address", "Hide notifications"],
        ["cat@kent.example", "true"],
    ]
    assert table(busy, "blocked_accounts.csv") == [["dee@lemmy.example"]]
    assert table(busy, "lists.csv") == [["Council", "dee@lemmy.example"]]
    assert table(busy, "bookmarks.csv") == [read(busy, "bookmarks.json")["orderedItems"]]


async def test_nobody_is_named_who_reported_or_decided_and_no_secret_is_there(busy: ZipFile) -> None:
    everything = b"".join(busy.read(name) for name in busy.namelist())
    assert b"A secret grievance" not in everything
    assert b"argon2" not in everything
    assert b"Salt" not in everything, "what another wrote"
    assert b"people/ada" not in busy.read("decisions.json")


async def test_the_profile_lies_there_with_its_pictures(scene: Scene, ben: Actor) -> None:
    name = await upload.picture(scene.node, png())
    profile = msgspec.structs.replace(
        actors.profile_of(ben), icon=name, fields='[{"name":"Team","value":"<b>Roads</b>"}]'
    )
    await scene.node.store.write(actors.set_profile, ben.id, profile, scene.node.clock.now())
    archive = await written(scene.node, "ben")
    document = read(archive, "actor.json")
    assert (document["outbox"], document["likes"], document["bookmarks"]) == (
        "outbox.json",
        "likes.json",
        "bookmarks.json",
    )
    picture = document["icon"]["url"]
    assert picture.startswith("avatar.")
    assert picture in archive.namelist()
    page = archive.read("index.html").decode()
    assert f'src="{picture}"' in page
    assert "<strong>Team</strong>: <b>Roads</b>" in page


async def test_a_file_that_is_gone_is_left_out(scene: Scene, ben: Actor) -> None:
    file = await upload.take(scene.node, ben, png())
    assert file.name is not None
    (Path(scene.node.config.media.folder) / file.name).unlink()
    archive = await written(scene.node, "ben")
    assert [one["name"] for one in read(archive, "files.json")] == [file.name]
    assert not [name for name in archive.namelist() if name.startswith("media_attachments/")]


async def test_what_somebody_asked_is_there_with_what_they_said_of_it(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    asked = await scene.write(ben, "@roads Who has grit?")
    reply = await scene.write(ada, "We have.", in_reply_to=asked.id)
    await answer.accept(scene.node, ben, reply.id)
    await follow_up.ask_again(scene.node, asked.id)
    await follow_up.helped(scene.node, ben, asked.id, "partly", "The fee is new.")
    (told,) = read(await written(scene.node, "ben"), "asks.json")
    assert (told["uri"], told["state"]) == (asked.uri, "resolved")
    assert (told["helped"], told["helped_how"]) == ("partly", "The fee is new.")
    assert read(await written(scene.node, "ada"), "asks.json") == []
