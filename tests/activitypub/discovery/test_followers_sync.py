import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.discovery.followers_sync import Synchronization, digest_of, read
from activitypub.errors import Malformed, RemoteFault, WrongOrigin

ANA = "https://hub.kent.example/u/ana"
STATED = Synchronization(collection=f"{ANA}/followers", url=f"{ANA}/followers/here", digest="0f" * 32)


def stated(header: str) -> Synchronization:
    return read(header, signer=ANA, followers=f"{ANA}/followers")


@pytest.mark.parametrize(
    ("uris", "digest"),
    [
        # The vector of FEP-8fcf, and that of federation.md 4.7.
        (
            ["https://testing.example.org/users/1", "https://testing.example.org/users/2"],
            "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f",
        ),
        (
            ["https://hub.kent.example/u/ana", "https://hub.kent.example/u/bo"],
            "2d301f1901bae5331b498cfa7fb635d9912e8b38171a14d16d1d673a87f0ef48",
        ),
        ([], "0" * 64),
    ],
)
def test_the_published_digests_are_made(uris: list[str], digest: str) -> None:
    assert digest_of(uris) == digest
    assert digest_of(reversed(uris)) == digest
    assert digest_of(uris + uris) == digest, "a set has nobody twice"


def test_a_header_is_written_and_read() -> None:
    assert STATED.header == (
        f'collectionId="{ANA}/followers", url="{ANA}/followers/here", digest="{"0f" * 32}"'
    )
    assert stated(STATED.header) == STATED
    assert stated(STATED.header.replace("0f", "0F")) == STATED


@pytest.mark.parametrize(
    ("collection", "url", "digest", "fault"),
    [
        (f"{ANA}/following", STATED.url, STATED.digest, Malformed),
        ("https://hub.kent.example/u/bo/followers", STATED.url, STATED.digest, Malformed),
        (STATED.collection, "https://rogue.example/u/ana/followers", STATED.digest, WrongOrigin),
        (STATED.collection, "http://hub.kent.example/u/ana/followers", STATED.digest, WrongOrigin),
        (STATED.collection, STATED.url, "0f" * 31, Malformed),
        (STATED.collection, STATED.url, "zz" * 32, Malformed),
    ],
)
def test_an_actor_speaks_for_its_own_followers_within_its_origin_only(
    collection: str, url: str, digest: str, fault: type[RemoteFault]
) -> None:
    with pytest.raises(fault):
        stated(Synchronization(collection=collection, url=url, digest=digest).header)


def test_whose_collection_is_not_known_says_nothing() -> None:
    with pytest.raises(Malformed):
        read(STATED.header, signer=ANA, followers=None)


@pytest.mark.parametrize("header", ["", "nonsense", f'collectionId="{ANA}/followers"', 'url="a", url="b"'])
def test_a_header_that_lacks_something_is_malformed(header: str) -> None:
    with pytest.raises(Malformed):
        stated(header)


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_is_read_or_refused(header: str) -> None:
    with pytest.raises(RemoteFault):
        stated(header)
