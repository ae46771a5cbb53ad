"""HTML made well nested and shallow before a parser sees it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedcop.content.balance import MOST_DEPTH, MOST_REFERENCES, MOST_TAGS, balanced


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ("<div><b>One<p>Two", "<p><b>One</b></p><p>Two</p>"),
        ("<b><i>x</b></i>", "<b><i>x</i></b>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        (
            "<blockquote><p>a<blockquote><p>b",
            "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
        ),
        ("<a href=x>a<a href=y>b", "<a href=x>a</a><a href=y>b</a>"),
        ("</p>x</b>", "x"),
        ("a < b <> <3 <b <", "a &lt; b &lt;> &lt;3 &lt;b &lt;"),
        ("<p>as Discourse cuts it <a href='https://a/b…", "<p>as Discourse cuts it </p>"),
        ("<rt>x</rt><custom-tag>y</custom-tag>", "xy"),
        ("<a title='a > b' href=x>c</a>", "<a title='a > b' href=x>c</a>"),
        ('<p title=">x', "<p>x</p>"),
        ("<br/>a</br>", "<br>a<br>"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "<p></p><p> 1  2 </p>"),
        ("<p>a<!-- <p>b -->c<?php x ?><!DOCTYPE html>", "<p>ac</p>"),
        ('<img class="emoji" alt=":)" src="https://a/s.png">', ":)"),
        ("<img src='https://a/map.png'>", '<a href="https://a/map.png">map.png</a>'),
    ],
)
def test_what_was_opened_is_closed_where_it_belongs(found: str, left: str) -> None:
    assert balanced(found) == left


class Depth(HTMLParser):
    """Counts what is open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "br":
            self.opened.append(tag)
            self.deepest = max(self.deepest, len(self.opened))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


NAMES = ["p", "div", "b", "a", "ul", "li", "blockquote", "h1", "br", "td", "svg", "script", "x"]
PIECES = st.lists(
    st.one_of(
        st.sampled_from(NAMES).map("<{}>".format),
        st.sampled_from(NAMES).map("</{}>".format),
        st.sampled_from(["text", "<", ">", "&", "<p ", "<a href='", '"', "<!--", "-->"]),
    ),
    max_size=80,
)


@settings(max_examples=200, deadline=None, database=None)
@given(PIECES)
def test_whatever_comes_is_closed_in_order_and_never_deep(pieces: list[str]) -> None:
    left = balanced("".join(pieces))
    # The library's parser reads what scripts hold as text; ours takes it for tags, and closes those too.
    depth = Depth()
    depth.feed(re.sub(r"(?<=</)script|(?<=<)script", "s", left))
    assert depth.opened == []
    assert depth.deepest <= MOST_DEPTH


def test_what_is_too_deep_leaves_its_text() -> None:
    assert balanced("<b>" * 100 + "inside") == "<b>" * MOST_DEPTH + "inside" + "</b>" * MOST_DEPTH


@pytest.mark.parametrize(("piece", "kept"), [("<b>x</b>", "<p>"), ("<p>x</p>", "x")])
def test_of_too_many_tags_lines_stay_or_none(piece: str, kept: str) -> None:
    left = balanced("<p>First</p>" + piece * MOST_TAGS)
    assert kept in left
    assert "<b>" not in left
    assert left.count("<") <= MOST_TAGS


def test_more_references_than_letters_are_left_out() -> None:
    assert balanced("&amp;" * MOST_REFERENCES) == "&amp;" * MOST_REFERENCES
    assert "&" not in balanced("&" * (MOST_REFERENCES + 1))
