"""Activities as they are read."""

import json

from activitypub import document
from activitypub.vocab import Activity, registry

BO = "https://leeds.example/people/bo"


def read(**more: object) -> Activity:
    body = {"id": "https://leeds.example/a/1", "type": "Flag", "actor": BO} | more
    activity = registry.read(document.read(json.dumps(body).encode()))
    assert isinstance(activity, Activity)
    return activity


def test_a_report_may_have_many_objects() -> None:
    flag = read(object=[BO, "https://leeds.example/p/1"], content="Advertising")

    assert flag.objects == (BO, "https://leeds.example/p/1")
    assert (flag.object, flag.content) == (BO, "Advertising")


def test_an_activity_may_have_no_object() -> None:
    assert (read().object, read().objects) == (None, ())


def test_objects_come_from_object_only() -> None:
    assert read(objects=["https://evil.example/"]).objects == ()


def test_a_ban_has_a_target_and_an_end() -> None:
    ban = read(
        type="Block", object=BO, target="https://kent.example/c", endTime="2026-02-05", removeData=True
    )

    assert (ban.target, ban.remove_data) == ("https://kent.example/c", True)
    assert ban.end_time is not None
    assert ban.end_time.isoformat() == "2026-02-05T00:00:00+00:00"
