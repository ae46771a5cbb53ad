"""A post's text as one piece of HTML."""

import pytest

from fedcop.mastodon.entities import status


@pytest.mark.parametrize(
    ("title", "content", "link", "html"),
    [
        ("", "<p>Body</p>", None, "<p>Body</p>"),
        ("A <b> & c", "<p>Body</p>", None, "<p><strong>A &lt;b&gt; &amp; c</strong></p><p>Body</p>"),
        (
            "Title",
            "",
            "https://x.example/?a=1&b=2",
            "<p><strong>Title</strong></p>"
            '<p><a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener" target="_blank">'
            "https://x.example/?a=1&amp;b=2</a></p>",
        ),
    ],
)
def test_title_body_and_link_are_one_text(title: str, content: str, link: str | None, html: str) -> None:
    assert status.content_of(title, content, link) == html


def test_each_link_stands_once() -> None:
    page = "https://x.example/"
    link = f'<p><a href="{page}" rel="nofollow noopener" target="_blank">{page}</a></p>'
    assert status.content_of("", "", page, None, page) == link
