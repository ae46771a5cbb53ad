"""The pages of an archive."""

import re

import pytest

from fedcop.content import offline
from fedcop.content.offline import Field, File, Person, Post

ADA = Person(name="Ada <Bright>", address="@ada@kent.example", summary="<p>Roads</p>", fields=(), icon=None)
POST = Post(
    uri="https://kent.example/posts/1",
    at="2026-03-02T12:00:00+00:00",
    day="2026-03-02",
    audience="public",
    title="Grit & salt",
    content="<p>Where?</p>",
    warning="Cold",
    community="@roads@kent.example",
    answers="https://devon.example/posts/2",
    files=(
        File(path="media_attachments/files/a.png", type="image", description='A "bin"'),
        File(path="media_attachments/files/b.pdf", type="unknown", description=""),
    ),
)


def page(*posts: Post, number: int = 1, last: int = 1, language: str = "en", person: Person = ADA) -> str:
    return offline.page_of(person, posts, number=number, last=last, made="2026-03-02", language=language)


def test_a_page_shows_posts_with_their_files_and_escapes_what_is_text() -> None:
    html = page(POST)
    assert "What Ada &lt;Bright&gt; posted" in html
    assert "<h2>Grit &amp; salt</h2>" in html
    assert "<p>Where?</p>" in html
    assert 'alt="A &#34;bin&#34;"' in html
    assert '<a href="media_attachments/files/b.pdf">media_attachments/files/b.pdf</a>' in html
    assert 'href="https://devon.example/posts/2"' in html


def test_nothing_is_loaded_from_anywhere() -> None:
    html = page(POST, person=Person(**{name: getattr(ADA, name) for name in ADA.__struct_fields__}))
    assert not re.search(r'(?:src|<link[^>]*href)="(?:https?:)?//', html)
    assert "default-src 'none'" in html
    assert "<script" not in html


def test_a_boost_is_shown_by_its_id() -> None:
    boost = Post(
        uri="https://kent.example/activities/1",
        at="x",
        day="y",
        audience="public",
        boosted="https://a.example/1",
    )
    assert '<a href="https://a.example/1">' in page(boost)


def test_pages_lead_to_each_other() -> None:
    first, second, third = (page(POST, number=number, last=3) for number in (1, 2, 3))
    assert ("posts-2.html" in first, "Newer" in first) == (True, False)
    assert ("index.html" in second, "posts-3.html" in second) == (True, True)
    assert ("posts-2.html" in third, "Older" in third) == (True, False)


@pytest.mark.parametrize(("language", "spoken"), [("cy", "cy"), ("en", "en"), ("de", "en")])
def test_a_page_speaks_the_language_of_its_owner(language: str, spoken: str) -> None:
    html = page(language=language)
    assert f'<html lang="{spoken}">' in html
    assert offline.WORDS[spoken]["made"].format(date="2026-03-02") in html
    assert offline.WORDS["en"].keys() == offline.WORDS["cy"].keys()


def test_the_profile_stands_on_the_first_page_only() -> None:
    person = Person(
        name="Ada",
        address="@ada@kent.example",
        summary="",
        fields=(Field("Team", "<b>x</b>"),),
        icon="avatar.png",
    )
    assert "avatar.png" in page(person=person)
    assert "<strong>Team</strong>: <b>x</b>" in page(person=person)
    assert "avatar.png" not in page(person=person, number=2, last=2)
