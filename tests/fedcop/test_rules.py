"""The federation list: precedence, forms of a name, and names made to look like others."""

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
     "аррӏе.соm/", "x.example:port"],
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
