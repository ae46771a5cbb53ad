"""What a community writes to people about asks, in English and Welsh: routed asks, reminders, answers.

    letters.say("asked", "cy", asker="Ada Bright", community="Housing", ...)      the text of a note
    letters.because([("service", "Parking", 0), ("council", "", 0)], "en")        why somebody was asked

Every text is a source as people type it: an empty line parts paragraphs. Names are put in as they are, since
a note of a community mentions only those whom it is for (``actions.letter``).
"""

import re
from collections.abc import Iterable
from typing import Final

LANGUAGES: Final = ("en", "cy")

# Whoever bears a name, or asks a question, must not write a link or emphasis into another's note.
_MARK: Final = re.compile(r"([\\`*_\[\]()<>#~])")

TEXTS: Final[dict[str, dict[str, str]]] = {
    "asked": {
        "en": "{asker} asks in the community {community}: “{title}” {url}\n\n{why}\n\n"
        "Answer this message, and your answer goes to {asker} and to the facilitators, and to nobody else. "
        "Begin it with one of these words to do something else:\n\n"
        "post: your answer is published in the thread, under your name\n\n"
        "not me: you pass; not me @somebody passes it on to them\n\n"
        "stop: you are asked no more questions",
        "cy": "Mae {asker} yn gofyn yn y gymuned {community}: “{title}” {url}\n\n{why}\n\n"
        "Atebwch y neges hon, ac aiff eich ateb at {asker} a’r hwyluswyr, ac at neb arall. "
        "Dechreuwch hi ag un o’r geiriau hyn i wneud rhywbeth arall:\n\n"
        "postio: caiff eich ateb ei gyhoeddi yn yr edefyn, dan eich enw\n\n"
        "nid fi: rydych yn pasio; mae nid fi @rhywun yn ei drosglwyddo iddynt\n\n"
        "stopio: ni ofynnir rhagor o gwestiynau i chi",
    },
    "passed": {
        "en": "{by} passed on to you what {asker} asks.",
        "cy": "Trosglwyddodd {by} i chi yr hyn y mae {asker} yn ei ofyn.",
    },
    "by_hand": {
        "en": "{by}, who facilitates {community}, thinks that you may know.",
        "cy": "Mae {by}, sy’n hwyluso {community}, yn meddwl y gallech wybod.",
    },
    "facilitator": {
        "en": "Nobody has answered {asker} yet: “{title}” {url}\n\n"
        "If nobody does, people who may know are asked by and by. You can refer it now: {page}",
        "cy": "Nid oes neb wedi ateb {asker} eto: “{title}” {url}\n\n"
        "Os na wna neb, gofynnir i bobl a allai wybod o dipyn i beth. Gallwch ei gyfeirio nawr: {page}",
    },
    "act": {
        "en": "Nobody has answered {asker}: “{title}” {url}\n\n"
        "People asked so far: {asked}. Now it needs you: answer it, refer it to somebody, or close it with a "
        "reason: {page}",
        "cy": "Nid oes neb wedi ateb {asker}: “{title}” {url}\n\n"
        "Pobl a holwyd hyd yma: {asked}. Mae arno eich angen chi nawr: atebwch, cyfeiriwch at rywun, neu "
        "caewch â rheswm: {page}",
    },
    "told_community": {
        "en": "Nobody has answered your question yet: “{title}” {url}\n\n"
        "Put to people in the community who may know: {asked}. If nobody answers by {when}, people in other "
        "councils are asked.",
        "cy": "Nid oes neb wedi ateb eich cwestiwn eto: “{title}” {url}\n\n"
        "Pobl yn y gymuned a allai wybod ac a holwyd: {asked}. Os na fydd neb wedi ateb erbyn {when}, "
        "gofynnir i bobl mewn cynghorau eraill.",
    },
    "told_councils": {
        "en": "Nobody has answered your question yet: “{title}” {url}\n\n"
        "Put to people in other councils who may know: {asked}. If nobody answers by {when}, the "
        "facilitators have to act.",
        "cy": "Nid oes neb wedi ateb eich cwestiwn eto: “{title}” {url}\n\n"
        "Pobl mewn cynghorau eraill a allai wybod ac a holwyd: {asked}. Os na fydd neb wedi ateb erbyn "
        "{when}, rhaid i’r hwyluswyr weithredu.",
    },
    "told_act": {
        "en": "Nobody has answered your question: “{title}” {url}\n\n"
        "People asked so far: {asked}. The facilitators were told that they have to act: they answer, ask "
        "somebody else, or close the question with a reason.",
        "cy": "Nid oes neb wedi ateb eich cwestiwn: “{title}” {url}\n\n"
        "Pobl a holwyd hyd yma: {asked}. Dywedwyd wrth yr hwyluswyr fod rhaid iddynt weithredu: byddant yn "
        "ateb, yn gofyn i rywun arall, neu’n cau’r cwestiwn â rheswm.",
    },
    "told_nobody": {
        "en": "Nobody has answered your question: “{title}” {url}\n\n"
        "This node knows of nobody to whom it could be put now. The facilitators were told that they have to "
        "act: they answer, ask somebody else, or close the question with a reason.",
        "cy": "Nid oes neb wedi ateb eich cwestiwn: “{title}” {url}\n\n"
        "Ni ŵyr y nod hwn am neb y gellid gofyn iddynt nawr. Dywedwyd wrth yr hwyluswyr fod rhaid iddynt "
        "weithredu: byddant yn ateb, yn gofyn i rywun arall, neu’n cau’r cwestiwn â rheswm.",
    },
    "answered": {
        "en": "{by} answers privately, to you and the facilitators: “{title}” {url}",
        "cy": "Mae {by} yn ateb yn breifat, i chi a’r hwyluswyr: “{title}” {url}",
    },
    "in_thread": {
        "en": "Your node cannot publish it for you. Please reply in the thread: {url}",
        "cy": "Ni all eich nod ei gyhoeddi ar eich rhan. Atebwch yn yr edefyn: {url}",
    },
    "stopped": {
        "en": "You are asked no more questions from here. To be asked again, answer this message with undo.",
        "cy": "Ni ofynnir rhagor o gwestiynau i chi o’r fan hon. I gael eich holi eto, atebwch y neges hon â "
        "dadwneud.",
    },
    "asked_again": {
        "en": "You may be asked questions again.",
        "cy": "Gellir gofyn cwestiynau i chi eto.",
    },
    "passed_on": {
        "en": "Thank you. It was passed on to {named}.",
        "cy": "Diolch. Fe’i trosglwyddwyd i {named}.",
    },
    "not_passed_on": {
        "en": "Thank you. {named} cannot be asked: {reason}.",
        "cy": "Diolch. Ni ellir gofyn i {named}: {reason}.",
    },
    "published": {
        "en": "Your answer is published: {url}\n\n"
        "To take it back within the hour, answer this message with undo.",
        "cy": "Mae eich ateb wedi’i gyhoeddi: {url}\n\n"
        "I’w dynnu’n ôl o fewn yr awr, atebwch y neges hon â dadwneud.",
    },
    "undone": {
        "en": "Your answer is taken back.",
        "cy": "Mae eich ateb wedi’i dynnu’n ôl.",
    },
    "too_late": {
        "en": "There is nothing to take back: undo works for an hour after post. You can delete the reply "
        "itself.",
        "cy": "Nid oes dim i’w dynnu’n ôl: mae dadwneud yn gweithio am awr ar ôl postio. Gallwch ddileu’r "
        "ateb ei hun.",
    },
    "closed": {
        "en": "This question is closed; thank you all the same.",
        "cy": "Mae’r cwestiwn hwn wedi cau; diolch serch hynny.",
    },
}

OBSTACLES: Final[dict[str, dict[str, str]]] = {
    "asker": {"en": "they asked it", "cy": "nhw a’i gofynnodd"},
    "asked": {"en": "they were asked already", "cy": "gofynnwyd iddynt eisoes"},
    "stopped": {"en": "they are not asked questions", "cy": "ni ofynnir cwestiynau iddynt"},
    "blocked": {"en": "they are not asked questions", "cy": "ni ofynnir cwestiynau iddynt"},
    "outside": {"en": "they are not a member of the community", "cy": "nid ydynt yn aelod o’r gymuned"},
    "away": {"en": "they are away", "cy": "maent i ffwrdd"},
    "busy": {"en": "they were asked twice this week", "cy": "gofynnwyd iddynt ddwywaith yr wythnos hon"},
    "unknown": {"en": "nobody of that name is known", "cy": "ni wyddys am neb o’r enw hwnnw"},
}

_WHY: Final[dict[str, dict[str, str]]] = {
    "service": {
        "en": "you offer to be asked about {about}",
        "cy": "rydych yn cynnig cael eich holi am {about}",
    },
    "function": {"en": "you work in {about}", "cy": "rydych yn gweithio ym maes {about}"},
    "helped": {
        "en": "you helped with such questions before",
        "cy": "buoch yn helpu gyda’r fath gwestiynau o’r blaen",
    },
    "council": {"en": "you are of another council", "cy": "rydych o gyngor arall"},
}
_BEGINS: Final = {"en": "You are asked because {reasons}.", "cy": "Gofynnir i chi oherwydd {reasons}."}
_AND: Final = {"en": " and ", "cy": "; hefyd "}


def language_of(tag: str | None) -> str:
    """Give the language of ours that somebody is written to in; English for any other."""
    return "cy" if tag is not None and tag.partition("-")[0] == "cy" else "en"


def say(name: str, language: str, *, url: str = "", page: str = "", **given: str | int) -> str:
    """Give a text with its names put in; what is a mark of markup in them is made a sign as any other."""
    plain = {key: _MARK.sub(r"\\\1", str(value)) for key, value in given.items() if key != "why"}
    return TEXTS[name][language].format(**given | plain, url=url, page=page)


def because(reasons: Iterable[tuple[str, str, int]], language: str) -> str:
    """Give why somebody is asked: each reason with the label of the service or function that it is about."""
    said = [
        _WHY[kind][language].format(about=_MARK.sub(r"\\\1", about))
        for kind, about, _ in reasons
        if kind in _WHY
    ]
    return _BEGINS[language].format(reasons=_AND[language].join(said)) if said else ""
