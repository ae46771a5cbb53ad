"""What a peer's post says, as text of ours."""

from typing import Any

import pytest

from activitypub import document
from activitypub.vocab import Post, registry
from fedcop.as2 import texts
from fedcop.content import sanitise

REL = f'rel="{sanitise.REL}"'


def post(**said: Any) -> Post:
    """Give a post as it is read."""
    given = {"id": "https://kent.example/posts/1", "type": "Note"} | said
    read = registry.read(document.Document(raw=b"{}", json=given, id=given["id"], type=given["type"]))
    assert isinstance(read, Post)
    return read


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ({"content": "<p>a <b>b</b></p>"}, "<p>a <b>b</b></p>"),
        ({"content": "**a** #b <i>", "mediaType": "text/markdown"}, "<p><strong>a</strong> #b &lt;i&gt;</p>"),
        ({"content": "a\r\nb\n\n<c>", "mediaType": "text/plain"}, "<p>a<br>b</p><p>&lt;c&gt;</p>"),
        ({"content": "**a** " * 2000, "mediaType": "text/markdown"}, f"<p>{('**a** ' * 2000).strip()}</p>"),
        ({"contentMap": {"cy": "<p>Helo</p>"}}, "<p>Helo</p>"),
        ({"type": "Article", "summary": "<p>Excerpt</p>"}, "<p>Excerpt</p>"),
        ({"summary": "A warning"}, ""),
    ],
)
def test_a_body_is_read_as_what_it_is_written_in(said: dict[str, Any], body: str) -> None:
    assert texts.body_from(post(**said)) == body


@pytest.mark.parametrize(
    ("attachment", "line"),
    [
        (
            {"type": "Document", "url": "https://k.example/minutes.pdf", "mediaType": "application/pdf"},
            f'<p><a href="https://k.example/minutes.pdf" {REL}>minutes.pdf</a></p>',
        ),
        (
            {"type": "Audio", "url": "https://k.example/a?b&c", "name": "A <b>talk</b> & more"},
            f'<p><a href="https://k.example/a?b&amp;c" {REL}>A talk &amp; more</a></p>',
        ),
        ({"type": "Document", "url": "https://[k/"}, f'<p><a href="https://[k/" {REL}>https://[k/</a></p>'),
        ({"type": "Image", "url": "https://k.example/i"}, ""),
        ({"type": "Document", "url": "https://k.example/i.PNG"}, ""),
        ({"type": "Link", "href": "https://k.example/"}, ""),
        ({"type": "Link", "href": "payto://iban/1"}, ""),
        ({"type": "PropertyValue", "name": "a", "value": "b"}, ""),
    ],
)
def test_what_is_not_served_from_here_is_linked_below_the_text(attachment: Any, line: str) -> None:
    assert texts.body_from(post(content="x", attachment=[attachment])) == "x" + line


def test_the_first_link_stands_alone_and_further_ones_below_the_text() -> None:
    links = [{"type": "Link", "href": f"https://k.example/{n}", "name": f"No. {n}"} for n in (1, 2, 3)]
    said = post(content='<a href="https://k.example/3">three</a>', attachment=links)
    assert texts.link_from(said) == "https://k.example/1"
    assert texts.body_from(said).count("https://k.example/2") == 1
    assert texts.body_from(said).count("https://k.example/3") == 1


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"type": "Page", "name": "A &amp; B\n c"}, "A & B c"),
        ({"type": "Event", "name": "word " * 60}, ("word " * 40).strip()),
        ({"name": "a"}, "a"),
        ({"name": "a", "inReplyTo": "https://k.example/1"}, ""),
        ({"type": "Question", "name": "a"}, ""),
        ({"type": "Page"}, ""),
    ],
)
def test_a_title_is_one_line_of_text(said: dict[str, Any], title: str) -> None:
    assert texts.title_from(post(**said)) == title


def test_a_summary_warns_of_a_note_only() -> None:
    assert texts.warning_from(post(summary="<p>Flood &amp; fire</p>")) == "Flood & fire"
    assert texts.warning_from(post(type="Question", summary="x")) == "x"
    assert texts.warning_from(post(type="Page", summary="x")) == ""


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({"language": {"identifier": "cy"}, "contentMap": {"en": "x"}}, "cy"),
        ({"content": "b", "contentMap": {"en": "a", "cy": "b"}}, "cy"),
        ({"content": "c", "contentMap": {"EN-GB": "a", "cy": "b"}}, "en-GB"),
        ({"content": "c"}, None),
        ({"content": "c", "contentMap": {"x_bad tag": "c"}}, None),
        ({"content": "c", "contentMap": {"und": "c", "cy": "b"}}, "cy"),
    ],
)
def test_a_language_is_that_of_the_text_shown(said: dict[str, Any], language: str | None) -> None:
    assert texts.language_from(post(**said)) == language


def test_a_video_leads_to_its_page_and_shows_its_picture() -> None:
    page = {"mediaType": "text/html", "href": "https://k.example/w"}
    icon = {"type": "Image", "url": "https://k.example/i.jpg"}
    file = {"mediaType": "video/mp4", "href": "https://k.example/v"}
    video = post(type="Video", name="Gullies", url=[page, file], icon=icon)
    assert texts.link_from(video) == "https://k.example/w"
    assert [(one.type, one.name) for one in texts.pictured(video)] == [
        ("Image", "Gullies"),
        ("Video", "Gullies"),
    ]
    pictured = post(type="Event", image=icon, attachment=[icon])
    assert len(texts.pictured(pictured)) == 1
    assert len(texts.pictured(post(type="Page", image=icon))) == 0


def test_a_tag_is_one_that_could_be_typed_here() -> None:
    names = [
        "#Fees",
        "fees",
        "#With blank",
        "#１２３",
        "#caf\u0065\u0301",
        "#\uff26ees",
        "#🐄",
        "#Ffyrdd·mawr",
        "",
    ]
    tags = [{"type": "Hashtag", "name": name} for name in names] + [{"type": "Mention", "name": "@a"}]
    assert dict(texts.tags_from(post(tag=tags).tag)) == {
        "fees": "Fees",
        "withblank": "Withblank",
        "cafe": "café",
        "ffyrdd·mawr": "Ffyrdd·mawr",
    }
