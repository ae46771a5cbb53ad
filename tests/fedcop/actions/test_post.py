"""Publish, edit and delete: where a post stands, what goes out, and who is told."""

import asyncio

import msgspec
import pytest

from activitypub.shape import PUBLIC
from activitypub.sig import keys as sig_keys
from activitypub.sig import proof
from fedcop.actions import like, own_post, post, upload
from fedcop.actions.post import Draft
from fedcop.as2 import posts as as2_posts
from fedcop.errors import Invalid, NotFound, NotPermitted
from storage import communities, entries, keys, posts, views, visible
from storage.actors import Actor
from storage.ids import PostId
from storage.posts import Post
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_upload import png
from tests.support.clock import NOON

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def peer_member(scene: Scene, roads: Actor) -> Actor:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, roads)
    return dee


async def test_a_post_that_mentions_a_community_is_a_thread_in_it(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    held = await scene.write(ada, "@roads Where are the sandbags?\n\nIt rains.")

    assert (held.type, held.title, held.community_id) == ("Page", "Where are the sandbags?", roads.id)
    assert held.content == "<p>It rains.</p>"
    assert held.source == "@roads Where are the sandbags?\n\nIt rains."
    entry = await scene.node.store.read(entries.find, roads.id, held.id)
    assert entry is not None


async def test_a_warning_is_the_title_of_a_thread_and_warns_elsewhere(scene: Scene, ada: Actor) -> None:
    thread = await scene.write(ada, "@roads It rains.", title="Sandbags")
    plain = await scene.write(ada, "It rains.", title="Weather")

    assert (thread.title, thread.summary, thread.sensitive) == ("Sandbags", "", False)
    assert (plain.type, plain.title, plain.summary, plain.sensitive) == ("Note", "", "Weather", True)


async def test_the_first_community_that_is_named_counts(scene: Scene, ada: Actor, bids: Actor) -> None:
    held = await scene.write(ada, "@bids @roads Who buys grit?")

    assert held.community_id == bids.id


async def test_a_thread_needs_a_line_that_can_be_its_title(scene: Scene, ada: Actor) -> None:
    with pytest.raises(Invalid, match="title"):
        await scene.write(ada, "@roads")


@pytest.mark.parametrize("audience", ["direct", "followers"])
async def test_what_is_not_for_all_is_in_no_community(scene: Scene, ada: Actor, audience: str) -> None:
    held = await scene.write(ada, "@roads psst", audience=audience)

    assert (held.type, held.community_id, held.audience) == ("Note", None, audience)


async def test_who_is_no_member_may_post_where_anybody_joins(scene: Scene, ben: Actor, roads: Actor) -> None:
    assert (await scene.write(ben, "@roads Hello")).community_id == roads.id


async def test_who_is_no_member_may_not_post_where_joining_is_decided(scene: Scene, ben: Actor) -> None:
    with pytest.raises(NotPermitted, match="members"):
        await scene.write(ben, "@bids Hello")


async def test_who_is_banned_says_nothing_more(scene: Scene, ada: Actor, ben: Actor, roads: Actor) -> None:
    earlier = await scene.write(ben, "@roads Hello")
    thread = await scene.write(ada, "@roads Hello")
    now = scene.node.clock.now()
    await scene.node.store.write(
        communities.ban, roads.id, ben.id, by_actor=ada.id, reason="", until=None, now=now
    )

    with pytest.raises(NotPermitted, match="banned"):
        await scene.write(ben, "@roads Hello")
    for act in (edited(scene, ben, earlier, "Changed"), like.like(scene.node, ben, thread.id)):
        with pytest.raises(NotPermitted, match="banned"):
            await act


async def test_a_thread_goes_to_the_authors_followers_and_by_the_community_to_its_members(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    await peer_member(scene, roads)
    await scene.joined(await scene.remote("eve", "mastodon.example", kind="plain"), ada)
    await scene.write(ada, "@roads Hello")

    assert await scene.forms() == [(LEMMY, "Announce Create Page"), (MASTODON, "Create Page")]


async def test_what_a_community_passes_on_carries_its_authors_proof(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    await peer_member(scene, roads)
    await scene.write(ada, "@roads Hello")

    (sent,) = await scene.sent()
    inner = msgspec.json.decode(msgspec.json.decode(sent.body, type=dict[str, msgspec.Raw])["object"])
    own = await scene.node.store.read(keys.public_of, ada.id)
    key = next(row.public for row in own if row.kind == "ed25519")
    assert inner["actor"] == ada.uri
    assert proof.holds(inner, sig_keys.public_from_multikey(key))


async def test_what_no_community_passes_on_carries_none(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(dee, ada)
    await scene.write(ada, "Hello")

    (sent,) = await scene.sent()
    assert "proof" not in sent.document


async def test_a_direct_post_goes_to_personal_inboxes_of_whom_it_names_only(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    await scene.joined(await scene.remote("eve", "mastodon.example"), ada)
    await scene.write(ada, "@dee@lemmy.example psst", audience="direct")

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.document["to"], sent.document["cc"]) == (dee.inbox, [dee.uri], [])


async def test_a_thread_in_a_community_elsewhere_is_sent_there_and_seen_here(
    scene: Scene, ada: Actor
) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group")
    held = await scene.write(ada, "@grit@lemmy.example Who has any?")

    (sent,) = await scene.sent()
    assert (sent.inbox, sent.form) == (LEMMY, "Create Page")
    assert sent.document["object"]["to"] == [grit.uri, PUBLIC]
    assert "proof" in sent.document
    assert held.community_id == grit.id
    assert await scene.node.store.read(entries.find, grit.id, held.id) is None
    assert await scene.node.store.read(entries.find, ada.id, held.id) is not None


async def test_a_post_for_a_private_community_elsewhere_names_no_public(scene: Scene, ada: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group", approves=True)
    with pytest.raises(NotPermitted):
        await scene.write(ada, "@grit@lemmy.example Who has any?")

    await scene.joined(ada, grit)
    held = await scene.write(ada, "@grit@lemmy.example Who has any?")

    (sent,) = await scene.sent()
    assert held.audience == "members"
    assert sent.document["to"] == [grit.uri, grit.followers_uri]
    assert PUBLIC not in sent.body.decode().split('"object"')[1].split('"proof"')[0]


async def test_a_reply_is_in_the_community_of_what_it_answers(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await peer_member(scene, roads)
    thread = await scene.write(ada, "@roads Hello")
    await scene.sent()
    answer = await scene.write(ben, "Same here", in_reply_to=thread.id)

    assert (answer.type, answer.community_id, answer.root_id) == ("Note", roads.id, thread.id)
    (sent,) = await scene.sent()
    note = sent.document["object"]["object"]
    assert (sent.inbox, sent.form) == (LEMMY, "Announce Create Note")
    assert note["audience"] == roads.uri
    assert [tag["href"] for tag in note["tag"]] == [ada.uri, roads.uri]
    assert note["context"] == thread.context


async def test_a_direct_reply_reaches_nobody_but_those_it_names(
    scene: Scene, ada: Actor, roads: Actor
) -> None:
    dee = await peer_member(scene, roads)
    thread = await scene.theirs(dee, community_id=roads.id)
    answer = await scene.write(ada, "@ben look at this", in_reply_to=PostId(thread.id), audience="direct")

    assert answer.community_id is None
    assert await scene.sent() == []


async def test_a_reply_to_somebody_elsewhere_reaches_them_though_not_named(scene: Scene, ada: Actor) -> None:
    theirs = await scene.theirs(await scene.remote("eve", "mastodon.example", kind="plain"))
    await scene.write(ada, "Thanks", in_reply_to=theirs.id)

    (sent,) = await scene.sent()
    assert sent.inbox == MASTODON
    assert sent.document["object"]["inReplyTo"] == theirs.uri


async def test_a_locked_thread_takes_no_reply(scene: Scene, ada: Actor) -> None:
    thread = await scene.write(ada, "@roads Hello")
    answer = await scene.write(ada, "More", in_reply_to=thread.id)
    await scene.node.store.write(posts.set_locked, thread.id, locked=True)

    with pytest.raises(Invalid, match="locked"):
        await scene.write(ada, "Even more", in_reply_to=answer.id)


async def test_what_cannot_be_seen_cannot_be_answered(scene: Scene, ada: Actor, ben: Actor) -> None:
    secret = await scene.write(ada, "psst", audience="direct")

    with pytest.raises(NotFound):
        await scene.write(ben, "What?", in_reply_to=secret.id)


async def test_a_key_gives_the_same_post_again(scene: Scene, ada: Actor) -> None:
    first = await scene.write(ada, "Hello", idempotency=(1, "k"))
    again = await scene.write(ada, "Hello", idempotency=(1, "k"))
    other = await scene.write(ada, "Hello", idempotency=(2, "k"))

    assert again.id == first.id != other.id


async def test_people_named_or_answered_are_told_once(
    scene: Scene, ada: Actor, ben: Actor, cat: Actor
) -> None:
    thread = await scene.write(ada, "@ben Hello")
    await scene.write(ben, "@ada and @cat: hello", in_reply_to=thread.id)

    assert [(one.type, one.by_actor) for one in await scene.notices(ada)] == [("mention", ben.id)]
    assert [(one.type, one.by_actor) for one in await scene.notices(ben)] == [("mention", ada.id)]
    assert [(one.type, one.by_actor) for one in await scene.notices(cat)] == [("mention", ben.id)]


async def test_who_asked_to_hear_of_a_community_is_told_of_threads_not_of_replies(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    await scene.joined(ben, roads, notify=True)
    thread = await scene.write(ada, "@roads Hello")
    await scene.write(ada, "More", in_reply_to=thread.id)

    assert [(one.type, one.post_id) for one in await scene.notices(ben)] == [("post", thread.id)]


async def test_tags_and_mentions_are_kept_and_the_community_is_one_only_if_named(
    scene: Scene, ada: Actor, ben: Actor, roads: Actor
) -> None:
    thread = await scene.write(ada, "@roads #Floods and #floods: hello @ben")
    answer = await scene.write(ada, "Hello again", in_reply_to=thread.id)

    named = "SELECT actor_id FROM mentions WHERE post_id = :post AND named = 1 ORDER BY 1"
    assert await scene.rows(named, post=thread.id) == sorted([ben.id, roads.id])
    assert await scene.rows(named, post=answer.id) == []
    tags = "SELECT tag FROM post_tags WHERE post_id = :post"
    assert await scene.rows(tags, post=thread.id) == ["floods"]


async def test_an_empty_post_is_refused(scene: Scene, ada: Actor) -> None:
    with pytest.raises(Invalid, match="blank"):
        await scene.write(ada, "  ")


async def test_a_file_that_is_not_ones_own_is_refused(scene: Scene, ada: Actor) -> None:
    with pytest.raises(Invalid, match="media_ids"):
        await scene.write(ada, "Look", media=(99,))


async def edited(scene: Scene, author: Actor, held: Post, text: str, **more: object) -> Post:
    await post.edit(scene.node, author, held.id, Draft(text=text, **more))
    return await scene.held(held.id)


async def test_an_edit_changes_the_text_and_not_the_place(scene: Scene, ada: Actor, roads: Actor) -> None:
    await peer_member(scene, roads)
    thread = await scene.write(ada, "@roads Hello\n\nOld", language="cy")
    await scene.sent()
    changed = await edited(scene, ada, thread, "Goodbye\n\nNew")

    assert (changed.title, changed.content) == ("Goodbye", "<p>New</p>")
    assert (changed.community_id, changed.type, changed.language) == (roads.id, "Page", "cy")
    sent = await scene.sent()
    # The author's node tells every holder itself, beside what the community passes on (decision 5).
    assert sorted((one.inbox, one.form) for one in sent) == [
        (LEMMY, "Announce Update Page"),
        (LEMMY, "Update Page"),
    ]
    page = next(one.document["object"] for one in sent if one.form == "Update Page")
    assert page["updated"] > page["published"]


async def test_an_edit_goes_to_each_host_that_holds_a_copy(scene: Scene, ada: Actor) -> None:
    eve = await scene.remote("eve", "mastodon.example")
    await scene.joined(eve, ada)
    dee = await scene.remote("dee", "lemmy.example")
    held = await scene.write(ada, "@dee@lemmy.example Hello")
    await scene.sent()
    await edited(scene, ada, held, "Nobody named")

    assert dee.shared_inbox == LEMMY
    assert await scene.forms() == [(LEMMY, "Update Note"), (MASTODON, "Update Note")]


async def test_two_edits_within_a_second_are_both_newer(scene: Scene, ada: Actor) -> None:
    held = await scene.write(ada, "One")
    first = await edited(scene, ada, held, "Two")
    second = await edited(scene, ada, held, "Three")

    assert (
        held.published_at < (first.edited_at or held.published_at) < (second.edited_at or held.published_at)
    )


async def test_nobody_edits_or_deletes_what_is_somebody_elses(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "Hello")

    with pytest.raises(NotPermitted):
        await post.edit(scene.node, ben, held.id, Draft(text="Mine"))
    with pytest.raises(NotPermitted):
        await own_post.delete(scene.node, ben, held.id)


async def test_what_is_served_is_what_was_sent(scene: Scene, ada: Actor, ben: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), ada)
    held = await upload.take(scene.node, ada, png(), description="A wall")
    thread = await scene.write(ada, "@roads Look\n\n#walls, @ben", media=(held.id,), language="en")
    answer = await scene.write(ada, "Indeed", in_reply_to=thread.id)

    sent = {one.document["object"]["id"]: one.document["object"] for one in await scene.sent()}
    for post_id in (thread.id, answer.id):
        view = await scene.node.store.read(views.post_view, visible.SYSTEM, post_id)
        assert view is not None
        served = as2_posts.post_of(as2_posts.outgoing_of(view, scene.node.uris), scene.node.uris, now=NOON)
        assert {key: value for key, value in served.items() if key != "@context"} == sent[served["id"]]


async def test_two_requests_with_one_key_at_once_give_one_post(scene: Scene, ada: Actor) -> None:
    first, second = await asyncio.gather(
        scene.write(ada, "Hello", idempotency=(1, "k")), scene.write(ada, "Hello", idempotency=(1, "k"))
    )

    assert first.id == second.id
