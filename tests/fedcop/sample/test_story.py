"""The story holds together: whoever acts exists, and may speak where they speak."""

from pathlib import Path

from fedcop.sample import story
from storage import migrate, open_store, service_list


def test_everybody_who_acts_exists_and_belongs_where_they_speak() -> None:
    told = story.read()

    for thread in [*told.threads, *told.later]:
        speakers = {thread.by, *(reply.by for reply in thread.replies)}
        assert speakers <= set(told.people)
        if thread.community:
            members = {*told.members[thread.community], told.communities[thread.community].facilitator}
            assert speakers <= members, thread.text


def test_communities_and_people_have_a_council_and_no_two_share_a_handle() -> None:
    told = story.read()

    assert {community.council for community in told.communities.values()} <= set(told.councils)
    assert {person.council for person in told.people.values()} == set(told.councils)
    assert not set(told.people) & set(told.communities)
    assert len({council.port for council in told.councils.values()}) == len(told.councils)


def test_who_answers_outside_communities_follows_whom_they_answer() -> None:
    told = story.read()

    for thread in told.threads:
        if not thread.community:
            name = f"{thread.by}@{told.people[thread.by].council}"
            assert all(name in told.follows[reply.by] for reply in thread.replies)


def test_there_is_enough_to_watch() -> None:
    told = story.read()

    assert len(told.people) >= 30
    assert len(told.communities) >= 4
    assert sum(1 + len(thread.replies) for thread in told.threads) >= 24
    assert all("{n}" in thread.text for thread in told.later)


def test_one_approval_only_community_has_somebody_waiting() -> None:
    told = story.read()

    for slug, who in told.waiting.items():
        assert told.communities[slug].join == "approval"
        assert who not in told.members[slug]
    assert told.waiting


async def test_what_people_know_and_look_for_is_on_the_list_that_ships(tmp_path: Path) -> None:
    migrate.migrate(f"sqlite:{tmp_path / 'fedcop.db'}")
    store = await open_store(f"sqlite:{tmp_path / 'fedcop.db'}")
    people = story.read().people.values()
    said = {name.lower() for person in people for name in (*person.services, *person.needs)}
    found = await store.read(service_list.named, said)
    await store.close()
    assert said - set(found) == set()
    assert all(person.services and person.needs for person in people)
