"""Know-how on the wire: ours, and what peers may make of it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from activitypub import document, vocab
from activitypub.vocab import registry
from activitypub.vocab.write import KNOW_HOW_CONTEXT
from fedcop.as2 import knowhow
from storage.knowhow import NewKnowHow, NewPart

AT = datetime(2027, 3, 2, 12, tzinfo=UTC)
SOURCES = ["https://kent.example/posts/1", "https://devon.example/posts/2"]
ANN = "https://kent.example/people/ann"
OURS = NewKnowHow(
    licence=knowhow.OPEN_GOVERNMENT,
    review_at=AT,
    parts=tuple(NewPart(uri=uri) for uri in SOURCES),
    people=(ANN,),
)


def read(**more: Any) -> vocab.Post:
    article = {
        "@context": KNOW_HOW_CONTEXT,
        "id": "https://surrey.example/know-how/1",
        "type": "Article",
        "attributedTo": "https://surrey.example/users/sam",
        "name": "Gullies",
    }
    found = registry.read(document.read(msgspec.json.encode(article | more)))
    assert isinstance(found, vocab.Post)
    return found


def test_what_goes_out_comes_in() -> None:
    assert knowhow.know_how_from(read(**knowhow.article_of(OURS))) == OURS


def test_without_a_date_none_is_said() -> None:
    said = knowhow.article_of(msgspec.structs.replace(OURS, review_at=None))
    assert "reviewBy" not in said
    assert knowhow.know_how_from(read(**said)) == msgspec.structs.replace(OURS, review_at=None)


def test_an_article_that_was_made_from_nothing_is_a_text_like_others() -> None:
    assert knowhow.know_how_from(read()) is None
    assert knowhow.know_how_from(read(contributor=[ANN])) is None
    assert knowhow.know_how_from(read(derivedFrom=SOURCES, type="Page")) is None


def test_its_names_are_known_under_their_addresses() -> None:
    context = ["https://www.w3.org/ns/activitystreams", {"src": {"@id": "http://www.w3.org/ns/prov#wasDerivedFrom",
               "@type": "@id"}, "as2name": "as:name"}]  # fmt: skip
    found = knowhow.know_how_from(read(**{"@context": context, "src": SOURCES, "as2name": "x"}))
    assert found is not None
    assert {part.uri for part in found.parts} == set(SOURCES)


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ([ANN, ANN], (ANN,)),
        (ANN, (ANN,)),
        ([{"type": "Person", "id": ANN, "name": "<script>"}], (ANN,)),
        (["javascript:alert(1)", "acct:ann@kent.example", "", 7, None, {"name": "Ann"}], ()),
        ([f"{ANN}{n}" for n in range(500)], tuple(f"{ANN}{n}" for n in range(50))),
    ],
)
def test_people_are_web_addresses_and_not_too_many(said: object, people: tuple[str, ...]) -> None:
    found = knowhow.know_how_from(read(derivedFrom=SOURCES, contributor=said))
    assert found is not None
    assert found.people == people


def test_sources_are_not_too_many() -> None:
    found = knowhow.know_how_from(read(derivedFrom=[f"https://x.example/{n}" for n in range(500)] + ["x:y"]))
    assert found is not None
    assert len(found.parts) == 100


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by/4.0/"),
        (knowhow.COUNCILS_ONLY, knowhow.COUNCILS_ONLY),
        ("javascript:alert(1)", ""),
        (7, ""),
        ("urn:other", ""),
    ],
)
def test_a_licence_is_a_web_address_or_ours(said: object, licence: str) -> None:
    found = knowhow.know_how_from(read(derivedFrom=SOURCES, license=said, reviewBy="soon"))
    assert found is not None
    assert (found.licence, found.review_at) == (licence, None)
