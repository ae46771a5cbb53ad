"""What the pages say in each language, and how it writes numbers, times and plurals.

    speech = text.of("cy")
    speech.words["sign_in"]         a text of words/cy.toml
    speech.count("members", 3)      the form for 3 of those that CLDR gives a language, six in Welsh
    speech.moment(at)               25 Tachwedd 2026, 10:33
    speech.refusal("...")           what an action refused, in this language

Times are those of London, where all councils are.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from fedcop.errors import Invalid, Refusal

LANGUAGES: Final = ("en", "cy")
LONDON: Final = "Europe/London"
# So that no name of a catalogue is both a text and a table.
TABLES: Final = ("counts", "refusals")

_PLACE = re.compile(r"\\\{(\w+)\\\}")


class Speech:
    """One language."""

    def __init__(self, language: str, catalogue: Mapping[str, Any]) -> None:
        self.language = language
        self.words: Mapping[str, str] = {name: said for name, said in catalogue.items() if name not in TABLES}
        self.counts: Mapping[str, Mapping[str, str]] = catalogue["counts"]
        self.refusals: list[tuple[re.Pattern[str], str]] = [
            (_pattern(english), said) for english, said in catalogue["refusals"].items()
        ]

    def count(self, name: str, n: int) -> str:
        """Say how many there are of something."""
        from babel import Locale  # noqa: PLC0415 - most requests are for no page

        return self.counts[name][Locale(self.language).plural_form(n)].format(n=self.number(n))

    def number(self, n: int) -> str:
        """Write a number."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - as above

        return str(format_decimal(n, locale=self.language))

    def size(self, n: int) -> str:
        """Write how many bytes something has, in megabytes."""
        from babel.units import format_unit  # noqa: PLC0415 - as above

        return str(
            format_unit(max(n / 1_000_000, 0.1), "megabyte", "short", format="0.0", locale=self.language)
        )

    def day(self, on: date) -> str:
        """Write a day: that of the calendar, or the one in which a moment lies."""
        return self._written(on, "d MMMM y")

    def moment(self, at: datetime) -> str:
        """Write a moment with its time."""
        return self._written(at, "d MMMM y, HH:mm")

    def refusal(self, text: str) -> str:
        """Give what an action refused, as a sentence; what has no translation is marked as English."""
        if self.language == "en":
            return _sentence(text)
        for pattern, said in self.refusals:
            if match := pattern.fullmatch(text):
                return _sentence(said.format(**match.groupdict()))
        return Markup('<span lang="en">{}</span>').format(_sentence(text))

    def faults(self, refusal: Refusal, field: str) -> dict[str, str]:
        """Give what is wrong in a form by field; what is said of no field of its own stands at ``field``."""
        if isinstance(refusal, Invalid) and refusal.fields:
            return {name: self.refusal(fault) for name, fault in refusal.fields.items()}
        return {field: self.refusal(refusal.text)}

    def _written(self, at: date, pattern: str) -> str:
        from babel.dates import format_date, format_datetime  # noqa: PLC0415 - as above

        if not isinstance(at, datetime):
            return str(format_date(at, pattern, locale=self.language))
        return str(format_datetime(at, pattern, tzinfo=ZoneInfo(LONDON), locale=self.language))


@cache
def of(language: str) -> Speech:
    """Give a language of ``LANGUAGES``."""
    return Speech(language, catalogue_of(language))


def catalogue_of(language: str) -> dict[str, Any]:
    """Give the file of a language: its texts, and the tables ``counts`` and ``refusals``."""
    file = resources.files("fedcop.web") / "words" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _sentence(text: str) -> str:
    """Begin with a capital letter, unless a name or a number stands there."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text


def _pattern(english: str) -> re.Pattern[str]:
    """Give what recognises a refusal: each ``{name}`` stands for what was found."""
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(english)), re.DOTALL)
