"""What can be reviewed: kinds of facts that a person can judge at a glance, and how they are grouped."""

from __future__ import annotations

from indexing import kinds

SEEN = ("object", "keyword", "action", "scene", "event", "weather", "daytime", "landmark", "context", "form")
HEARD = ("sound", "genre", "mood", "instrument", "vocals", "condition")
LABELS = (*SEEN, "place", *HEARD, "mention", "sensitive")
"""Kinds whose text is one of not too many words: facts of the same word are decided on together."""
PERSONS = {"person": "face", "speaker": "voice"}
"""Kinds that name somebody, and the use of biometric data to which that somebody consents."""
SENTENCES = ("caption", "description", "alt", "chapter")
"""Kinds whose texts differ from file to file: they are decided on one by one."""
REVIEWED = (*LABELS, *PERSONS, *SENTENCES)
RESTRAINED = frozenset((*SEEN, "place", *HEARD))
"""Kinds of which proposals may be withheld. Never a watched word that somebody asked for, never a flag of
sensitive content, and never a name: whether one may stand is a matter of consent."""
IN_A_GRID = frozenset((*SEEN, "place", "person", "sensitive"))
"""Kinds that show in a small picture whether they are right."""
LONGEST = 200
"""Characters of a label at most."""

GROUPINGS = {"label": LABELS, "person": ("person",), "speaker": ("speaker",), "asset": REVIEWED}
"""The ways to group what waits, and the kinds that each shows."""


def label_of(kind: str, text: str) -> str:
    """The label under which decisions on a fact are counted; "" for all names, and all sentences, of a kind.

    No name of a person is ever written down elsewhere than in the facts themselves.
    """
    return text if kind in LABELS and len(text) <= LONGEST else ""


def title_of(kind: str) -> str:
    """What people call the kind."""
    try:
        return kinds.get(kind).label
    except KeyError:
        return kind.capitalize()
