"""The rights statements that an archive may make: rightsstatements.org 1.0 and Creative Commons.

Names and addresses as https://rightsstatements.org/page/1.0/ and https://creativecommons.org/ give them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """A standard statement: its URI, its name, and the letters that stand for its icon."""

    uri: str
    label: str
    mark: str
    group: str

    @property
    def is_licence(self) -> bool:
        """Whether it grants a use, as opposed to saying what is known."""
        return self.group != RIGHTS_STATEMENTS


RIGHTS_STATEMENTS = "RightsStatements.org"
LICENCES = "Creative Commons licences"
PUBLIC_DOMAIN = "Public domain"

_STATED = (
    ("InC", "In Copyright", "©"),
    ("InC-OW-EU", "In Copyright - EU Orphan Work", "© EU"),
    ("InC-EDU", "In Copyright - Educational Use Permitted", "© EDU"),
    ("InC-NC", "In Copyright - Non-Commercial Use Permitted", "© NC"),
    ("InC-RUU", "In Copyright - Rights-holder(s) Unlocatable or Unidentifiable", "© ?"),
    ("NoC-CR", "No Copyright - Contractual Restrictions", "NoC CR"),
    ("NoC-NC", "No Copyright - Non-Commercial Use Only", "NoC NC"),
    ("NoC-OKLR", "No Copyright - Other Known Legal Restrictions", "NoC LR"),
    ("NoC-US", "No Copyright - United States", "NoC US"),
    ("CNE", "Copyright Not Evaluated", "?"),
    ("UND", "Copyright Undetermined", "?"),
    ("NKC", "No Known Copyright", "NKC"),
)
_LICENSED = (
    ("by", "Attribution"),
    ("by-sa", "Attribution-ShareAlike"),
    ("by-nd", "Attribution-NoDerivatives"),
    ("by-nc", "Attribution-NonCommercial"),
    ("by-nc-sa", "Attribution-NonCommercial-ShareAlike"),
    ("by-nc-nd", "Attribution-NonCommercial-NoDerivatives"),
)
_FREED = (("zero", "CC0 1.0 Universal", "CC0"), ("mark", "Public Domain Mark 1.0", "PD"))


def _all() -> list[Statement]:
    stated = [
        Statement(f"http://rightsstatements.org/vocab/{code}/1.0/", label, mark, RIGHTS_STATEMENTS)
        for code, label, mark in _STATED
    ]
    licensed = [
        Statement(
            f"https://creativecommons.org/licenses/{code}/4.0/",
            f"{label} 4.0 International",
            f"CC {code.upper()}",
            LICENCES,
        )
        for code, label in _LICENSED
    ]
    freed = [
        Statement(f"https://creativecommons.org/publicdomain/{code}/1.0/", label, mark, PUBLIC_DOMAIN)
        for code, label, mark in _FREED
    ]
    return [*stated, *licensed, *freed]


STATEMENTS: dict[str, Statement] = {each.uri: each for each in _all()}
"""By URI, in the order in which a form offers them."""


def choices() -> list[tuple[str, list[tuple[str, str]] | str]]:
    """Values and labels of a select, in groups; the first says that nothing is stated."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in STATEMENTS.values():
        groups.setdefault(each.group, []).append((each.uri, f"{each.label} ({each.mark})"))
    return [("", "Nothing stated"), *groups.items()]
