"""A post's text as one piece of HTML."""

import msgspec
import pytest

from fedcop.mastodon.entities import status
from fedcop.node import Node
from storage import answers, views
from storage.asks import NewAsk
from storage.visible import SYSTEM
from tests.storage import people, written
from tests.storage.people import NOON


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


async def test_what_the_node_of_who_asked_says_in_the_text_is_not_said_again(node: Node) -> None:
    store = node.store
    dee = await people.add(store, "dee", "devon.example")
    floods = await people.add(store, "drains", kind="Group")
    thread = await written.add(
        store, dee, host="devon.example", type="Page", community_id=floods, ask=NewAsk()
    )
    reply = await written.answer(store, dee, thread)
    await store.write(answers.accept, reply.id, by=dee, uri=None, now=NOON)
    view = await store.read(views.post_view, SYSTEM, thread.id)
    assert view is not None
    assert status.became(view).startswith("<p>Resolved: ")
    said = msgspec.structs.replace(view.post, content=f'<p>Resolved: <a href="{reply.url}">…</a></p>')
    assert status.became(msgspec.structs.replace(view, post=said)) == ""
    assert view.ask is not None
    gone = msgspec.structs.replace(view, ask=msgspec.structs.replace(view.ask, withdrawn_at=NOON))
    assert status.became(gone) == "", "its author's node says so"
