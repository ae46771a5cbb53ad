"""Who is at work on a PostgreSQL database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import lock
from storage.errors import Unavailable
from tests.support import databases

pytestmark = pytest.mark.skipif(not databases.SERVER, reason="needs a PostgreSQL server")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield databases.url_of(tmp_path)
    databases.give_back(tmp_path)


def test_who_wants_it_alone_waits_for_nobody(url: str) -> None:
    with lock.alone(url), pytest.raises(Unavailable, match="another process works on this"), lock.alone(url):
        pass
    with lock.alone(url):
        pass
