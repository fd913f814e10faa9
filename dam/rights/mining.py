"""Whether machines may mine and learn from an asset: the values of PLUS DataMining, and what robots are told.

The values are those of the PLUS vocabulary (http://ns.useplus.org/LDF/ldf-XMPSpecification, plus:DataMining).
`tdm-reservation` is that of the W3C community group's TDM Reservation Protocol, `noai` and `noimageai` are
what crawlers that gather for training are asked to respect; `noindex` is every search engine's.
"""

from __future__ import annotations

from dataclasses import dataclass

VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
NO_TRAINING = ("noai", "noimageai")


@dataclass(frozen=True)
class Permission:
    """A value of the vocabulary: its URI, its name, whether rights are reserved (None: it does not say), and
    the directives for robots that follow from it."""

    uri: str
    label: str
    reserved: bool | None
    robots: tuple[str, ...] = ()


_VALUES = (
    ("DMI-UNSPECIFIED", "Unspecified: nothing is prohibited here", None, ()),
    ("DMI-ALLOWED", "Allowed", False, ()),
    ("DMI-PROHIBITED-AIMLTRAINING", "Prohibited for training of machine learning", True, NO_TRAINING),
    ("DMI-PROHIBITED-GENAIMLTRAINING", "Prohibited for training of generative models", True, NO_TRAINING),
    (
        "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
        "Prohibited, except for indexing by search engines",
        True,
        NO_TRAINING,
    ),
    ("DMI-PROHIBITED", "Prohibited, for search engines too", True, ("noindex", *NO_TRAINING)),
    ("DMI-PROHIBITED-SEECONSTRAINT", "Prohibited, with exceptions in the licence terms", True, NO_TRAINING),
    (
        "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
        "Prohibited, with exceptions that the file itself expresses",
        True,
        NO_TRAINING,
    ),
    (
        "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
        "Prohibited, with exceptions at an address that the file names",
        True,
        NO_TRAINING,
    ),
)
PERMISSIONS: dict[str, Permission] = {
    VOCABULARY + code: Permission(VOCABULARY + code, label, reserved, robots)
    for code, label, reserved, robots in _VALUES
}
"""By URI, in the order in which a form offers them."""


def choices() -> list[tuple[str, str]]:
    """Values and labels of a select; the first says that nothing is stated."""
    return [("", "Nothing stated"), *((each.uri, each.label) for each in PERMISSIONS.values())]


def named(value: object) -> str:
    """The URI of a value as files write it, with or without the vocabulary's address; "" for any other."""
    code = str(value).strip().removeprefix(VOCABULARY)
    return VOCABULARY + code if VOCABULARY + code in PERMISSIONS else ""


def robots(uri: str) -> str:
    """The directives of a robots meta element or an X-Robots-Tag header; "" where there is nothing to say."""
    found = PERMISSIONS.get(uri)
    return ", ".join(found.robots) if found else ""


def headers(uri: str) -> dict[str, str]:
    """The HTTP headers by which a response says what machines may do with it."""
    found = PERMISSIONS.get(uri)
    told = {"X-Robots-Tag": robots(uri)} if robots(uri) else {}
    if found is not None and found.reserved is not None:
        told["tdm-reservation"] = str(int(found.reserved))
    return told


def may_be_indexed(uri: str) -> bool:
    """Whether a search engine may list the page."""
    return "noindex" not in robots(uri)
