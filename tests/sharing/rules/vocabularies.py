"""Vocabularies, their terms, and the map: seen by members anywhere, changed by archivists of the library."""

from __future__ import annotations

from dam.vocabularies.models import Broader, Change, Import, Label, Term, Vocabulary
from tests.factories import make_fact
from tests.sharing.rule import ANYWHERE, ARCHIVIST, VIEWER, WHOLE, at, over_all
from tests.sharing.rules import MARK

RULES = {
    "vocabularies": over_all(
        post=ARCHIVIST,
        places=ANYWHERE,
        data=lambda r: {"name": "New", "place": str(r["library"].pk), "language": "en"},
    ),
    "suggest-terms": over_all(places=ANYWHERE),
    "vocabulary": at("vocabulary", get=VIEWER, places=ANYWHERE),
    "export-vocabulary": at("vocabulary", "ending", get=VIEWER, places=ANYWHERE),
    "edit-vocabulary": at(
        "vocabulary",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"name": "Other", "language": "en"},
    ),
    "delete-vocabulary": at("vocabulary", post=ARCHIVIST, places=WHOLE),
    "restore-vocabulary": at("deleted_vocabulary", post=ARCHIVIST, places=WHOLE),
    "new-term": at(
        "vocabulary", get=ARCHIVIST, post=ARCHIVIST, places=WHOLE, data=lambda r: {"preferred": "New"}
    ),
    "new-vocabulary-import": at("vocabulary", get=ARCHIVIST, post=ARCHIVIST, places=WHOLE),
    "vocabulary-import": at("vocabulary_import", get=ARCHIVIST, places=WHOLE),
    "confirm-vocabulary-import": at("vocabulary_import", post=ARCHIVIST, places=WHOLE),
    "undo-vocabulary-change": at("vocabulary_change", post=ARCHIVIST, places=WHOLE),
    "term": at("term", get=VIEWER, places=ANYWHERE),
    "term-branch": at("term", get=VIEWER, places=ANYWHERE),
    "edit-term": at(
        "term",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"preferred": "Other", "revision": 0},
    ),
    "merge-term": at(
        "term", get=ARCHIVIST, post=ARCHIVIST, places=WHOLE, data=lambda r: {"into": r["narrower"].name}
    ),
    "delete-term": at("term", get=ARCHIVIST, post=ARCHIVIST, places=WHOLE),
    "place-map": over_all(),
    "map-points": over_all(),
}
KEPT = (Vocabulary, Term, Label, Broader, Import, Change)


def rows(rows):
    """A vocabulary with a term below another, an import that waits, and a change."""
    vocabulary = Vocabulary.objects.create(library=rows["library"], name=MARK)
    deleted = Vocabulary.objects.create(
        library=rows["library"], name=f"{MARK} deleted", deleted_at="2020-01-01T00:00Z"
    )
    term, narrower = (
        Term.objects.create(vocabulary=vocabulary, uri=f"urn:{name.replace(' ', '_')}", name=name)
        for name in (MARK, f"{MARK} Owl")
    )
    for each in (term, narrower):
        Label.objects.create(
            term=each, kind="preferred", language="en", text=each.name, plain=each.name.lower()
        )
    Broader.objects.create(narrower=narrower, broader=term)
    make_fact(rows["asset"], "position", "", details={"lat": 53.5, "lon": 9.9})
    make_fact(rows["asset"], "place", MARK)
    return {
        "vocabulary": vocabulary,
        "deleted_vocabulary": deleted,
        "term": term,
        "narrower": narrower,
        "ending": "ttl",
        "vocabulary_import": Import.objects.create(vocabulary=vocabulary, name=MARK, state="ready"),
        "vocabulary_change": Change.objects.create(vocabulary=vocabulary, text=MARK, before=[], after=[]),
    }
