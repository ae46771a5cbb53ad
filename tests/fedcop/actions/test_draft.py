"""What somebody typed, made ready: whom it names, where it stands, who may read it."""

from fedcop.actions import draft
from fedcop.actions.draft import Draft
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene


async def test_a_mention_links_to_whom_it_names(scene: Scene, ada: Actor, ben: Actor) -> None:
    held = await scene.write(ada, "Hello @ben")

    assert f'href="{ben.url}"' in held.content
    assert "@<span>ben</span>" in held.content


async def test_a_place_is_no_community_when_only_a_person_is_named(
    scene: Scene, ada: Actor, ben: Actor
) -> None:
    place = await draft.place_of_draft(scene.node, ada, Draft(text="@ben"), {("ben", None): ben})

    assert (place.community, place.parent, place.audience) == (None, None, "public")


async def test_a_reply_for_followers_only_is_in_no_community(scene: Scene, ada: Actor, roads: Actor) -> None:
    thread = await scene.write(ada, "@roads Hello")
    answer = await scene.write(ada, "psst", in_reply_to=thread.id, audience="followers")

    assert (answer.community_id, answer.audience, answer.parent_id) == (None, "followers", thread.id)


async def test_a_reply_in_a_private_community_is_for_its_members(scene: Scene, ada: Actor) -> None:
    grit = await scene.remote("grit", "lemmy.example", type="Group", approves=True)
    await scene.joined(ada, grit)
    thread = await scene.theirs(
        await scene.remote("eve", "mastodon.example"), community_id=grit.id, audience="members"
    )
    for audience in ("public", "unlisted", "followers"):
        answer = await scene.write(ada, "Yes", in_reply_to=thread.id, audience=audience)
        assert (answer.audience, answer.community_id) == ("members", grit.id)
