"""What processes tell each other."""

from storage import postgres_news
from storage.engine import Change
from storage.postgres_news import News


def test_what_was_said_is_heard_as_it_was_meant() -> None:
    change = Change("notification", (1 << 62) + 1, frozenset({5, 1 << 62}))
    lines = postgres_news.lines_of(3, ["received", "deliveries", "received"], [change])
    assert [postgres_news.read(line) for line in lines] == [
        News(3, subject="received"),
        News(3, subject="deliveries"),
        News(3, change=change),
    ]


def test_whom_it_concerns_is_never_left_out_however_many_they_are() -> None:
    readers = frozenset((1 << 62) + n for n in range(1000))
    lines = postgres_news.lines_of(0, [], [Change("conversation", 1, readers)])
    assert max(map(len, lines)) < 7500, "PostgreSQL takes 8000 bytes"
    heard = [news.change for line in lines if (news := postgres_news.read(line)) is not None]
    assert frozenset().union(*[one.readers or () for one in heard if one is not None]) == readers
    assert all(one is not None and one.readers for one in heard)


def test_what_is_not_ours_is_nothing() -> None:
    assert [postgres_news.read(line) for line in ("", "hello", "[]", '[1,{"a":2}]', "[1,null,[1]]")] == [
        None
    ] * 5
