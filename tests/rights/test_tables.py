"""The tables of statements and of data mining are those of the standards."""

import json

from dam.rights import mining, statements
from dam.rights.mining import PERMISSIONS
from dam.rights.statements import STATEMENTS


def test_there_are_twelve_statements_six_licences_and_two_of_the_public_domain():
    groups = [each.group for each in STATEMENTS.values()]
    assert [groups.count(name) for name in dict.fromkeys(groups)] == [12, 6, 2]
    assert all(uri == each.uri and each.label and each.mark for uri, each in STATEMENTS.items())
    assert "http://rightsstatements.org/vocab/InC-OW-EU/1.0/" in STATEMENTS
    assert STATEMENTS["https://creativecommons.org/licenses/by-nc-nd/4.0/"].is_licence


def test_a_form_offers_every_statement_in_groups():
    first, *groups = statements.choices()
    assert first == ("", "Nothing stated")
    assert [uri for _, options in groups for uri, _ in options] == list(STATEMENTS)


def test_the_values_of_data_mining_are_those_of_plus(shared):
    listed = json.loads(shared("standards", "iptc", "plus-datamining-uris.json").read_text())
    assert sorted(PERMISSIONS) == sorted(listed)


def test_a_files_value_is_known_with_or_without_its_vocabulary():
    assert mining.named("DMI-ALLOWED") == mining.named(f"{mining.VOCABULARY}DMI-ALLOWED") != ""
    assert mining.named("DMI-SOMETHING") == mining.named(None) == ""


def test_what_robots_are_told():
    assert mining.headers("") == {}
    assert mining.headers(mining.VOCABULARY + "DMI-UNSPECIFIED") == {}
    assert mining.headers(mining.VOCABULARY + "DMI-ALLOWED") == {"tdm-reservation": "0"}
    assert mining.headers(mining.VOCABULARY + "DMI-PROHIBITED-GENAIMLTRAINING") == {
        "X-Robots-Tag": "noai, noimageai",
        "tdm-reservation": "1",
    }


def test_only_an_outright_prohibition_keeps_search_engines_away():
    closed = {uri for uri in PERMISSIONS if not mining.may_be_indexed(uri)}
    assert closed == {f"{mining.VOCABULARY}DMI-PROHIBITED"}
