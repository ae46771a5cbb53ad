"""Profiles: what changes, what stays, and how much of it each node is told."""

import pytest

from activitypub.shape import PUBLIC
from fedcop.actions import profile
from fedcop.actions.profile import Changes
from fedcop.errors import Invalid
from storage import actors, copies
from storage.actors import Actor
from tests.fedcop.actions.scene import Scene
from tests.fedcop.actions.test_upload import png

LEMMY = "https://lemmy.example/inbox"
MASTODON = "https://mastodon.example/inbox"


async def test_what_is_given_changes_and_the_rest_stays(scene: Scene, ada: Actor) -> None:
    after = await profile.update(
        scene.node, ada, Changes(note="Roads & #bridges", fields=(("Role", "https://kent.example"), ("", "")))
    )

    assert after.display_name == ada.display_name
    assert after.summary_source == "Roads & #bridges"
    assert "Roads &amp; " in after.summary
    (field,) = actors.fields_of(after)
    assert field.name == "Role"
    assert field.value.startswith("<a ")
    assert after == await scene.actor(ada.id)


async def test_a_picture_is_kept(scene: Scene, ada: Actor) -> None:
    after = await profile.update(scene.node, ada, Changes(icon=png(), image=png()))

    assert after.icon is not None
    assert after.icon.endswith(".png")
    assert after.image not in (None, after.icon)


async def test_each_node_is_told_as_much_as_it_may_see(scene: Scene, ada: Actor, roads: Actor) -> None:
    await scene.joined(await scene.remote("dee", "lemmy.example"), roads)
    await scene.joined(await scene.remote("eve", "mastodon.example"), ada)
    await scene.node.store.write(copies.add, ada.uri, [("lemmy.example", LEMMY)])
    await profile.update(scene.node, ada, Changes(note="Roads"))

    told = {one.inbox: one.document for one in await scene.sent()}
    assert told[LEMMY]["object"]["summary"] == "<p>Roads</p>"
    assert "summary" not in told[MASTODON]["object"]
    assert told[LEMMY]["to"] == told[MASTODON]["to"] == [f"{ada.uri}/followers"]


async def test_a_public_profile_is_told_to_all_in_one_form(scene: Scene, ada: Actor) -> None:
    await scene.joined(await scene.remote("eve", "mastodon.example"), ada)
    shown = actors.profile_of(ada)
    changed = type(shown)(
        **{name: getattr(shown, name) for name in shown.__struct_fields__} | {"findable": "public"}
    )
    await scene.node.store.write(actors.set_profile, ada.id, changed, scene.node.clock.now())
    await profile.update(scene.node, await scene.actor(ada.id), Changes(note="Roads"))

    (sent,) = await scene.sent()
    assert (sent.form, sent.document["to"]) == ("Update Person", [PUBLIC])
    assert sent.document["object"]["discoverable"] is True


@pytest.mark.parametrize(
    ("now", "said", "after"),
    [
        ("members", None, "members"),
        ("members", False, "members"),
        ("members", True, "nodes"),
        ("hidden", False, "hidden"),
        ("council", True, "nodes"),
        ("public", True, "public"),
        ("nodes", False, "members"),
        ("public", False, "members"),
    ],
)
async def test_saving_what_was_read_raises_nobody(
    scene: Scene, ada: Actor, now: str, said: bool | None, after: str
) -> None:
    shown = actors.profile_of(ada)
    given = {name: getattr(shown, name) for name in shown.__struct_fields__} | {"findable": now}
    await scene.node.store.write(actors.set_profile, ada.id, type(shown)(**given), scene.node.clock.now())
    changed = await profile.update(scene.node, await scene.actor(ada.id), Changes(discoverable=said))

    assert changed.findable == after


@pytest.mark.parametrize(
    "changes",
    [
        Changes(display_name="x" * 101),
        Changes(note="x" * 2001),
        Changes(fields=(("a", "b"),) * 9),
        Changes(fields=(("a", "b" * 256),)),
    ],
)
async def test_too_much_is_refused(scene: Scene, ada: Actor, changes: Changes) -> None:
    with pytest.raises(Invalid):
        await profile.update(scene.node, ada, changes)
