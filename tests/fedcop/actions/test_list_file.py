"""The federation list as a file."""

import pytest

from fedcop.actions import list_file
from fedcop.actions.list_file import Left
from fedcop.errors import Invalid
from fedcop.rules import Rule


def _rule(pattern: str, severity: str = "allow", reason: str = "") -> Rule:
    return Rule(pattern=pattern, severity=severity, reason=reason, source="import")  # type: ignore[arg-type]


def test_our_own_file_is_read_as_it_was_written() -> None:
    rules = [_rule("*.gov.uk", reason='councils, "all"'), _rule("spam.example", "deny")]
    text = list_file.write(rules)
    assert text.splitlines()[0] == "domain,severity,reason"
    assert list_file.read(text) == (rules, [])


def test_a_plain_list_allows_each_domain() -> None:
    text = "\ufeff# councils\n\nkent.gov.uk\n  Devon.Gov.UK  \n*.wales\n"
    assert list_file.read(text) == (
        [_rule("kent.gov.uk"), _rule("devon.gov.uk")],
        [Left(5, "*.wales", "found 'wales', wanted a domain such as communities.kent.gov.uk")],
    )


def test_mastodons_blocks_are_denied_and_milder_ones_left() -> None:
    text = (
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
        "spam.example,suspend,False,False,advertising,False\n"
        "loud.example,silence,False,False,,False\n"
        "odd.example,noop,False,False,,False\n"
    )
    taken, left = list_file.read(text)
    assert taken == [_rule("spam.example", "deny", "advertising")]
    assert [(line.number, line.why) for line in left] == [
        (3, "severity 'silence': wanted allow or deny"),
        (4, "severity 'noop': wanted allow or deny"),
    ]


def test_mastodons_allowed_domains_are_allowed() -> None:
    assert list_file.read("#domain\nkent.example\n") == ([_rule("kent.example")], [])


def test_the_later_of_two_lines_for_one_domain_is_taken() -> None:
    taken, _ = list_file.read("domain,severity\nkent.example,allow\nKENT.example,deny\n")
    assert taken == [_rule("kent.example", "deny")]


@pytest.mark.parametrize("domain", ["mast*d*n.example", "https://kent.example/", "kent", "", "10.0.0.1"])
def test_what_is_no_domain_is_left_with_its_line(domain: str) -> None:
    taken, (left,) = list_file.read(f"domain,severity\n{domain},deny\n")
    assert (taken, left.number) == ([], 2)


def test_a_line_about_this_node_is_left_with_its_number() -> None:
    text = 'domain,severity,reason\na.example,deny,"two\nlines"\nKENT.example,deny,\n'
    taken, left = list_file.read(text, ours=("kent.example",))
    assert [rule.pattern for rule in taken] == ["a.example"]
    assert left == [Left(4, "KENT.example,deny,", "is this node")]


def test_what_is_no_csv_at_all_is_refused_with_the_line() -> None:
    with pytest.raises(Invalid, match="line 2: field larger than field limit"):
        list_file.read("a.example\n" + "x" * 200_000)


def test_a_pattern_has_one_form() -> None:
    assert list_file.pattern_of(" *.Gov.UK ") == "*.gov.uk"
    assert list_file.pattern_of("Bröndby.example") == "xn--brndby-xxa.example"
