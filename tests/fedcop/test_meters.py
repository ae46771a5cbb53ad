"""What a process counts."""

import pytest

from fedcop.meters import SECONDS, Durations, Meters, door_of


def test_durations_are_counted_up_to_each_time() -> None:
    durations = Durations()
    for seconds in (0.001, 0.005, 0.3, 60.0):
        durations.add(seconds)
    buckets = dict(durations.buckets())
    assert (buckets["0.005"], buckets["0.25"], buckets["0.5"], buckets["10.0"], buckets["+Inf"]) == (
        2,
        2,
        3,
        3,
        4,
    )
    assert len(buckets) == len(SECONDS) + 1
    assert durations.total == pytest.approx(60.306)


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/inbox", "inbox"),
        ("/people/ada/inbox", "inbox"),
        ("/api/v1/statuses", "client"),
        ("/oauth/token", "client"),
        ("/media/1/a.png", "media"),
        ("/.well-known/webfinger", "wellknown"),
        ("/metrics", "probe"),
        ("/", "page"),
        ("/anything/that/somebody/makes/up", "page"),
    ],
)
def test_however_many_addresses_are_asked_for_the_doors_are_few(path: str, door: str) -> None:
    assert door_of(path) == door


def test_requests_are_counted_by_door_and_kind_of_answer() -> None:
    meters = Meters()
    for status in (200, 202, 404):
        meters.answered("/inbox", status, 0.01)
    assert {key: sum(durations.counts) for key, durations in meters.requests.items()} == {
        ("inbox", "2xx"): 2,
        ("inbox", "4xx"): 1,
    }
