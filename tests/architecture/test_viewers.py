"""Nothing of posts, people, members, media or counts is read without saying who reads (design 1)."""

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator

import pytest

import storage
from storage.actors import Actor, Listed
from storage.communities import Community, CommunityView
from storage.engine import Reader
from storage.events import Event
from storage.follows import Relationship
from storage.media import Media
from storage.memberships import Request
from storage.notifications import Notification
from storage.polls import Poll
from storage.posts import Post, Revision
from storage.quotes import Quote, Stamp
from storage.views import PostView
from storage.visible import Viewer

# What nobody may be given without the rule of storage/visible.py.
GUARDED = frozenset(
    {
        Actor,
        Community,
        CommunityView,
        Event,
        Listed,
        Media,
        Notification,
        Poll,
        Post,
        PostView,
        Quote,
        Relationship,
        Request,
        Revision,
        Stamp,
    }
)


def _readers() -> Iterator[tuple[str, Callable[..., object]]]:
    """Give every function of storage that reads and changes nothing."""
    for module_info in pkgutil.iter_modules(storage.__path__):
        module = importlib.import_module(f"storage.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction):
            first = next(iter(inspect.signature(function).parameters.values()), None)
            of_here = function.__module__ == module.__name__ and not name.startswith("_")
            if of_here and first is not None and first.annotation is Reader:
                yield f"{module_info.name}.{name}", function


READERS = dict(_readers())


def _types_in(hint: object) -> Iterator[object]:
    yield hint
    for part in typing.get_args(hint):
        yield from _types_in(part)


def _is_guarded(name: str, function: Callable[..., object]) -> bool:
    given = set(_types_in(typing.get_type_hints(function)["return"]))
    verb = name.rpartition(".")[2]
    return bool(given & GUARDED) or verb.startswith("count_") or verb.endswith("_count")


@pytest.mark.parametrize("name", sorted(READERS))
def test_who_reads_is_said(name: str) -> None:
    parameters = list(inspect.signature(READERS[name]).parameters.values())
    if _is_guarded(name, READERS[name]):
        assert (parameters[1].name, parameters[1].annotation) == ("viewer", Viewer)


def test_the_rule_is_looked_for_where_it_matters() -> None:
    """The list of guarded types is not empty of what it is for."""
    guarded = {name for name, function in READERS.items() if _is_guarded(name, function)}
    assert guarded >= {
        "actors.find",
        "entries.boosters",
        "media.find",
        "memberships.members_count",
        "notifications.page",
        "posts.find",
        "timelines.home_views",
        "views.views",
    }
