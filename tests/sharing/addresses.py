"""What each address of the site asks of a visitor. An address without a rule fails the access matrix."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.sharing.rule import (
    ADMINISTRATOR,
    ANYWHERE,
    ARCHIVIST,
    CONTRIBUTOR,
    INSTALLATION,
    NOBODY,
    VIEWER,
    WHOLE,
    Rows,
    Rule,
    at,
    over_all,
)
from tests.sharing.rules import gathered


def _tus_headers(rows: Rows) -> dict[str, str]:
    place = base64.b64encode(str(rows["library"].pk).encode()).decode()
    return {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": f"library {place}"}


PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "api:schema",
    "api:docs",
    "api:token",
    "api:no-such-address",
    "opensearch",
} | gathered("PUBLIC", set())
"""Open to all: they show and change nothing but the visitor's own sign-in, or describe the API."""

OWN = {
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
} | gathered("OWN", set())
"""About the visitor's own account: whoever is not signed in is sent to sign in."""

RULES: dict[str, Rule] = {
    "library": over_all(),
    "search": over_all(),
    "search-help": over_all(),
    "suggestions": over_all(),
    "recent-searches": over_all(),
    "forget-searches": Rule(),
    "forget-search": at("recent", post=NOBODY),
    "saved-searches": over_all(),
    "new-saved-search": over_all(),
    "read-news": Rule(),
    "saved-search": at("saved", get=VIEWER, places=WHOLE),
    "open-saved-search": at("saved", get=VIEWER, places=WHOLE),
    "edit-saved-search": at("saved", post=NOBODY, data=lambda r: {"name": "Other", "text": "other"}),
    "saved-search-alerts": at("saved", post=NOBODY, data=lambda r: {"alerts": "on"}),
    "delete-saved-search": at("saved", post=NOBODY),
    "restore-saved-search": at("deleted", post=NOBODY),
    "similar": over_all(),
    "similar-music": over_all(),
    "similar-topics": at("recording", get=VIEWER),
    "opensearch-suggestions": over_all(),
    "music-map": over_all(),
    "jobs": over_all(),
    "models": over_all(),
    "collections": over_all(
        post=ARCHIVIST, places=WHOLE, data=lambda r: {"name": "New", "place": f"library-{r['library'].pk}"}
    ),
    "upload": over_all(),
    "new-library": at(get=INSTALLATION, post=INSTALLATION, data=lambda r: {"name": "New", "slug": "new"}),
    "asset": at("asset", get=VIEWER),
    "alike": at("asset", get=VIEWER),
    "original": at("asset", get=VIEWER),
    "rendition": at("asset", "rendition", get=VIEWER),
    "export": at("asset", "format", get=VIEWER),
    "transcript": at("recording", get=VIEWER),
    "correct-speech": at("speech", post=ARCHIVIST, data=lambda r: {"text": "Other words"}),
    "undo-correction": at("correction", post=ARCHIVIST),
    "add-to-collection": at("asset", post=ARCHIVIST, data=lambda r: {"collection": r["collection"].pk}),
    "remove-from-collection": at("asset", "collection", post=ARCHIVIST),
    "retry-asset": at("asset", post=ARCHIVIST),
    "decide": at("annotation", post=ARCHIVIST, data=lambda r: {"decision": "rejected"}),
    "collection": at("collection", get=VIEWER),
    "edit-collection": at("collection", get=ARCHIVIST, post=ARCHIVIST, data=lambda r: {"name": "Other"}),
    "delete-collection": at("collection", post=ARCHIVIST),
    "members": at(
        "library",
        get=ADMINISTRATOR,
        post=ADMINISTRATOR,
        places=WHOLE,
        data=lambda r: {"email": "new@example.org", "role": int(VIEWER)},
    ),
    "remove-member": at("library", "membership", post=ADMINISTRATOR, places=WHOLE),
    "steer": at("library", post=ARCHIVIST, places=WHOLE, data=lambda r: {"action": "pause"}),
    "people": over_all(),
    "new-person": over_all(
        post=ARCHIVIST, places=WHOLE, data=lambda r: {"library": r["library"].pk, "name": "New"}
    ),
    "person": at("person", get=VIEWER),
    "edit-person": at(
        "person", get=ARCHIVIST, post=ARCHIVIST, places=WHOLE, data=lambda r: {"name": "Other"}
    ),
    "record-consent": at(
        "person",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"scope": "face", "given_by": "Ada", "given_at": "2020-01-01T10:00"},
    ),
    "withdraw-consent": at("person", get=ARCHIVIST, post=ARCHIVIST, places=WHOLE),
    "consent-evidence": at("consent", get=ARCHIVIST, places=WHOLE),
    "receipt": at("receipt", get=ARCHIVIST, places=WHOLE),
    "face-group": at(
        "group",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"person": r["person"].pk, "faces": [r["face"].pk]},
    ),
    "library-recognition": at(
        "library", get=ADMINISTRATOR, post=ADMINISTRATOR, places=WHOLE, data=lambda r: {"action": "end"}
    ),
    "asset-faces": at("asset", get=ARCHIVIST),
    "face-picture": at("face", get=VIEWER),
    "name-face": at("face", get=ARCHIVIST, post=ARCHIVIST, data=lambda r: {"person": r["person"].pk}),
    "asset-voices": at("asset", get=ARCHIVIST),
    "name-voice": at("voice", get=ARCHIVIST, post=ARCHIVIST, data=lambda r: {"person": r["person"].pk}),
    "take-back-voice": at("voice", post=ARCHIVIST),
    "highlights": at("asset", get=VIEWER),
    "make-reel": at("asset", post=ARCHIVIST),
    "narration": at("asset", get=VIEWER),
    "speak-narration": at("asset", post=ARCHIVIST),
    "watchlists": over_all(
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {
            "name": "New",
            "place": f"library-{r['library'].pk}",
            "language": "en",
            "entries": "Ada",
        },
    ),
    "watchlist": at("watchlist", get=VIEWER),
    "export-watchlist": at("watchlist", get=VIEWER),
    "follow-watchlist": at("watchlist", post=VIEWER),
    "edit-watchlist": at(
        "watchlist",
        get=ARCHIVIST,
        post=ARCHIVIST,
        data=lambda r: {"name": "Other", "language": "en", "entries": "Ada"},
    ),
    "delete-watchlist": at("watchlist", post=ARCHIVIST),
    "alerts": Rule(methods={"GET": 0, "POST": 0}),
    "job": at("job", get=CONTRIBUTOR),
    "steer-job": at("job", post=CONTRIBUTOR, data=lambda r: {"action": "pause"}),
    "tus": Rule(methods={"POST": CONTRIBUTOR}, places=WHOLE, headers=_tus_headers),
    "tus-upload": Rule(("upload",), {"GET": NOBODY, "PATCH": NOBODY, "DELETE": NOBODY}, headers=_tus_headers),
    "api:asset-list": over_all(),
    "api:collection-list": over_all(
        post=ARCHIVIST, places=WHOLE, data=lambda r: {"name": "New", "library": r["library"].pk}
    ),
    "api:library-list": over_all(),
    "api:ingest-job-list": over_all(),
    "api:trash-list": over_all(),
    "api:search": over_all(),
    "api:asset-detail": at(
        "asset", get=VIEWER, patch=ARCHIVIST, delete=ARCHIVIST, data=lambda r: {"title": "Other"}
    ),
    "api:asset-original": at("asset", get=VIEWER),
    "api:asset-progress": at("asset", get=VIEWER),
    "api:annotation-list": at("asset", get=VIEWER),
    "api:annotation-detail": at("asset", "annotation", get=VIEWER),
    "api:annotation-review": at(
        "asset", "annotation", post=ARCHIVIST, data=lambda r: {"decision": "accepted"}
    ),
    "api:rendition-list": at("asset", get=VIEWER),
    "api:rendition-content": at("asset", "rendition", get=VIEWER),
    "api:trash-restore": at("trashed", post=ARCHIVIST),
    "api:collection-detail": at(
        "collection", get=VIEWER, patch=ARCHIVIST, delete=ARCHIVIST, data=lambda r: {"name": "Other"}
    ),
    "api:collection-assets": at("collection", post=ARCHIVIST, data=lambda r: {"assets": [r["asset"].pk]}),
    "api:collection-asset": at("collection", "asset", delete=ARCHIVIST),
    "api:library-detail": at("library", get=VIEWER, places=ANYWHERE),
    "api:library-progress": at("library", get=VIEWER, places=WHOLE),
    "api:ingest-job-detail": at("job", get=CONTRIBUTOR),
    "api:ingest-item-list": at("job", get=CONTRIBUTOR),
} | gathered("RULES", {})


def patterns() -> dict[str, URLPattern]:
    """Every pattern of the site by its full name, or by its route where it has none."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(
    found: list[URLPattern | URLResolver], space: str = "", route: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, inner, here)
        else:
            yield (f"{space}{each.name}" if each.name else here), each
