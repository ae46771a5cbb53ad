"""One-or-many, id-or-object and the names of Public brought to one shape."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub.shape import PUBLIC, SHAPERS, shaped

ANA = "https://kent.example/people/ana"
BO = "https://leeds.example/people/bo"
ABSENT = object()


def one(key: str, value: Any) -> Any:
    return shaped({key: value}).get(key, ABSENT)


@pytest.mark.parametrize("key", ["to", "cc", "audience"])
@pytest.mark.parametrize(
    ("value", "found"),
    [
        (ANA, [ANA]),
        ([ANA, None, {"id": BO}, 7, "", {}], [ANA, BO]),
        ({"id": BO, "type": "Person"}, [BO]),
        ([], []),
        ("as:Public", [PUBLIC]),
        (["Public", PUBLIC], [PUBLIC, PUBLIC]),
        (7, []),
        (None, ABSENT),
    ],
)
def test_whom_it_is_for_is_a_list_of_ids(key: str, value: Any, found: Any) -> None:
    assert one(key, value) == found


@pytest.mark.parametrize("key", ["actor", "inReplyTo", "context", "inbox", "target", "first", "replies"])
@pytest.mark.parametrize(
    ("value", "found"),
    [
        (ANA, ANA),
        ({"id": ANA, "name": "Mallory"}, ANA),
        ({}, ABSENT),
        ([ANA], ANA),
        ([], ABSENT),
        (7, ABSENT),
        ("", ABSENT),
    ],
)
def test_where_an_id_is_read_nothing_else_is_believed(key: str, value: Any, found: Any) -> None:
    assert one(key, value) == found


@pytest.mark.parametrize(
    "answered", [ANA, [ANA], [ANA, BO], [{}, ANA], {"type": "Link", "href": ANA}, {"id": ANA, "type": "Note"}]
)
def test_of_all_that_a_post_answers_the_first_counts(answered: Any) -> None:
    assert one("inReplyTo", answered) == ANA


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_post_without_recipients_has_those_of_its_activity(kind: str) -> None:
    activity = {"type": kind, "to": [PUBLIC], "cc": BO, "object": {"type": "Note"}}
    assert shaped(activity)["object"] == {"type": "Note", "to": [PUBLIC], "cc": [BO]}
    assert shaped(activity | {"object": {"type": "Note", "to": ANA}})["object"] == {
        "type": "Note",
        "to": [ANA],
    }
    assert "to" not in shaped(activity | {"type": "Announce"})["object"]


LONG = "x" * 300_000


@pytest.mark.parametrize(
    "written",
    [
        {"inReplyTo": LONG, "context": f"{LONG}", "to": [LONG], "object": LONG, "type": LONG},
        {"url": f"https://a.example/{LONG}", "icon": {"type": "Image", "url": f"https://a.example/{LONG}"}},
        {"tag": {"type": "Hashtag", "name": LONG, "href": LONG, "rel": LONG}},
        {
            "attachment": {
                "type": "Image",
                "url": f"https://a.example/{LONG}",
                "blurhash": LONG,
                "mediaType": LONG,
            }
        },
        {"source": LONG, "language": "en", "joinMode": LONG},
        {"attachment": {"type": "PropertyValue", "value": LONG}},
    ],
)
def test_nothing_is_longer_than_a_row_or_an_index_holds(written: dict[str, Any]) -> None:
    def longest(value: Any) -> int:
        if isinstance(value, dict | list):
            return max(map(longest, value.values() if isinstance(value, dict) else value), default=0)
        return len(str(value))

    read = shaped(written)
    assert longest(read.pop("source", "")) <= 100_000
    assert longest(read) <= 2047


VIDEO = {"mediaType": "video/mp4", "href": "https://kent.example/v.mp4"}


@pytest.mark.parametrize(
    "url",
    [
        [{"mediaType": "text/html", "href": "https://kent.example/v"}, VIDEO],
        # PeerTube puts the files of a stream into the tags of its playlist.
        {"mediaType": "application/x-mpegURL", "href": "https://kent.example/v.m3u8", "tag": [{}, VIDEO]},
    ],
)
def test_a_video_is_its_own_attachment_and_its_icon_its_picture(url: Any) -> None:
    icon = {"type": "Image", "url": "https://kent.example/v.jpg"}
    read = shaped({"type": "Video", "name": "Gullies", "url": url, "icon": [icon]})
    file = {"type": "Video", "url": VIDEO["href"], "mediaType": "video/mp4", "name": "Gullies"}
    assert (read["attachment"], read["image"]) == ([file], icon)


def test_only_what_is_a_file_is_its_own_attachment() -> None:
    assert "attachment" not in shaped({"type": "Note", "url": [VIDEO]})
    assert "attachment" not in shaped({"type": "Video", "url": "https://kent.example/v"})
    given = {"type": "Video", "url": [VIDEO], "attachment": [{"type": "Image", "url": "https://k.example/i"}]}
    assert [file["type"] for file in shaped(given)["attachment"]] == ["Image"]
    assert "image" not in shaped({"type": "Person", "icon": {"type": "Image", "url": "https://k.example/i"}})


@pytest.mark.parametrize(
    ("authors", "found"),
    [
        (ANA, ANA),
        ([ANA], ANA),
        ([{"type": "Group", "id": "https://kent.example/c"}, {"type": "Person", "id": ANA}], ANA),
        ([{"type": "Group", "id": "https://kent.example/c"}], "https://kent.example/c"),
        ([BO, ANA], BO),
        ([7, {}], ABSENT),
        ([], ABSENT),
    ],
)
def test_of_several_authors_one_is_taken(authors: Any, found: Any) -> None:
    assert one("attributedTo", authors) == found


def test_whoever_acts_is_the_author_if_named_as_one() -> None:
    create = {"actor": {"id": ANA}, "object": {"attributedTo": [BO, {"id": ANA}]}}
    forged = {"actor": "https://evil.example/u", "object": {"attributedTo": [BO, ANA]}}

    assert shaped(create)["object"]["attributedTo"] == ANA
    assert shaped(forged)["object"]["attributedTo"] == BO


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ({"type": "Link", "href": "https://a.example/1"}, "https://a.example/1"),
        (
            [
                {"mediaType": "application/x-bittorrent", "href": "https://a.example/x.torrent"},
                {"mediaType": "text/html; charset=utf-8", "href": "https://a.example/watch"},
                "https://a.example/plain",
            ],
            "https://a.example/watch",
        ),
        (["magnet:?xt=1", "javascript:alert(1)", "https://a.example/1"], "https://a.example/1"),
        ([{"href": "data:text/html,x", "mediaType": "text/html"}, {"href": 7}, {"mediaType": 7}], ABSENT),
        ("javascript:alert(1)", ABSENT),
        ([], ABSENT),
    ],
)
def test_of_several_links_the_web_page_is_taken(url: Any, found: Any) -> None:
    assert one("url", url) == found


@pytest.mark.parametrize("key", ["published", "updated", "endTime", "deleted"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025-01-01T12:34:56Z", "2025-01-01T12:34:56+00:00"),
        ("2025-01-01 12:34:56", "2025-01-01T12:34:56+00:00"),
        ("2025-01-01T12:34", "2025-01-01T12:34:00+00:00"),
        ("2025-01-01T13:34:56+01:00", "2025-01-01T12:34:56+00:00"),
        ("2026-07-12T19:30:38.560996451Z", "2026-07-12T19:30:38.560996+00:00"),
        ("0001-01-01T00:00:00+14:00", ABSENT),
        ("yesterday", ABSENT),
        ("", ABSENT),
        (1735734896, ABSENT),
    ],
)
def test_times_are_read_leniently_or_left_out(key: str, text: Any, found: Any) -> None:
    assert one(key, text) == found


def test_text_in_a_map_stands_for_text_alone() -> None:
    mapped = shaped({"contentMap": {"cy": "<p>Helo</p>", "en": "x", "de": 7}, "nameMap": {"en": "Hi"}})

    assert (mapped["content"], mapped["name"]) == ("<p>Helo</p>", "Hi")
    assert mapped["contentMap"] == {"cy": "<p>Helo</p>", "en": "x"}
    assert shaped({"content": "a", "contentMap": {"en": "b"}})["content"] == "a"
    assert "content" not in shaped({"contentMap": {}})
    assert "contentMap" not in shaped({"contentMap": ["x"]})


def test_a_text_is_cut_and_holds_no_nul() -> None:
    assert len(one("content", "x" * 150_000)) == 100_000
    assert len(one("summary", "x" * 50_000)) == 20_000
    assert one("name", "a\0b" + "x" * 300) == "ab" + "x" * 253
    assert len(shaped({"summaryMap": {"en": "x" * 50_000}})["summary"]) == 20_000
    assert one("name", {"en": "x"}) is ABSENT


def test_a_handle_too_long_is_no_handle() -> None:
    assert one("preferredUsername", "x" * 64) == "x" * 64
    assert one("preferredUsername", "x" * 65) is ABSENT


def test_lists_are_cut() -> None:
    many = [{"type": "Hashtag", "name": f"#{n}", "url": "https://a.example/"} for n in range(200)]

    assert [len(one(key, many)) for key in ("tag", "attachment", "oneOf")] == [100, 16, 20]


def test_tags_keep_what_is_read_of_them() -> None:
    tags = one("tag", {"type": ["Mention"], "href": BO, "name": 7, "icon": {"url": "javascript:alert(1)"}})

    assert tags == [{"type": "Mention", "href": BO}]
    assert one("tag", [None, "x", 7]) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("https://a.example/x", [{"type": "Link", "href": "https://a.example/x"}]),
        (
            {"type": "Document", "url": [{"href": "https://a.example/i", "mediaType": "image/png"}]},
            [{"type": "Document", "url": "https://a.example/i", "mediaType": "image/png"}],
        ),
        (
            {"type": "Image", "url": "https://a.example/i", "width": 3.0, "height": "x"},
            [{"type": "Image", "url": "https://a.example/i", "width": 3}],
        ),
        ({"type": "Image", "url": "javascript:alert(1)", "name": None}, [{"type": "Image"}]),
        ({"type": "Image", "focalPoint": [0, -0.5], "blurhash": "x"},
         [{"type": "Image", "focalPoint": [0.0, -0.5], "blurhash": "x"}]),
        ({"type": "Image", "focalPoint": [0, "x"]}, [{"type": "Image"}]),
        ({"type": "Image", "focalPoint": [0]}, [{"type": "Image"}]),
        ({"type": "Image", "width": True}, [{"type": "Image"}]),
        ([7, None], []),
    ],
)  # fmt: skip
def test_attachments_have_one_address(value: Any, found: Any) -> None:
    assert one("attachment", value) == found


def test_of_several_pictures_the_last_is_taken() -> None:
    small, large = ({"type": "Image", "url": f"https://a.example/{n}", "width": n} for n in (48, 120))

    assert one("icon", [small, large]) == large
    assert one("image", "https://a.example/x") == {"type": "Image", "url": "https://a.example/x"}
    assert one("icon", [7]) is ABSENT


def test_a_source_is_text_with_a_type() -> None:
    assert one("source", "*x*") == {"content": "*x*"}
    assert one("source", {"content": "*x*", "mediaType": "text/markdown", "x": 1}) == {
        "content": "*x*",
        "mediaType": "text/markdown",
    }
    assert one("source", 7) is ABSENT


def test_the_description_of_a_file_is_cut() -> None:
    (file,) = one(
        "attachment", {"type": "Image", "url": "https://a.example/1", "name": "x" * 9000, "summary": 7}
    )
    assert (len(file["name"]), "summary" in file) == (5000, False)


def test_a_language_is_its_name() -> None:
    assert one("language", {"identifier": "cy", "name": "Cymraeg"}) == "cy"
    assert one("language", [{"name": "x"}, {"identifier": "en"}]) == "en"
    assert one("language", 7) is ABSENT
    assert shaped({"inLanguage": "en"})["language"] == "en"
    assert "language" not in shaped({"inLanguage": 7})


def test_votes_stand_in_the_replies_of_an_option() -> None:
    options = [{"type": "Note", "name": "Yes", "replies": {"totalItems": 3}}, {"name": "No"}, {"name": 7}, 7]

    assert one("anyOf", options) == [{"name": "Yes", "votes": 3}, {"name": "No", "votes": 0}]


def test_a_key_that_lacks_a_part_is_none() -> None:
    key = {"id": f"{ANA}#main-key", "owner": ANA, "publicKeyPem": "x"}
    multikey = {"id": f"{ANA}#k", "controller": ANA, "publicKeyMultibase": "z"}

    assert one("publicKey", key | {"privateKeyPem": "x"}) == [key]
    assert one("publicKey", [key, {"id": "x"}, key | {"owner": 7}, "x"]) == [key]
    assert one("assertionMethod", [f"{ANA}#ref", multikey]) == [multikey]
    assert len(one("publicKey", [key] * 50)) == 10


def test_a_shared_inbox_is_read_of_the_endpoints() -> None:
    assert one("endpoints", {"sharedInbox": "https://a.example/inbox", "x": 1}) == {
        "sharedInbox": "https://a.example/inbox"
    }
    assert [one("endpoints", value) for value in ({}, "x", {"sharedInbox": 7})] == [ABSENT] * 3


def test_flags_and_numbers_are_nothing_else() -> None:
    assert [one("sensitive", value) for value in (True, False, "true", 1, None)] == [True, False] + [
        ABSENT
    ] * 3
    assert [one("totalItems", value) for value in (3, 3.0, 3.5, -1, True, "3", 1 << 60)] == [3, 3] + [
        ABSENT
    ] * 5


def test_objects_are_shaped_as_deep_as_anybody_sends_them() -> None:
    deepest = {"object": {"object": {"object": {"object": {"id": BO, "to": ANA}, "to": ANA}}}}
    found = shaped(deepest)

    assert found["object"]["object"]["object"] == {"object": BO, "to": [ANA]}


def test_an_object_may_be_many() -> None:
    assert one("object", [ANA, {"to": ANA}, 7]) == [ANA, {"to": [ANA]}]
    assert one("object", ANA) == ANA
    assert one("object", 7) is ABSENT


def test_items_have_one_name() -> None:
    assert shaped({"orderedItems": ANA}) == {"items": [ANA]}
    assert shaped({"items": [{"to": ANA}, 7]}) == {"items": [{"to": [ANA]}]}
    assert shaped({"orderedItems": []}) == {}


def test_what_is_not_read_is_passed_on_untouched() -> None:
    other = {"@context": ["x"], "id": 7, "vcard:note": {"a": [1]}}

    assert shaped(other) == other


KEYS = st.sampled_from(
    [*SHAPERS, "object", "items", "orderedItems", "inLanguage", "id", "href", "identifier"]
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3)
    | st.sampled_from(["https://a.example/1", "Group", "as:Public", "2025-01-01 10:00"])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=8)


@settings(max_examples=150, deadline=None, database=None)
@given(OBJECTS)
def test_shaping_twice_is_shaping_once(value: Any) -> None:
    assert shaped(shaped(value)) == shaped(value)


def test_who_may_quote_a_post_is_read_as_ids() -> None:
    said = {
        "canQuote": {"automaticApproval": "as:Public", "manualApproval": [{"id": "https://a.example/1"}, 7]}
    }
    policy = {"canQuote": {"automaticApproval": [PUBLIC], "manualApproval": ["https://a.example/1"]}}
    assert shaped({"interactionPolicy": said}) == {"interactionPolicy": policy}
    assert shaped({"interactionPolicy": policy}) == {"interactionPolicy": policy}
    for nothing in ("everybody", {"canLike": {}}, {"canQuote": "everybody"}):
        assert shaped({"interactionPolicy": nothing}) == {}
