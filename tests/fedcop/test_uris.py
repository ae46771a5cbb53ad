"""The addresses that a node mints."""

from fedcop import uris
from fedcop.uris import Uris

KENT = Uris("https://communities.kent.example", "kent.example")


def test_ids_stand_under_the_base_and_have_no_query_or_trailing_slash() -> None:
    minted = [
        KENT.person("ada"),
        KENT.community("floods"),
        KENT.post(7),
        KENT.activity(8),
        KENT.actor,
        KENT.shared_inbox,
        KENT.tag("draenio ffyrdd"),
        KENT.media("1/a.png"),
        KENT.invitation("s"),
    ]
    floods = KENT.community("floods")
    minted += [uris.inbox_of(floods), uris.outbox_of(floods), uris.followers_of(floods)]
    minted += [uris.following_of(floods), uris.featured_of(floods), uris.facilitators_of(floods)]
    minted += [uris.context_of(KENT.post(7)), uris.replies_of(KENT.post(7))]

    assert len(set(minted)) == len(minted)
    for uri in minted:
        assert KENT.is_ours(uri)
        assert "?" not in uri
        assert " " not in uri
        assert not uri.endswith("/")


def test_keys_are_fragments_of_their_actor() -> None:
    ada = KENT.person("ada")

    assert uris.key_of(ada) == f"{ada}#main-key"
    assert uris.proof_key_of(ada) == f"{ada}#ed25519-key"


def test_the_host_is_that_of_ids_with_a_port_only_where_it_is_unusual() -> None:
    assert KENT.host == "communities.kent.example"
    assert Uris("http://kent.localhost:8001", "kent.localhost:8001").host == "kent.localhost:8001"
    assert Uris("https://kent.example:443", "kent.example").host == "kent.example"


def test_a_name_that_only_begins_like_ours_is_not_ours() -> None:
    assert KENT.is_ours("https://communities.kent.example")
    assert not KENT.is_ours("https://communities.kent.example.evil.example/people/ada")
    assert not KENT.is_ours("http://communities.kent.example/people/ada")


def test_a_row_id_is_a_number_that_a_column_holds() -> None:
    assert uris.row_id_in("116159466700800007") == 116159466700800007
    assert uris.row_id_in(str((1 << 63) - 1)) == (1 << 63) - 1
    for text in (str(1 << 63), "9" * 5000, "-1", "1.0", "", "x", "\u0663"):
        assert uris.row_id_in(text) is None
