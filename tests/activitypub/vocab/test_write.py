"""The contexts under which this node writes."""

import json

import msgspec
import pytest

from activitypub.contexts import WRITTEN
from activitypub.vocab.write import ACTOR_CONTEXT, CONTEXT, write

SHIPPED = {"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"}


def test_what_holds_a_document_of_another_protects_no_term_against_its_context() -> None:
    body = write({"id": "https://a.example/1", "object": msgspec.Raw(b'{ "n": 1.0 }')})

    assert json.loads(body)["@context"] == ["https://www.w3.org/ns/activitystreams"]
    assert body.endswith(b'"object":{ "n": 1.0 }}')


@pytest.mark.parametrize("context", [CONTEXT, ACTOR_CONTEXT])
def test_addresses_that_are_known_stand_before_terms(context: list[object]) -> None:
    *addresses, terms = context

    assert addresses[0] == "https://www.w3.org/ns/activitystreams"
    assert set(addresses) <= SHIPPED | set(WRITTEN)
    assert isinstance(terms, dict)


@pytest.mark.parametrize("context", [CONTEXT, ACTOR_CONTEXT])
def test_every_prefix_is_defined(context: list[dict[str, object]]) -> None:
    terms = context[-1]
    meant = [term.get("@id") if isinstance(term, dict) else term for term in terms.values()]
    prefixes = {str(iri).partition(":")[0] for iri in meant}

    assert prefixes <= {"as", "http", "https", *terms}
