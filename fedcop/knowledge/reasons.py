"""Why something was found, in the words of a reader: pure.

    reasons.said(hit.reasons, results.words, "cy")      ["“gwli” yn y teitl", ...]

A page and ``@ask`` say the same. Counts stand behind a colon, so that no language needs its plurals here.
"""

from collections.abc import Sequence
from typing import Final

from fedcop.knowledge.rank import Reason

SAID: Final[dict[str, dict[str, str]]] = {
    "en": {
        "name": "the name",
        "topics": "about {words}",
        "title": "{words} in the title",
        "role": "{words} in the role or field of work",
        "text": "{words} in the text",
        "helped": "accepted answers: {count}",
        "accepted": "an accepted answer",
        "wrote": "posts about this: {count}",
        "liked": "likes: {count}",
        "answered": "answers: {count}",
        "mine": "in a community of yours",
        "alike": "a council like yours",
        "shared": "communities in common: {count}",
        "followed": "you follow them",
    },
    "cy": {
        "name": "yr enw",
        "topics": "am {words}",
        "title": "{words} yn y teitl",
        "role": "{words} yn y rôl neu'r maes gwaith",
        "text": "{words} yn y testun",
        "helped": "atebion a dderbyniwyd: {count}",
        "accepted": "ateb a dderbyniwyd",
        "wrote": "negeseuon am hyn: {count}",
        "liked": "hoffi: {count}",
        "answered": "atebion: {count}",
        "mine": "mewn cymuned sydd gennych",
        "alike": "cyngor tebyg i’ch un chi",
        "shared": "cymunedau yn gyffredin: {count}",
        "followed": "rydych yn eu dilyn",
    },
}


def said(reasons: Sequence[Reason], words: Sequence[str], language: str) -> list[str]:
    """Give each reason as a few words; ``words`` are what was looked for, by their places."""
    catalogue = SAID[language]
    return [
        catalogue[reason.key].format(
            words=", ".join(f"“{words[term]}”" for term in reason.terms), count=reason.count
        )
        for reason in reasons
    ]
