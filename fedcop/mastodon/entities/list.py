"""List."""

import msgspec

from storage.lists import List as Row


class List(msgspec.Struct, kw_only=True):
    """A list of a person, or that of a community that they joined."""

    id: str
    title: str
    replies_policy: str
    exclusive: bool


def list_(row: Row) -> List:
    """Give a list."""
    return List(id=str(row.id), title=row.title, replies_policy=row.replies, exclusive=row.exclusive)
