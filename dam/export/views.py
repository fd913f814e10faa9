"""Downloads of an asset's record in the formats of other archives."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dam.export.record import record_of
from dam.export.registry import FORMATS
from dam.sharing.access import get_asset_for


@login_required
@require_safe
def export(request: HttpRequest, pk: int, format: str) -> HttpResponse:  # noqa: A002
    """The record of an asset as a file, its speech in the translation that ?language= names. ?show has the
    browser use text itself, as a player does captions. Not found where the format does not fit the asset."""
    record = record_of(get_asset_for(request.user, pk), request.GET.get("language", ""))
    chosen = FORMATS.get(format)
    if chosen is None or not chosen.applies_to(record):
        raise Http404("This asset has nothing to say in that format.")
    name = f"{PurePath(record.name).stem or record.sha256}.{chosen.EXTENSION}"
    download = "show" not in request.GET or not chosen.MEDIA_TYPE.startswith("text/")
    headers = {"Content-Disposition": content_disposition_header(download, name) or "attachment"}
    return HttpResponse(chosen.render(record), content_type=chosen.MEDIA_TYPE, headers=headers)
