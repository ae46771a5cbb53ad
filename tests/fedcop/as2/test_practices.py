"""What somebody does: as lines of a profile in two languages, and on the wire."""

import pytest

from activitypub.vocab import Actor as Found
from activitypub.vocab import Attachment
from activitypub.vocab.objects import Tag
from fedcop.as2 import practices
from fedcop.uris import Uris
from storage.practices import Practice
from storage.service_list import Service

URIS = Uris("https://kent.example", "kent.example")
PARKING = Service("function/110", "Parking", "Parcio", "function/105")
GRIT = Service("service/561", "Gritting", "Graeanu", "function/109")
HOUSES = Service("service/7", "Care homes, supported and sheltered housing", "", "function/58")
LISTED = {
    name.lower(): row for row in (PARKING, GRIT, HOUSES) for name in (row.label, row.label_cy) if name
}  # fmt: skip


def test_lines_say_what_somebody_does_in_either_language() -> None:
    practice = Practice(
        role="Engineer",
        areas=("function/105",),
        offers=("function/110", "service/561"),
        names={"function/110": "Parcio", "service/561": "Graeanu"},
    )
    assert practices.lines_of(practice, "Cyngor Sir Powys", "cy") == [
        ("Rôl", "Engineer"),
        ("Cyngor", "Cyngor Sir Powys"),
        ("Maes gwasanaeth", "function/105"),
        ("Gofynnwch i mi am", "Parcio, Graeanu"),
    ]
    assert [name for name, _ in practices.lines_of(practice, "", "en")] == [
        "Role", "Service area", "Ask me about",
    ]  # fmt: skip
    assert practices.lines_of(Practice(), "", "en") == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_the_lines_say_is_read_again(language: str) -> None:
    lines = [
        ("role :", "Head  of Roads"),
        ("ASK ME ABOUT", "parking; Care homes, supported and sheltered housing"),
        ("Chwilio  am", "graeanu, Parking"),
        ("Website", "https://kent.example"),
    ]
    assert {"parking", "graeanu", "Parking", HOUSES.label} <= practices.labels_in(lines)
    read = practices.read_lines(lines, LISTED, language)
    assert read.practice == Practice(
        role="Head of Roads",
        offers=("function/110", "service/7"),
        needs=("service/561", "function/110"),
        names={
            row.id: row.label_cy if language == "cy" and row.label_cy else row.label
            for row in (PARKING, HOUSES, GRIT)
        },
    )
    assert read.rest == (("Website", "https://kent.example"),)
    again = practices.read_lines(practices.lines_of(read.practice, "", language), LISTED, language)
    assert again.practice == read.practice


def test_what_is_on_no_list_stays_a_line_of_its_own() -> None:
    lines = [
        ("Ask me about", "Parking, space lasers, tea"),
        ("Role", "Engineer"),
        ("Role", "Poet"),
        ("Rôl", "x" * 101),
        ("Council", "Kent"),
        ("", ""),
    ]
    read = practices.read_lines(lines, LISTED, "en")
    assert (read.practice.role, read.practice.offers, read.council) == ("Engineer", ("function/110",), "Kent")
    assert read.rest == (
        ("Ask me about", "space lasers, tea"), ("Role", "Poet"), ("Rôl", "x" * 101), ("", ""),
    )  # fmt: skip


def test_a_practice_goes_out_as_links_and_hashtags() -> None:
    practice = Practice(
        council="W06000023",
        offers=("function/34",),
        needs=("function/34", "service/722"),
        names={"function/34": "Environmental health", "service/722": "FOI requests"},
    )
    tags = practices.tags_of(practice, URIS)
    link = {"type": "Link", "href": "http://id.esd.org.uk/function/34", "name": "Environmental health"}
    assert tags[0] == link | {"rel": "urn:x-fedcop:offers"}
    assert tags[1] == link | {"rel": "urn:x-fedcop:needs"}
    assert tags[3] == {
        "type": "Link",
        "rel": "urn:x-fedcop:council",
        "href": "http://statistics.data.gov.uk/id/statistical-geography/W06000023",
    }
    assert tags[4:] == [
        {
            "type": "Hashtag",
            "href": "https://kent.example/tags/environmentalhealth",
            "name": "#EnvironmentalHealth",
        },
        {"type": "Hashtag", "href": "https://kent.example/tags/foirequests", "name": "#FOIRequests"},
    ]
    assert practices.tags_of(Practice(), URIS) == []
    read = practices.practice_from(_found([Tag(**tag) for tag in tags]))
    assert read == practice


def _found(tags: list[Tag], *lines: tuple[str, str]) -> Found:
    return Found(
        id="https://york.example/users/ben",
        type="Person",
        tag=tuple(tags),
        attachment=tuple(Attachment(type="PropertyValue", name=name, value=text) for name, text in lines),
    )


def _link(rel: str, href: str, name: str | None = "x", kind: str = "Link") -> Tag:
    return Tag(type=kind, rel=rel, href=href, name=name)


@pytest.mark.parametrize(
    "tag",
    [
        _link("urn:x-fedcop:offers", "https://evil.example/function/34"),
        _link("urn:x-fedcop:offers", "http://id.esd.org.uk/function/34/../../x"),
        _link("urn:x-fedcop:offers", "http://id.esd.org.uk/function/12345678"),
        _link("urn:x-fedcop:offers", "http://id.esd.org.uk.evil.example/function/34"),
        _link("urn:x-fedcop:owns", "http://id.esd.org.uk/function/34"),
        _link("urn:x-fedcop:role", "http://id.esd.org.uk/function/34"),
        _link("urn:x-fedcop:offers", "http://id.esd.org.uk/function/34", kind="Hashtag"),
        _link("urn:x-fedcop:council", "https://evil.example/W06000023"),
        _link("urn:x-fedcop:council", "http://statistics.data.gov.uk/id/statistical-geography/<b>"),
        Tag(type="Link"),
    ],
)
def test_what_is_foreign_is_left_out(tag: Tag) -> None:
    assert practices.practice_from(_found([tag])) == Practice()


def test_too_much_is_trimmed_and_script_is_text() -> None:
    links = [
        _link("urn:x-fedcop:offers", f"http://id.esd.org.uk/function/{n}", "<script>x</script>\n\u202e" * 50)
        for n in range(300)
    ]
    read = practices.practice_from(_found(links, ("Role", "<script>x()</script><b>Engineer</b>" * 50)))
    assert len(read.offers) == practices.MOST["offers"] == len(read.names)
    assert all(len(name) <= 200 and "\n" not in name and "\u202e" not in name for name in read.names.values())
    assert "<" not in read.role
    assert len(read.role) <= practices.LONGEST_ROLE
