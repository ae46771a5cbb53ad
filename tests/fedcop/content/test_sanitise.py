"""HTML that others wrote, to HTML that may be shown."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedcop.content import sanitise
from fedcop.content.balance import SHOWN

REL = f'rel="{sanitise.REL}"'


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ("<p>Plain</p>", "<p>Plain</p>"),
        ("Plain", "Plain"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<h1>Fees</h1><h6>x</h6>", "<h3>Fees</h3><h4>x</h4>"),
        ("<DIV class=x>a</DIV><div>b</div>", "<p>a</p><p>b</p>"),
        ("<s>a</s><section>b</section>", "<del>a</del><p>b</p>"),
        ("<script>alert(1)</script><style>p{}</style>x", "x"),
        ("<img src=x onerror=alert(1)>", ""),
        ('<img src="javascript:x" alt="Map">', "Map"),
        (
            '<figure><img alt="A map" src="https://a/m.png"/><figcaption>Kent</figcaption></figure>',
            f'<p><a href="https://a/m.png" {REL}>A map</a></p><p>Kent</p>',
        ),
        ("<p>x<sup>2</sup><script>y", "<p>x<sup>2</sup></p>"),
        ('<p dir="rtl" lang="ar">x</p><p dir=x>y</p>', '<p dir="rtl" lang="ar">x</p><p>y</p>'),
        ("<div class=x>a</div><p class=x></p><p>&nbsp;<br></p>", "<p>a</p>"),
        ("<p>a</p><!-- <p>b</p> --><!-- c", "<p>a</p>"),
        ("<svg><script>alert(1)</script></svg>", ""),
        ("<p onclick=alert(1) style='x' id='y' lang='cy'>Helo</p>", '<p lang="cy">Helo</p>'),
        ('<a href="javascript:alert(1)">x</a>', f"<a {REL}>x</a>"),
        ('<a href=" JaVaScRiPt&#58;alert(1)">x</a>', f"<a {REL}>x</a>"),
        ('<a href="data:text/html,x">x</a>', f"<a {REL}>x</a>"),
        ('<a href="/relative" target="_blank" rel="me">x</a>', f'<a href="/relative" {REL}>x</a>'),
        ('<a href="https://a.example/">x</a>', f'<a href="https://a.example/" {REL}>x</a>'),
        ('<a href="mailto:a@b.example">x</a>', f'<a href="mailto:a@b.example" {REL}>x</a>'),
        (
            '<span class="h-card evil"><a class="u-url mention admin" href="https://a/">@bo</a></span>',
            f'<span class="h-card"><a class="u-url mention" href="https://a/" {REL}>@bo</a></span>',
        ),
        ('<ol start="3"><li value="4">x</li></ol>', '<ol start="3"><li value="4">x</li></ol>'),
        ("<p>not closed", "<p>not closed</p>"),
    ],
)
def test_only_what_is_harmless_is_left(found: str, left: str) -> None:
    assert sanitise.clean(found) == left
    assert sanitise.clean(left) == left


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>Tree survey &amp; mapping day</p><p>Bring boots.</p>",
            "Tree survey & mapping day\n\nBring boots.",
        ),
        ("<p>one<br>two<br/>\nthree</p>", "one\ntwo\nthree"),
        ("<p>&amp;amp; &lt;p&gt;</p>", "&amp; <p>"),
        ("<ul><li>a</li><li>b</li></ul>after", "a\nb\n\nafter"),
        ("<h1>Title</h1>text <b>bold</b>\n  more", "Title\n\ntext bold more"),
        ("a&nbsp;b", "a b"),
        ("<script>x</script>y", "y"),
        (
            '<p><a href="https://a/"><span class="invisible">https://</span>a.example</a></p>',
            "https://a.example",
        ),
        ("plain\n\n\n\ntext  here ", "plain\n\ntext here"),
        ("", ""),
    ],
)
def test_the_text_alone_keeps_blocks_and_lines(html: str, text: str) -> None:
    assert sanitise.text_of(html) == text


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<br",
            "<p ",
            " \t",
            "\n ",
            "<div><",
            "&",
            "&#",
            "</",
            "<a href='",
            '<img alt="',
            "<p>x",
            "<p>&nbsp;",
        ),
        # What a parser takes long over: it looks up through all that is open.
        *("<" + "x" * 99_999, "<x" + " a='" * 24_000, "<a " + '"' * 99_000, "<img src" + " " * 90_000),
        *("<rt>", "<b><h3>x", "<dir>", "<pre>x", "<h3><a>", "<s></b>", "<figure><figcaption>", "<td>"),
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    html = piece * (100_000 // len(piece))
    started = time.process_time()
    sanitise.clean(html)
    sanitise.text_of(html)

    assert time.process_time() - started < 0.9, "each takes up to a tenth of that on an idle machine"


def test_no_text_comes_out_many_times_as_long() -> None:
    opened = "".join(f"<b lang=x{number}>" for number in range(32))
    html = f"<p>{opened}</p>" + "<p>x" * 10_000
    assert len(sanitise.clean(html)) < 3 * len(html)


PIECES = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<a href=", "javascript:", '"', "'", ">", "<", "&#58;", "&lt;", "<svg", "<math>",
         "<style>",
         "<h1", "<div ", "/", " onerror=x", "<!--", "-->", "<![CDATA[", "\0", "x", "\n", "<template>", "<br"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None, database=None)
@given(PIECES)
def test_whatever_comes_only_known_tags_leave(html: str) -> None:
    left = sanitise.clean(html)

    tags = re.findall(r"<(/?)([a-z0-9]*)([^>]*)>", left)
    assert {name for _, name, _ in tags} <= SHOWN
    assert left.count("<") == len(tags)
    assert not re.search(r"""<[^>]*(?:href=["']?\s*javascript:|\sonerror=)""", left)
    assert sanitise.clean(left) == left


@pytest.mark.parametrize("tags", ["<ul><li>", "<div>", "<DIV class=x>", "<dl><dd>"])
def test_more_nesting_than_anybody_means_is_left_out_and_its_text_stays(tags: str) -> None:
    deep = f"<p>Before</p>{tags * 12_000}<b>inside</b>"
    assert sanitise.text_of(deep) == "Before\n\ninside"
    assert sanitise.clean(deep).replace(" ", "") == "<p>Before</p>inside"


def test_a_long_list_stays_a_list() -> None:
    items = "<li>one of a thousand</li>" * 990
    assert sanitise.clean(f"<ul>{items}</ul>").count("<li>") == 990
