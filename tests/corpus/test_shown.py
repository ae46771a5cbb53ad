"""Every post of the corpus, sent to an inbox: a client shows its title, text, author and thread."""

import html
import re
from typing import Any

import pytest

from tests.corpus.test_corpus import CORPUS, KINDS
from tests.corpus.world import World, author_of, communities_of, opened, post_in
from tests.support.network import Network
from tests.support.reading import Reading, reading
from tests.support.speak import PUBLIC

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here; FEDCOP_SHARED names it")

SHOWN = [name for name in KINDS if CORPUS.is_dir() and post_in(opened(name))]
# Lemmy's private message is for one person; nobody else is shown it, which is tested below.
FOR_ONE = "lemmy/objects/private_message"


async def arrive(network: Network, name: str) -> tuple[Reading, World, dict[str, Any]]:
    """Let a post arrive as its server sends it: as its author's Create, or in its community's Announce."""
    kent = await network.open("kent.example", federation={"mode": "open"})
    reader, world, document = await reading(network, kent), World(network), opened(name)
    post = post_in(document)
    assert post is not None
    for community in communities_of(post):
        world.actor(community, type="Group")
        await reader.follow(community)
    author = author_of(post)
    world.actor(author)
    if post.get("inReplyTo"):
        world.parent(post["inReplyTo"])
    world.put(post)
    await reader.follow(author)
    for activity in _activities(document, post, author):
        by = activity["actor"]
        world.actor(by)
        await reader.follow(by)
        assert await reader.send(activity, by=by) == 202
    return reader, world, post


def _activities(document: dict[str, Any], post: dict[str, Any], author: str) -> list[dict[str, Any]]:
    if document["type"] in ("Create", "Announce"):
        return [document]
    # Of an Update the post is there already; a post alone is inside its author's Create. Discourse's and
    # others' posts without recipients have them in the activity.
    said = {key: post[key] for key in ("to", "cc") if key in post} or {"to": [PUBLIC], "cc": []}
    before = post | {"content": "Before", "updated": None} if document["type"] == "Update" else post
    create = {"id": f"{post['id']}#create", "type": "Create", "actor": author, "object": before} | said
    return [create, document] if document["type"] == "Update" else [create]


def words(markup: str) -> str:
    """Give the letters and digits of a text alone, without blanks and what tags hold."""
    # Discourse's excerpt ends within a tag.
    return re.sub(r"\W+", "", html.unescape(re.sub(r"<[^>]*>|<[a-z][^>]*\Z", "", markup)))


@pytest.mark.parametrize("name", [name for name in SHOWN if name != FOR_ONE])
async def test_each_post_is_shown_with_title_text_author_and_thread(network: Network, name: str) -> None:
    reader, world, post = await arrive(network, name)

    status = await reader.status(post["id"])
    assert status is not None, [await reader.outcome(f"{post['id']}#create"), post["id"]]
    shown = words(status["content"])
    if post.get("name"):
        title = words(status["content"].partition("</strong>")[0])
        assert title
        assert words(html.unescape(post["name"])).startswith(title)
    # Between the words may stand more: a picture's alternative text.
    rest = iter(shown)
    assert all(letter in rest for letter in words(post.get("content") or ""))
    assert status["account"]["acct"] == world.handles[author_of(post)]
    assert status["account"]["uri"] == author_of(post)
    assert bool(status["in_reply_to_id"]) == bool(post.get("inReplyTo"))
    if post.get("inReplyTo"):
        context = await reader.get(f"/api/v1/statuses/{status['id']}/context")
        assert context["ancestors"][-1]["uri"] == post["inReplyTo"]


async def test_what_is_for_one_person_is_shown_to_nobody_else(network: Network) -> None:
    reader, _, post = await arrive(network, FOR_ONE)
    assert await reader.outcome(f"{post['id']}#create") == "done: "
    with pytest.raises(AssertionError, match="Record not found"):
        await reader.status(post["id"])


async def test_a_video_is_shown_with_its_picture_its_file_and_a_link_to_its_page(network: Network) -> None:
    reader, _, post = await arrive(network, "peertube/objects/video")
    status = await reader.status(post["id"])
    assert status is not None
    files = [(file["type"], file["description"]) for file in status["media_attachments"]]
    assert files == [("image", post["name"]), ("video", post["name"])]
    assert f'<a href="{post["id"]}"' in status["content"]
    assert "<ul><li>" in status["content"], "Markdown is read as such"


async def test_pictures_have_their_alternative_text_and_tags_their_names(network: Network) -> None:
    reader, _, post = await arrive(network, "wordpress/objects/page")
    status = await reader.status(post["id"])
    assert status is not None
    described = [file["description"] for file in status["media_attachments"]]
    assert described == [file.get("name") for file in post["attachment"]]
    assert [f"#{tag['name']}" for tag in status["tags"]] == [tag["name"] for tag in post["tag"]]
    assert status["spoiler_text"] == "", "an excerpt is no warning"
