"""Actors both ways: how much of a person goes out, what a Group needs, what is believed of a peer."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from activitypub.vocab import Actor as Found
from activitypub.vocab import Attachment, Endpoints
from activitypub.vocab.objects import Tag
from fedcop.as2 import actors as as2_actors
from fedcop.uris import Uris
from storage import practices
from storage.actors import Actor, NewActor, fields_of
from storage.communities import Community
from storage.ids import ActorId
from storage.keys import OwnKey

URIS = Uris("https://communities.kent.example", "kent.example")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEYS = [
    OwnKey("ed25519", f"{URIS.person('ada')}#ed25519-key", "z6MkExample"),
    OwnKey("rsa", f"{URIS.person('ada')}#main-key", "-----BEGIN PUBLIC KEY-----"),
]
PERSONAL = {"summary", "icon", "image", "attachment", "alsoKnownAs", "indexable", "updated"}


def row_of(new: NewActor) -> Actor:
    counted = {"state": "active", "followers_count": 3, "following_count": 2, "posts_count": 1}
    given = msgspec.structs.asdict(new)
    del given["readers"]
    return Actor(id=ActorId(1), whole=True, last_post_at=None, **counted, **given)


def local(handle: str = "ada", **more: object) -> Actor:
    uri = URIS.community(handle) if more.get("type") == "Group" else URIS.person(handle)
    given = {
        "type": "Person",
        "display_name": "Ada Okafor",
        "summary": "<p>Roads</p>",
        "summary_source": "Roads",
        "icon": "ada.png",
        "fields": '[{"name":"Role","value":"Engineer"}]',
        "also_known_as": '["https://old.example/ada"]',
    } | more
    return row_of(
        NewActor(
            uri=uri,
            handle=handle,
            host=URIS.host,
            domain=URIS.domain,
            local=True,
            created_at=NOON,
            updated_at=NOON,
            **given,
        )
    )


def found(**more: object) -> Found:
    uri = "https://york.example/users/Ben"
    given = {
        "type": "Person",
        "preferred_username": "Ben",
        "name": "Ben",
        "inbox": f"{uri}/inbox",
        "endpoints": Endpoints(shared_inbox="https://york.example/inbox"),
    } | more
    return Found(id=uri, **given)


def test_a_stranger_gets_what_a_signature_is_checked_with_and_nothing_else() -> None:
    stub = as2_actors.person_of(local(), KEYS, URIS, "stub")

    assert set(stub) == {
        *("@context", "id", "type", "preferredUsername", "inbox", "publicKey", "assertionMethod"),
    }


def test_a_card_says_how_to_talk_with_a_person_and_nothing_about_them() -> None:
    card = as2_actors.person_of(local(), KEYS, URIS, "card")

    assert card["endpoints"] == {"sharedInbox": URIS.shared_inbox}
    assert card["webfinger"] == "ada@kent.example"
    assert card["discoverable"] is False
    assert not PERSONAL & set(card)


def test_a_profile_says_what_the_person_says() -> None:
    profile = as2_actors.person_of(local(findable="nodes"), KEYS, URIS, "profile")

    assert set(profile) >= PERSONAL - {"image"}
    assert profile["discoverable"] is True
    assert profile["icon"] == {
        "type": "Image",
        "mediaType": "image/png",
        "url": "https://communities.kent.example/media/ada.png",
    }
    assert profile["attachment"] == [{"type": "PropertyValue", "name": "Role", "value": "Engineer"}]


def test_what_pictures_show_goes_out_with_them_and_is_read() -> None:
    said = local(icon_text="Ada", image="bridge.png", image_text="A bridge", author_of='["news.example"]')
    profile = as2_actors.person_of(said, KEYS, URIS, "profile")

    assert (profile["icon"]["name"], profile["image"]["name"]) == ("Ada", "A bridge")
    assert profile["attributionDomains"] == ["news.example"]
    assert "attributionDomains" not in as2_actors.person_of(said, KEYS, URIS, "card")
    icon = Attachment(type="Image", url="https://mastodon.example/a.png", name="Dan\n on a  boat")
    image = Attachment(type="Image", url="https://mastodon.example/b.png", summary="The sea")
    read = as2_actors.actor_from(found(icon=icon, image=image), domain="mastodon.example", now=NOON)
    assert (read.icon_text, read.image_text) == ("Dan on a boat", "The sea")


def test_keys_stand_where_every_peer_looks_for_them() -> None:
    card = as2_actors.person_of(local(), KEYS, URIS, "card")

    assert card["publicKey"]["owner"] == card["id"]
    assert card["assertionMethod"][0]["controller"] == card["id"]


def test_a_person_who_moved_says_where_to() -> None:
    card = as2_actors.person_of(local(moved_to="https://york.example/users/ada"), KEYS, URIS, "card")

    assert card["movedTo"] == "https://york.example/users/ada"


@pytest.mark.parametrize(
    ("findable", "fellow", "level"),
    [
        ("public", False, "profile"),
        ("nodes", False, "profile"),
        ("members", True, "profile"),
        ("members", False, "card"),
        ("council", True, "card"),
        ("hidden", True, "card"),
    ],
)
def test_who_may_find_a_person_decides_what_a_node_gets(findable: str, fellow: bool, level: str) -> None:
    assert as2_actors.level_for(findable, fellow=fellow) == level


@pytest.mark.parametrize(("visibility", "private"), [("public", False), ("members", True)])
def test_a_group_is_private_to_lemmy_only_if_members_alone_read_it(visibility: str, private: bool) -> None:
    settings = Community(ActorId(1), "approval", visibility, None)
    group = as2_actors.group_of(local("roads", type="Group", findable="public"), settings, KEYS, URIS)

    assert group["manuallyApprovesFollowers"] is private
    assert group["attributedTo"] == group["moderators"] == f"{group['id']}/facilitators"
    assert group["featured"] == f"{group['id']}/featured"
    assert group["postingRestrictedToMods"] is False
    assert group["source"] == {"content": "Roads", "mediaType": "text/markdown"}
    assert group["endpoints"] == {"sharedInbox": URIS.shared_inbox}
    assert group["language"][0] == {"identifier": "en", "name": "English"}


def test_the_node_actor_lists_its_directories() -> None:
    node = as2_actors.node_actor_of(local("kent", type="Application"), KEYS, URIS)

    assert node["streams"] == [URIS.people_directory, URIS.communities_directory]
    assert node["manuallyApprovesFollowers"] is True
    assert node["publicKey"]["publicKeyPem"].startswith("-----BEGIN")


def test_a_peers_person_is_stored_clean_and_under_the_host_of_its_id() -> None:
    new = as2_actors.actor_from(
        found(
            name="Ben <b>Bold</b>",
            summary='<p onclick="x()">Hi<script>1</script></p>',
            attachment=(Attachment(type="PropertyValue", name="Role", value="<i>x</i><script>1</script>"),),
        ),
        domain="york-council.example",
        now=NOON,
    )

    assert (new.handle, new.host, new.domain, new.local) == (
        "ben",
        "york.example",
        "york-council.example",
        False,
    )
    assert new.shared_inbox == "https://york.example/inbox"
    assert new.display_name == "Ben <b>Bold</b>"  # text, which is escaped where it is shown
    assert "script" not in new.summary
    assert "onclick" not in new.summary
    assert "script" not in fields_of(row_of(new))[0].value


def test_an_inbox_or_collection_at_another_origin_is_not_believed() -> None:
    elsewhere = "https://victim.example/inbox"
    new = as2_actors.actor_from(
        found(
            inbox=elsewhere,
            followers=elsewhere,
            featured=elsewhere,
            endpoints=Endpoints(shared_inbox=elsewhere),
        ),
        domain="york.example",
        now=NOON,
    )

    assert (new.inbox, new.shared_inbox, new.followers_uri, new.featured_uri) == ("", None, None, None)


def test_only_a_groups_attributed_to_names_facilitators() -> None:
    listed = "https://york.example/users/Ben/moderators"

    group = as2_actors.actor_from(found(type="Group", attributed_to=listed), domain="york.example", now=NOON)
    person = as2_actors.actor_from(found(attributed_to=listed), domain="york.example", now=NOON)

    assert (group.facilitators_uri, person.facilitators_uri) == (listed, None)


def test_a_url_that_is_no_web_address_is_replaced_by_the_id() -> None:
    new = as2_actors.actor_from(found(url="javascript:alert(1)"), domain="york.example", now=NOON)

    assert new.url == new.uri


def test_a_time_in_the_future_is_taken_as_now() -> None:
    new = as2_actors.actor_from(found(published=NOON + timedelta(days=9)), domain="york.example", now=NOON)

    assert new.created_at == NOON


@pytest.mark.parametrize(
    ("says", "level"),
    [
        ({"discoverable": True}, "nodes"),
        ({"discoverable": True, "audience": ("https://kent.example/communities/makers",)}, "nodes"),
        ({"discoverable": False, "audience": ("https://kent.example/communities/makers",)}, "members"),
        ({"discoverable": False}, "hidden"),
        ({}, "hidden"),
    ],
)
def test_whom_a_peers_person_is_shown_to_follows_its_document(says: dict[str, object], level: str) -> None:
    read = as2_actors.actor_from(found(**says), domain="york.example", now=NOON)

    assert read.findable == level
    assert (read.readers != "[]") is ("audience" in says)


def test_a_hostile_profile_is_trimmed_and_is_of_no_other_council() -> None:
    lines = [("Council", "Kent County Council"), (" cyngor :", "Cyngor Sir Powys"), ("<b>Role", "x")]
    hostile = found(
        name="Ben\u202e<script>",
        summary="<p>Hello<script>alert(1)</script></p>",
        attachment=tuple(Attachment(type="PropertyValue", name=name, value=text) for name, text in lines),
        tag=tuple(
            Tag(type="Link", rel="urn:x-fedcop:offers", href=f"http://id.esd.org.uk/function/{number}")
            for number in range(500)
        ),
        audience=tuple(f"https://kent.example/communities/{number}" for number in range(500)),
    )

    read = as2_actors.actor_from(hostile, domain="york.example", now=NOON)

    assert "script" not in read.summary
    assert "\u202e" not in read.display_name
    assert [field.name for field in fields_of(row_of(read))] == ["<b>Role"]
    assert len(practices.of(row_of(read)).offers) == 10
    assert len(json.loads(read.readers)) == 50
