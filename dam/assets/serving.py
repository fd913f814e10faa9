"""Sends stored files to browsers: ranges, validators, and headers under which no file can run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from werkzeug.datastructures import Range
from werkzeug.http import parse_if_range_header, parse_range_header

from dam.security import ORIGINAL_POLICY

CHUNK = 256 * 1024
SHOWN_INLINE = re.compile(
    r"image/(jpeg|png|gif|webp|avif|bmp)|(video|audio)/[a-z0-9.+-]+|application/json", re.IGNORECASE
)
UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\/]+")


@dataclass(frozen=True)
class Served:
    """A stored file as a browser is to see it. `tag` changes whenever the bytes do; `size` is in bytes."""

    file: FieldFile
    name: str
    media_type: str
    size: int
    tag: str
    download: bool = False
    max_age: int = 0


def serve(request: HttpRequest, served: Served) -> HttpResponseBase:
    """The file, the part of it that was asked for (206), "not modified" (304), or 416 with the length.

    Raises Http404 where the storage does not hold the file.
    """
    etag = quote_etag(served.tag)
    early = get_conditional_response(request, etag=etag)
    if early is not None:
        return _with_headers(early, served, etag)
    asked = _part_wanted(request, etag)
    response = _stream(served, 0, served.size) if asked is None else _part(served, asked)
    return _with_headers(response, served, etag)


def _part_wanted(request: HttpRequest, etag: str) -> Range | None:
    """The one range of bytes that is asked for, if its If-Range condition (where there is one) holds."""
    asked = parse_range_header(request.headers.get("Range"))
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    condition = request.headers.get("If-Range")
    holds = condition is None or parse_if_range_header(condition).etag == etag.strip('"')
    return asked if holds else None


def _part(served: Served, asked: Range) -> HttpResponseBase:
    span = asked.range_for_length(served.size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{served.size}"})
    start, stop = span
    response = _stream(served, start, stop, status=206)
    response["Content-Range"] = f"bytes {start}-{stop - 1}/{served.size}"
    return response


def _stream(served: Served, start: int, stop: int, status: int = 200) -> StreamingHttpResponse:
    response = StreamingHttpResponse(StoredBytes(served.file, start, stop), status=status)
    response["Content-Length"] = str(stop - start)
    return response


def _with_headers(response: HttpResponseBase, served: Served, etag: str) -> HttpResponseBase:
    inline = SHOWN_INLINE.fullmatch(served.media_type) and not served.download
    name = UNSAFE_IN_NAMES.sub("_", served.name).strip() or "file"
    response["Content-Type"] = served.media_type
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = (
        f"private, max-age={served.max_age}" if served.max_age else "private, no-cache"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = ORIGINAL_POLICY
    return response


class Body(Protocol):
    """What can be read from and let go of."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class StoredBytes:
    """The bytes [start, stop) of a stored file, in chunks.

    Object storage is asked for just that range; every other storage is opened and sought.
    """

    def __init__(self, file: FieldFile, start: int, stop: int) -> None:
        self._left = stop - start
        try:
            stored = file.storage.open(str(file.name), "rb")
        except FileNotFoundError as error:
            raise Http404("The file is missing from the storage.") from error
        self._body = _seek(stored, start, stop)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0:
            chunk = self._body.read(min(CHUNK, self._left))
            if not chunk:
                return
            self._left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of the file or the connection."""
        self._body.close()


def _seek(stored: Any, start: int, stop: int) -> Body:
    if hasattr(stored, "obj"):
        return _object_range(stored, start, stop)
    stored.seek(start)
    body: Body = stored
    return body


def _object_range(stored: Any, start: int, stop: int) -> Body:
    """The body of an S3 range request; django-storages itself would fetch the whole object first."""
    body: Body = stored if start == stop else stored.obj.get(Range=f"bytes={start}-{stop - 1}")["Body"]
    return body
