"""What a poll of ours may be, and which votes count."""

from collections.abc import Sequence

import pytest

from fedcop.errors import Invalid
from fedcop.policy import polls


def test_a_poll_within_the_limits_is_taken() -> None:
    polls.ensure_poll(["a", "b"], polls.SHORTEST)
    most = [str(number).zfill(polls.LONGEST_OPTION) for number in range(polls.MOST_OPTIONS)]
    polls.ensure_poll(most, polls.LONGEST)


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        (["a"], 300),
        (["a", "b", "c", "d", "e"], 300),
        (["a", "x" * 51], 300),
        (["a", "a"], 300),
        (["a", "b"], 299),
        (["a", "b"], 2_629_747),
    ],
)
def test_a_poll_beyond_them_is_refused(options: list[str], seconds: int) -> None:
    with pytest.raises(Invalid):
        polls.ensure_poll(options, seconds)


def choose(
    choices: Sequence[int],
    before: Sequence[int] = (),
    *,
    multiple: bool = False,
    own: bool = False,
    ended: bool = False,
) -> None:
    polls.ensure_choice(choices, before, options=3, multiple=multiple, own=own, ended=ended)


def test_votes_that_count() -> None:
    choose([2])
    choose([0, 1], multiple=True)
    choose([2], [0, 1], multiple=True)


@pytest.mark.parametrize(
    ("choices", "before", "multiple", "own", "ended", "words"),
    [
        ([0], [], False, False, True, "ended"),
        ([0], [], False, True, False, "own"),
        ([3], [], False, False, False, "exist"),
        ([-1], [], True, False, False, "exist"),
        ([0], [1], False, False, False, "already"),
        ([0, 1], [], False, False, False, "already"),
        ([0, 1], [1], True, False, False, "already"),
    ],
)
def test_votes_that_do_not(
    choices: list[int], before: list[int], multiple: bool, own: bool, ended: bool, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        choose(choices, before, multiple=multiple, own=own, ended=ended)
