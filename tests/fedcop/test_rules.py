"""The federation list: precedence, forms of a name, and names made to look like others."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedcop.rules import Rule, Rules, canonical, is_loopback


def allow(*patterns: str) -> tuple[Rule, ...]:
    return tuple(Rule(pattern=pattern, severity="allow") for pattern in patterns)


def deny(*patterns: str) -> tuple[Rule, ...]:
    return tuple(Rule(pattern=pattern, severity="deny", reason="spam") for pattern in patterns)


def listed(*rules: Rule) -> Rules:
    return Rules(mode="allowlist", rules=rules)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("leeds.gov.uk", True),
        ("cop.leeds.gov.uk", True),
        ("gov.uk", False),
        ("gov.uk.evil.com", False),
        ("leeds-gov.uk", False),
        ("xleeds.gov.uk.co", False),
        ("gwynedd.llyw.cymru", True),
        ("sub.gwynedd.llyw.cymru", False),
    ],
)
def test_a_wildcard_covers_all_below_and_an_exact_entry_itself(host: str, allowed: bool) -> None:
    assert listed(*allow("*.gov.uk", "gwynedd.llyw.cymru")).allows(host) is allowed


def test_deny_covers_all_below_and_beats_every_allow() -> None:
    rules = listed(*allow("*.gov.uk", "a.bad.gov.uk", "bad.gov.uk"), *deny("bad.gov.uk"))

    assert rules.allows("good.gov.uk")
    assert not rules.allows("bad.gov.uk")
    assert not rules.allows("a.bad.gov.uk")
    assert rules.verdict("a.bad.gov.uk").text() == "denied: a.bad.gov.uk: deny bad.gov.uk (file): spam"


def test_the_longest_wildcard_decides() -> None:
    verdict = listed(*allow("*.gov.uk", "*.leeds.gov.uk")).verdict("cop.leeds.gov.uk")

    assert verdict.rule is not None
    assert verdict.rule.pattern == "*.leeds.gov.uk"


def test_an_exact_allow_is_named_before_a_wildcard() -> None:
    verdict = listed(*allow("*.gov.uk", "leeds.gov.uk")).verdict("leeds.gov.uk")

    assert verdict.rule is not None
    assert verdict.rule.pattern == "leeds.gov.uk"


def test_the_default_is_to_deny_unless_the_node_is_open() -> None:
    assert listed().verdict("x.example").text() == "denied: x.example: no rule, so the default holds"
    assert Rules(mode="open").allows("x.example")
    assert not Rules(mode="open", rules=deny("x.example")).allows("y.x.example")


def test_the_first_of_two_equal_patterns_is_the_one_named() -> None:
    rules = listed(
        Rule(pattern="a.example", severity="allow", source="file"),
        Rule(pattern="a.example", severity="allow", source="command"),
    )

    assert rules.verdict("a.example").text().endswith("(file)")


@pytest.mark.parametrize("port", ["0", "65536", "99999", "08001", "", "x"])
def test_what_is_no_port_makes_no_host(port: str) -> None:
    with pytest.raises(ValueError, match="wanted a domain"):
        canonical(f"kent.localhost:{port}")


def test_a_loopback_pattern_without_a_port_covers_every_port() -> None:
    rules = listed(*allow("kent.localhost", "devon.localhost:8002"), *deny("bad.localhost"))

    assert rules.allows("kent.localhost:8001")
    assert rules.allows("devon.localhost:8002")
    assert not rules.allows("devon.localhost:8003")
    assert not rules.allows("bad.localhost:1")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("LEEDS.gov.uk.", "leeds.gov.uk"),
        (" leeds.gov.uk ", "leeds.gov.uk"),
        ("leeds.gov.uk:443", "leeds.gov.uk"),
        ("leeds.gov.uk:8443", "leeds.gov.uk:8443"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("ｌｅｅｄｓ.gov.uk", "leeds.gov.uk"),
        ("kent.localhost:8001", "kent.localhost:8001"),
        ("localhost", "localhost"),
    ],
)
def test_a_name_has_one_form(text: str, host: str) -> None:
    assert canonical(text) == host
    assert canonical(canonical(text)) == host


@pytest.mark.parametrize(
    "text",
    ["", ".", "leeds", "https://leeds.gov.uk", "leeds.gov.uk/x", "a@leeds.gov.uk", "10.0.0.1", "[::1]",
     "a..b", "a b.example", "x.example:99999999", "x.example:", "-a.example", "a" * 64 + ".example",
     "аррӏе.соm/", "x.example:port", "127.0.0.0x1", "0x8.0x8.0x8.0x8", "a.0x", "leeds.gov.uk.."],
)  # fmt: skip
def test_what_is_no_domain_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(ValueError, match="wanted a domain"):
        canonical(text)


def test_a_name_in_other_letters_is_not_its_twin() -> None:
    assert canonical("lееds.gov.uk") != "leeds.gov.uk"  # two Cyrillic letters
    assert not listed(*allow("leeds.gov.uk")).allows(canonical("lееds.gov.uk"))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("kent.localhost:1", True), ("127.0.0.1:80", True), ("localhost.example", False),
     ("10.0.0.1", False), ("notlocalhost", False)],
)  # fmt: skip
def test_loopback_names_are_known(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


NAMES = st.lists(st.sampled_from(["a", "b", "gov", "uk", "x"]), min_size=2, max_size=5).map(".".join)
PATTERNS = st.tuples(st.booleans(), NAMES).map(lambda pair: ("*." if pair[0] else "") + pair[1])


def below(host: str, pattern: str) -> bool:
    return host.endswith("." + pattern)


@settings(max_examples=200)
@given(host=NAMES, allowed=st.lists(PATTERNS, max_size=4), denied=st.lists(NAMES, max_size=2))
def test_the_list_means_what_its_words_say(host: str, allowed: list[str], denied: list[str]) -> None:
    wanted = any(
        below(host, pattern[2:]) if pattern.startswith("*.") else host == pattern for pattern in allowed
    ) and not any(host == name or below(host, name) for name in denied)

    assert listed(*allow(*allowed), *deny(*denied)).allows(host) is wanted


def test_a_denial_is_told_from_the_mere_default() -> None:
    rules = Rules(mode="allowlist", rules=(Rule(pattern="leeds.example", severity="deny"),))
    assert rules.denies("leeds.example")
    assert rules.denies("cop.leeds.example")
    assert not rules.allows("kent.example")
    assert not rules.denies("kent.example")


def test_hosts_just_below_a_domain_are_those_allowed_by_name() -> None:
    rules = Rules(
        mode="allowlist",
        rules=(
            Rule(pattern="cop.kent.example", severity="allow"),
            Rule(pattern="a.cop.kent.example", severity="allow"),
            Rule(pattern="*.kent.example", severity="allow"),
            Rule(pattern="old.kent.example", severity="allow"),
            Rule(pattern="old.kent.example", severity="deny"),
            Rule(pattern="notkent.example", severity="allow"),
        ),
    )
    assert rules.just_below("kent.example") == ["cop.kent.example"]


def test_an_entry_counts_to_the_end_of_its_last_day() -> None:
    rule = Rule(pattern="a.example", severity="allow", reason="pilot", until=date(2026, 12, 31))
    midnight = datetime(2027, 1, 1, tzinfo=UTC)
    assert rule.ends_at == midnight
    assert rule.counts(midnight - timedelta(seconds=1))
    assert not rule.counts(midnight)
    assert Rule(pattern="a.example", severity="allow").counts(midnight)
    assert listed(rule).verdict("a.example").text().endswith("(file): pilot, until 2026-12-31")


def test_a_list_knows_when_the_first_of_its_entries_ends() -> None:
    ends = [Rule(pattern=f"{day}.example", severity="deny", until=date(2026, 12, day)) for day in (30, 9, 31)]
    assert listed(*allow("a.example"), *ends).ends_at == datetime(2026, 12, 10, tzinfo=UTC)
    assert listed(*allow("a.example")).ends_at is None


def test_a_public_name_with_a_port_is_a_host_of_its_own_that_a_denial_of_the_name_covers() -> None:
    rules = listed(*allow("*.gov.uk", "york.gov.uk:8443"), *deny("bad.york.gov.uk"))
    assert rules.allows("york.gov.uk:8443")
    assert not rules.allows("leeds.gov.uk:8443")
    open_to_all = Rules(mode="open", rules=deny("bad.gov.uk", "leeds.gov.uk:8443"))
    assert not open_to_all.allows("bad.gov.uk:8443")
    assert not open_to_all.allows("a.bad.gov.uk:8443")
    assert not open_to_all.allows("a.leeds.gov.uk:8443")
    assert open_to_all.allows("leeds.gov.uk")


def test_a_pattern_is_covered_by_a_wildcard_at_or_above_it_and_by_no_denial() -> None:
    rules = listed(*allow("*.gov.uk", "llyw.cymru", "*.bad.gov.uk"), *deny("bad.gov.uk"))
    assert [rules.covers(pattern) for pattern in ("kent.gov.uk", "*.kent.gov.uk", "*.gov.uk")] == [True] * 3
    assert [rules.covers(pattern) for pattern in ("gov.uk", "*.uk", "*.llyw.cymru", "*.bad.gov.uk")] == [
        False
    ] * 4
    assert Rules(mode="open", rules=deny("bad.gov.uk")).covers("*.kent.gov.uk")


def test_entries_to_be_reviewed_or_about_to_end_are_due() -> None:
    day = date(2026, 6, 1)
    rules = listed(
        Rule(pattern="a.example", severity="allow", review_on=day),
        Rule(pattern="b.example", severity="allow", review_on=day + timedelta(days=1)),
        Rule(pattern="c.example", severity="deny", until=day + timedelta(days=7)),
        Rule(pattern="d.example", severity="deny", until=day + timedelta(days=8)),
        *allow("e.example"),
    )
    assert [rule.pattern for rule in rules.due(day, ahead=timedelta(days=7))] == ["a.example", "c.example"]
