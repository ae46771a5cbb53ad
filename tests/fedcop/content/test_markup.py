"""What people type to the HTML that federates."""

import re
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedcop.content import markup
from fedcop.content.markup import MentionLink
from fedcop.content.sanitise import REL

BO = MentionLink(url="https://leeds.example/@bo", uri="https://leeds.example/people/bo", handle="bo")
KENT = "https://kent.example"


def tag_url(name: str) -> str:
    return f"{KENT}/tags/{name}"


def html(text: str, **mentions: MentionLink) -> str:
    return markup.html_of(text, {(name, None): link for name, link in mentions.items()}, tag_url)


def link(url: str, text: str | None = None) -> str:
    return f'<a href="{url}" rel="{REL}">{text or url}</a>'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one\ntwo\r\nthree\n\nfour", "<p>one<br>two<br>three</p><p>four</p>"),
        ("**b** *i* `a` b_c_d 5 * 3", "<p><strong>b</strong> <em>i</em> <code>a</code> b_c_d 5 * 3</p>"),
        ("- a\n- b\n\n1. x", "<ul><li>a</li><li>b</li></ul><ol><li>x</li></ol>"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("```\na < b\n  c\n```", "<pre><code>a &lt; b\n  c\n</code></pre>"),
        ("# Head\n\n### Sub", "<h3>Head</h3><h4>Sub</h4>"),
        ("[fees](https://a.example/x)", f"<p>{link('https://a.example/x', 'fees')}</p>"),
        ("<https://a.example/x>", f"<p>{link('https://a.example/x')}</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_light_markdown_is_understood(text: str, found: str) -> None:
    assert html(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>x</b> &amp; &lt;", "<p>&lt;b&gt;x&lt;/b&gt; &amp;amp; &amp;lt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("Title\n===\nx", "<p>Title<br>===<br>x</p>"),
        ("x\n\n---\n\ny", "<p>x</p><p>---</p><p>y</p>"),
        ("    indented", "<p>indented</p>"),
        ("[a]: https://a.example", f"<p>[a]: {link('https://a.example')}</p>"),
        ("![i](https://a.example/i.png)", f"<p>!{link('https://a.example/i.png', 'i')}</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](data:text/html,x)", "<p>![x](data:text/html,x)</p>"),
        ("[x](y) []() [*a*](<>)", "<p>[x](y) []() [<em>a</em>](&lt;&gt;)</p>"),
        ("[](https://a.example)", f"<p>{link('https://a.example')}</p>"),
    ],
)
def test_nothing_that_somebody_types_vanishes(text: str, found: str) -> None:
    assert html(text) == found


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://a.example/x_y_/?a=1&b=2#z, ok", ["https://a.example/x_y_/?a=1&amp;b=2#z"]),
        ("(https://en.example/Foo_(bar)).", ["https://en.example/Foo_(bar)"]),
        ("**http://a.example** *https://b.example/*", ["http://a.example", "https://b.example/"]),
        ("x:https://a.example", ["https://a.example"]),
        ("https://kent.localhost:8001/p/1!", ["https://kent.localhost:8001/p/1"]),
        ("HTTPS://A.example", ["HTTPS://A.example"]),
        ("https://... https[://a](https://b.example)", ["https://b.example"]),
        ("https:// http: //a.example ahttps://a.example ftp://a.example", []),
        ("`https://a.example` [https://a.example](https://b.example)", ["https://b.example"]),
        ("https://a.example\nhttps://b.example", ["https://a.example", "https://b.example"]),
    ],
)
def test_web_addresses_become_links(text: str, urls: list[str]) -> None:
    assert re.findall('href="([^"]*)"', html(text)) == urls


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("@bo, @Bo. (@bo) @bo's", [("bo", None)] * 4),
        ("@drainage@kent.localhost:8001", [("drainage", "kent.localhost:8001")]),
        ("@drainage@localhost:80", [("drainage", "localhost:80")]),
        ("!road_safety@Kent.example: hi", [("road_safety", "kent.example")]),
        ("@a.b-c@x.gov.uk. @ana@höhe.example", [("a.b-c", "x.gov.uk"), ("ana", "höhe.example")]),
        ("@bo@leeds.example:8001", [("bo", "leeds.example")]),
        ("**@bo** [*]\n@cy", [("bo", None), ("cy", None)]),
        ("a@b.example !important @@bo /@bo @bo@kent @boŵ @ @-a", []),
        ("`@bo` [@bo](https://a.example) https://a.example/@bo", []),
        ("```\n@bo\n```", []),
    ],
)  # fmt: skip
def test_mentions_are_found(text: str, mentions: list[tuple[str, str | None]]) -> None:
    assert list(markup.found(text).mentions) == mentions


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Ffyrdd #DŵrBudr, #a1 (#x)", ["Ffyrdd", "DŵrBudr", "a1", "x"]),
        ("#道路 #МАКЕТ #col·laboració", ["道路", "МАКЕТ", "col·laboració"]),
        ("#2024 # #- ##x a#b /#c &#d; https://a.example/#e", []),
        ("`#x` [#x](https://a.example)", []),
        ("#tag at the start of a line is no heading", ["tag"]),
    ],
)
def test_hashtags_are_found_in_any_script(text: str, tags: list[str]) -> None:
    assert list(markup.found(text).tags) == tags


def test_a_mention_is_a_link_that_mastodon_recognises() -> None:
    anchor = f'<a href="{BO.url}" class="u-url mention" rel="{REL}">@<span>bo</span></a>'

    assert html("Hi @bo!", bo=BO) == f'<p>Hi <span class="h-card">{anchor}</span>!</p>'


def test_whoever_was_not_found_stays_as_typed() -> None:
    assert html("Hi @Cy@x.example &", bo=BO) == "<p>Hi @Cy@x.example &amp;</p>"


def test_a_hashtag_is_a_link_to_the_page_of_its_key() -> None:
    assert html("#DŵrBudr") == (
        f'<p><a href="{KENT}/tags/dwrbudr" class="mention hashtag" rel="tag">#<span>DŵrBudr</span></a></p>'
    )


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Català", "catala"),
        ("ＭＡＫＥＲＳ", "makers"),
        ("GŴYL", "gwyl"),
        ("Straße", "strasse"),
        ("Việt", "viet"),
        ("Αθήνα", "αθήνα"),
        ("हिन्दी", "हिन्दी"),
        ("がくせい", "がくせい"),
    ],
)
def test_accents_are_folded_away_from_latin_letters_only(name: str, key: str) -> None:
    assert markup.tag_key(name) == key
    assert markup.tag_key(key) == key


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("Tree survey\n\nBring boots.\n\nAnd gloves.", "Tree survey", "Bring boots.\n\nAnd gloves."),
        ("Tree survey & mapping <day>", "Tree survey & mapping <day>", ""),
        ("@makers@kent.example Tree  survey\nat ten\n \nx", "Tree survey at ten", "x"),
        ("@makers\n\n@bo Tree !makers@kent.example survey", "@bo Tree survey", ""),
        ("@MAKERS **Tree** `survey` [here](https://a.example/)\n\nx", "Tree survey here", "x"),
        ("# Tree survey\n\n- a\n- b", "Tree survey", "- a\n- b"),
        ("- a\n- b", "a b", ""),
        ("https://a.example/x_y_z why?", "https://a.example/x_y_z why?", ""),
        ("#tag @makers2 x", "#tag @makers2 x", ""),
        ("@makers", "", "@makers"),
        ("", "", ""),
    ],
)
def test_the_first_block_is_the_title(text: str, title: str, rest: str) -> None:
    assert markup.title_of(text, "", "makers") == (title, rest)


def test_a_title_given_leaves_the_text_whole() -> None:
    assert markup.title_of("@makers Text\n\nx", " My\n title ", "makers") == ("My title", "@makers Text\n\nx")
    assert markup.title_of("Text\n\nx", " ", "makers") == ("Text", "x")


def test_a_long_title_is_cut_at_a_word_and_the_body_is_everything() -> None:
    fits = "word " * 39 + "12345"
    text = "word " * 39 + "123456\n\nx"

    assert markup.title_of(fits + "\n\nx", "", "makers") == (fits, "x")
    assert markup.title_of(text, "", "makers") == (("word " * 39).strip(), text)
    assert markup.title_of("y" * 300, "", "makers") == ("y" * 200, "y" * 300)
    assert markup.title_of("x", "word " * 60, "makers")[0] == ("word " * 40).strip()


@pytest.mark.parametrize(
    "piece", ["@a@b.", "#", "@", "https://", "*", "[", "`", "> ", "- ", "@a-", "_a", "\n ", "<", ":", "://x"]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    started = time.process_time()
    markup.found(text)
    html(text)
    markup.title_of(text, "", "makers")

    assert time.process_time() - started < 4, "each takes up to a tenth of that on an idle machine"


KNOWN = {"p", "br", "a", "span", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4"}
MARKS = ["*", "_", "`", "[", "](", ")", "<", ">", '"', "&", "!", "\\", "#", "- ", "1. ", " ", "\n", "\0"]
WORDS = ["@bo", "#x", "https://a.example/", "javascript:alert(1)", "x", "<b onclick=x>"]
PIECES = st.lists(st.sampled_from(MARKS + WORDS), max_size=14).map("".join)


@settings(max_examples=150, deadline=None, database=None)
@given(PIECES)
def test_whatever_is_typed_the_html_is_harmless(text: str) -> None:
    for name, rest in re.findall(r"<(\w+)([^>]*)>", html(text, bo=BO)):
        assert name in KNOWN
        assert re.fullmatch(
            r"""|( href="https?://[^"]*"| class="[a-z -]*"| rel="[a-z ]*"| start="\d+")*""", rest
        )


def test_the_parser_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys, fedcop.content.markup as m; m.title_of('x', '', ''); print('markdown_it' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"
