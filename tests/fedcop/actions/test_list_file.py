"""The federation list as a file."""

from datetime import date

import pytest

from fedcop.actions import list_file
from fedcop.actions.list_file import Left, Listing
from fedcop.errors import Invalid
from fedcop.rules import Rule


def _rule(pattern: str, severity: str = "allow", reason: str = "", until: date | None = None) -> Rule:
    return Rule(pattern=pattern, severity=severity, reason=reason, source="import", until=until)  # type: ignore[arg-type]


def _taken(listing: Listing) -> list[Rule]:
    return [entry.rule for entry in listing.entries]


def _whys(lines: tuple[Left, ...]) -> list[tuple[int, str]]:
    return [(line.number, line.why) for line in lines]


def test_our_own_file_is_read_as_it_was_written() -> None:
    rules = [_rule("*.gov.uk", reason='councils, "all"'), _rule("spam.example", "deny")]
    text = list_file.write(rules)
    assert text.splitlines()[0] == "domain,severity,reason"
    assert _taken(list_file.read(text)) == rules


def test_the_days_of_entries_are_written_where_there_are_any() -> None:
    rules = [_rule("a.example"), _rule("b.example", until=date(2027, 3, 31))]
    text = list_file.write(rules)
    assert text == ("domain,severity,reason,review,until\na.example,allow,,,\nb.example,allow,,,2027-03-31\n")
    assert _taken(list_file.read(text)) == rules


def test_a_plain_list_allows_each_domain_and_leaves_what_is_none() -> None:
    listing = list_file.read("\ufeff# councils\n\nkent.gov.uk\n  Devon.Gov.UK  \n*.wales\n")
    assert _taken(listing) == [_rule("kent.gov.uk"), _rule("devon.gov.uk")]
    assert listing.left == (
        Left(5, "*.wales", "found 'wales', wanted a domain such as communities.kent.gov.uk"),
    )
    assert listing.bad == ()


def test_a_plain_list_may_have_quotes_addresses_and_a_domain_twice() -> None:
    listing = list_file.read('#domain\r\n"dorset.example"\r\nhttps://wilts.example/\r\nDORSET.example\r\n')
    assert _taken(listing) == [_rule("dorset.example"), _rule("wilts.example")]
    assert _whys(listing.repeated) == [(4, "is in line 2 already")]


def test_mastodons_blocks_are_denied_and_milder_ones_left() -> None:
    listing = list_file.read(
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
        "spam.example,suspend,False,False,advertising,False\n"
        "loud.example,silence,False,False,,False\n"
        "odd.example,noop,False,False,,False\n"
        "mast*d*n.example,suspend,False,False,,True\n"
    )
    assert _taken(listing) == [_rule("spam.example", "deny", "advertising")]
    assert _whys(listing.left) == [
        (3, "severity 'silence': wanted allow or deny"),
        (4, "severity 'noop': wanted allow or deny"),
        (5, "found 'mast*d*n.example', a name that is not told"),
    ]
    assert listing.bad == ()


def test_mastodons_allowed_domains_are_allowed() -> None:
    assert _taken(list_file.read("#domain\nkent.example\n")) == [_rule("kent.example")]


def test_what_fediblockhole_writes_is_read() -> None:
    listing = list_file.read(
        '"domain","severity","public_comment","private_comment","reject_media","reject_reports","obfuscate"\n'
        '"a.example","suspend","advertising","seen twice",TRUE,TRUE,TRUE\n'
        '"b.example","suspend",,"seen once",TRUE,TRUE,TRUE\n'
    )
    assert _taken(listing) == [
        _rule("a.example", "deny", "advertising"),
        _rule("b.example", "deny", "seen once"),
    ]


def test_a_list_of_mastodons_entities_is_read() -> None:
    listing = list_file.read(
        '[{"id": "1", "domain": "a.example", "severity": "suspend", "reject_media": true,'
        ' "private_comment": null, "public_comment": "advertising"},'
        ' {"id": "2", "domain": "b.example", "severity": "silence"}]'
    )
    assert _taken(listing) == [_rule("a.example", "deny", "advertising")]
    assert _whys(listing.left) == [(2, "severity 'silence': wanted allow or deny")]
    assert _taken(list_file.read('[{"id": "1", "domain": "a.example"}]')) == [_rule("a.example")]


def test_a_list_in_the_form_of_rapidblock_is_read() -> None:
    listing = list_file.read(
        '{"@spec": "https://rapidblock.org/spec/v1/", "blocks": {'
        '"a.example": {"isBlocked": true, "reason": "advertising", "tags": ["spam"]},'
        '"b.example": {"isBlocked": false, "reason": ""}}}'
    )
    assert _taken(listing) == [_rule("a.example", "deny", "advertising")]
    assert [line.number for line in listing.left] == [2]


@pytest.mark.parametrize("text", ["[", '{"blocks": []}', '["a.example"]', '{"domain": "a.example"}', "[1]"])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="wanted"):
        list_file.read(text)


def test_the_later_of_two_lines_for_one_domain_is_taken() -> None:
    listing = list_file.read("domain,severity\nkent.example,allow\nKENT.example,deny\n")
    assert _taken(listing) == [_rule("kent.example", "deny")]


@pytest.mark.parametrize(
    "line",
    ["kent,deny", ",deny", "10.0.0.1,deny", "a.example,dney", "a.example,", "a.example,allow,,tomorrow"],
)
def test_a_line_of_a_table_that_cannot_be_read_is_bad(line: str) -> None:
    listing = list_file.read(f"domain,severity,reason,until\n{line}\nb.example,allow\n")
    assert (len(listing.entries), [bad.number for bad in listing.bad]) == (1, [2])


def test_a_line_about_this_node_is_left_with_its_number() -> None:
    text = 'domain,severity,reason\na.example,deny,"two\nlines"\nKENT.example,deny,\n'
    listing = list_file.read(text, ours=("kent.example",))
    assert [rule.pattern for rule in _taken(listing)] == ["a.example"]
    assert listing.left == (Left(4, "KENT.example,deny,", "is this node"),)


def test_what_is_no_csv_at_all_is_refused_with_the_line() -> None:
    with pytest.raises(Invalid, match="line 2: field larger than field limit"):
        list_file.read("a.example\n" + "x" * 200_000)


def test_a_pattern_has_one_form() -> None:
    assert list_file.pattern_of(" *.Gov.UK ") == "*.gov.uk"
    assert list_file.pattern_of("Bröndby.example") == "xn--brndby-xxa.example"
