"""Actors of this node."""

import pytest

from fedcop.actions import local_actor
from fedcop.errors import Invalid


@pytest.mark.parametrize("handle", ["a", "highways_2", "0", "x" * 30])
def test_a_handle_is_of_small_letters_digits_and_underscores(handle: str) -> None:
    local_actor.ensure_handle(handle)


@pytest.mark.parametrize("handle", ["", "A", "a-b", "a.b", "é", "a\n", "x" * 31])
def test_what_is_no_handle_is_refused(handle: str) -> None:
    with pytest.raises(Invalid, match="wanted 1 to 30"):
        local_actor.ensure_handle(handle)


@pytest.mark.parametrize("handle", sorted(local_actor.RESERVED))
def test_a_reserved_handle_is_refused(handle: str) -> None:
    with pytest.raises(Invalid, match="reserved"):
        local_actor.ensure_handle(handle)


@pytest.mark.parametrize("name", ["A", "Siân Morris 👩‍💻", "x" * 100])
def test_a_name_is_one_line_of_text(name: str) -> None:
    local_actor.ensure_named(name)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\x1b[31m", "a\x7f", "a\u2028b"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="name: found"):
        local_actor.ensure_named(name)
