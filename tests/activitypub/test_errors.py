"""Whose fault it is, and how an inbox answers it."""

import pytest

from activitypub import errors


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (errors.Malformed, 400),
        (errors.Unsigned, 401),
        (errors.Stale, 401),
        (errors.WrongOrigin, 403),
        (errors.TooLarge, 413),
        (errors.WrongType, 415),
    ],
)
def test_each_fault_of_a_peer_has_its_answer(fault: type[errors.RemoteFault], status: int) -> None:
    assert fault.status == status
    assert issubclass(fault, errors.RemoteFault)


def test_a_bug_of_ours_is_no_fault_of_a_peer() -> None:
    assert not issubclass(errors.LocalFault, errors.RemoteFault)
    assert issubclass(errors.LocalFault, errors.ProtocolFault)
