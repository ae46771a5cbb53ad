"""List."""

from fedcop.mastodon.entities.list import list_
from storage.lists import List


def test_an_id_is_text() -> None:
    entity = list_(List(id=7, title="Drains", replies="none", exclusive=True, community_id=None))
    assert (entity.id, entity.replies_policy, entity.exclusive) == ("7", "none", True)
