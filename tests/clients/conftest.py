"""Real nodes for real clients: made and served by the command line, each in its own process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.site import free_port
from fedcop.sample.council import Site
from fedcop.sample.story import Council

ENDS_WITHIN = 15

Serve = Callable[[list[Site]], None]


def site(slug: str, folder: Path, *, port: int = 0) -> Site:
    """Give a council at ``SLUG.localhost`` and a port, a free one unless it is said."""
    council = Council(name=slug.title(), description="", port=port or free_port())
    return Site(slug, council, folder, tls=None)


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Give what serves nodes that are made, until the tests are over."""
    served: list[Site] = []

    def _serve(sites: list[Site]) -> None:
        served.extend(sites)
        for each in sites:
            each.start()
        for each in sites:
            each.wait_until_ready()

    yield _serve
    for each in served:
        each.end()
    statuses = [each.process.wait(ENDS_WITHIN) for each in served if each.process]
    assert statuses == [0] * len(served)
