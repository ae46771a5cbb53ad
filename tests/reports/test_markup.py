"""Pages as selectors look at them."""

from tests.reports.markup import Markup

PAGE = """<!doctype html><html lang="en-GB"><head><title> Kent </title><style>p {}</style></head><body>
<h1>Makers</h1>
<article><h2><a href="/1">Tree <b>survey</b> &amp; mapping</a></h2><p>One<br>two</p></article>
<article><h2>Second</h2><img src="a" alt="Plan"><img src="b" alt=""><img src="c"></article>
<p><bdi>Cal</bdi> and Bea, not Beatrice</p><p dir="auto">Cal wrote this</p>
<form><label for="n">Name</label><input id="n"><input name="q"><input type="hidden" name="csrf">
<label>Town <input name="t"></label><input type="submit" value="Send">
<a href="/x"><img src="i" alt="Home"></a>
<a href="/y"><span aria-hidden="true">15</span></a><button aria-label="Reply to Bea" disabled></button>
<a name="here"></a><select title="Sort"></select></form><p hidden>secret</p></body></html>"""


def test_the_text_is_what_is_seen() -> None:
    page = Markup(PAGE)

    assert "Tree survey & mapping One two" in page.text
    assert "secret" not in page.text
    assert "Kent" not in page.text
    assert (page.lang, page.title, page.h1) == ("en-GB", "Kent", ["Makers"])
    assert page.thread_title == "Tree survey & mapping"
    assert page.img_alts == ["Plan", "", None, "Home"]


def test_a_control_is_named_by_its_label_its_text_or_its_picture() -> None:
    unnamed = Markup(PAGE).controls_without_name

    assert unnamed == ["<input name='q'>", "<a href='/y'>"]


def test_a_button_is_found_by_its_name() -> None:
    page = Markup(PAGE)

    assert page.button("Send") is not None
    found = page.button("reply to")
    assert found is not None
    assert "disabled" in found.attributes
    assert page.button("Delete") is None


def test_a_name_is_looked_for_where_it_would_turn_the_line_round() -> None:
    page = Markup(PAGE)

    assert page.names_outside_bdi(["Cal"]) == []
    assert page.names_outside_bdi(["Bea"]) == ["and Bea, not Beatrice"]
    assert Markup("<p>x cal \u202egnol y</p>").names_outside_bdi(["cal \u202egnol"]) != []


def test_tags_that_are_not_closed_do_no_harm() -> None:
    assert Markup("<p>a<p>b</i></p></div>c").text == "a b c"
