"""The Kaplan-Meier median."""

import pytest

from fedcop.knowledge.survival import Span, median


@pytest.mark.parametrize(
    ("spans", "wanted"),
    [
        ([], None),
        ([(1, True), (2, True), (3, True)], 2),
        ([(1, True), (2, True), (3, True), (4, True)], 2),
        ([(1, True), (9, False), (9, False)], None),
        ([(1, False), (2, True), (3, True)], 2),
        ([(2, False), (2, True), (3, True)], 3),
    ],
)
def test_what_goes_on_counts_as_at_risk_until_it_is_last_seen(
    spans: list[tuple[float, bool]], wanted: float | None
) -> None:
    assert median(Span(*one) for one in spans) == wanted
