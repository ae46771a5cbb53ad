"""What storage raises."""

import inspect

from storage import errors
from storage.errors import StorageError


def test_everything_that_storage_raises_is_one_family_drawn_at_the_top() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(kind, StorageError) for kind in kinds)
    assert errors.__doc__ is not None
    assert [kind.__name__ for kind in kinds if kind.__name__ not in errors.__doc__] == []
