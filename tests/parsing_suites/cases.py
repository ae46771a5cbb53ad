"""The cases of two published suites, each as the activity that a peer sends.

``funfedi-parsing-test-cases`` builds activities, ``fediverse-pasture-inputs`` gives the properties in which
a Note differs from the usual. Both are installed without what they require (pyproject.toml says why); of
that they use two names here, for which ``_stand_in`` gives something.
"""

import json
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import msgspec

from tests.support.speak import PUBLIC

WRITTEN_FOR = "http://pasture-one-actor"  # the sender whom fediverse-pasture-inputs names throughout
AT = "2026-03-02T11:00:00Z"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case; ``marked`` is what its suite says of it, ``recommended`` or nothing."""

    suite: str
    name: str
    marked: str
    activity: dict[str, Any]
    object_id: str

    @property
    def title(self) -> str:
        """Give by what the case is known in the list of what is shown."""
        return f"{self.suite} / {self.name}"


def _stand_in(name: str, **given: Any) -> None:
    module = ModuleType(name)
    for key, value in given.items():
        setattr(module, key, value)
    sys.modules.setdefault(name, module)


@cache
def _load() -> None:
    for package in ("bovine", "fediverse_pasture", "fediverse_pasture.runner"):
        _stand_in(package)
    _stand_in("bovine.utils", now_isoformat=lambda: AT)
    _stand_in("fediverse_pasture.runner.entry", Entry=object)


def cases(sender: dict[str, Any], receiver: str) -> list[Case]:
    """Give every case, sent by ``sender``, an actor's document, to the person ``receiver``."""
    _load()
    return [*_built(sender, receiver), *_inputs(sender["id"], receiver)]


def _built(sender: dict[str, Any], receiver: str) -> Iterator[Case]:
    import funfedi_parsing_test_cases as suites  # noqa: PLC0415 - after its stand-ins

    environment = suites.Environment(sending_actor_profile=sender, receiving_actor=receiver)
    for suite in (suites.activity_suite, suites.notes_suite, suites.event_suite, suites.poll_suite):
        for part, found in suite.tests.items():
            for case in found:
                made = case.maker.to_send(environment)
                yield Case(
                    suite=f"{suite.name}: {suite.titles[part]}",
                    name=case.name,
                    marked="recommended" if case.status == suites.TestCaseStatus.recommended else "",
                    activity=made.activity,
                    object_id=made.object_id,
                )


def _inputs(sender: str, receiver: str) -> Iterator[Case]:
    from fediverse_pasture_inputs import available  # noqa: PLC0415 - after its stand-ins

    base = sender.partition("/users/")[0]
    for name, data in sorted(available.items()):
        for number, example in enumerate(data.examples):
            changed = json.loads(
                json.dumps(example).replace(f"{WRITTEN_FOR}/actor", sender).replace(WRITTEN_FOR, base)
            )
            uri = f"{base}/inputs/{name}/{number}"
            note = _note(uri, sender, receiver) | changed
            yield Case(
                suite=data.title,
                name=f"{number} {_label(example)}",
                marked="recommended" if _is_recommended(data, example) else "",
                activity=_create(uri, sender, receiver, {k: v for k, v in note.items() if v is not None}),
                object_id=uri,
            )


def _note(uri: str, sender: str, receiver: str) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "Note",
        "attributedTo": sender,
        "to": [PUBLIC, receiver],
        "cc": [],
        "published": AT,
    }


def _create(uri: str, sender: str, receiver: str, note: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": note.get("@context", "https://www.w3.org/ns/activitystreams"),
        "id": f"{uri}/create",
        "type": "Create",
        "actor": sender,
        "to": [PUBLIC, receiver],
        "cc": [],
        "object": note,
    }


def _is_recommended(data: Any, example: dict[str, Any]) -> bool:
    # Of the recommended attachments the last 'cannot be recommended yet', as that suite says itself.
    return data.group == "Recommended Objects" and not example["content"].startswith("Multiple formats")


def _label(example: dict[str, Any]) -> str:
    """Give what tells an example from its neighbours: its words, or else the property it varies."""
    words = example.get("content")
    if isinstance(words, str) and words not in ("text", "See summary", "content"):
        return " ".join(words.split())
    return json.dumps({k: v for k, v in example.items() if k != "content"}, ensure_ascii=False)[:120]
