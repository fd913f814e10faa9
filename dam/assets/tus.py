"""Resumable uploads: tus 1.0 with creation, creation-with-upload, termination, expiration and checksum."""

from __future__ import annotations

import base64
import binascii
import errno
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from dam.assets import tus_store
from dam.assets.destination import upload_target
from dam.assets.models import IngestJob
from dam.assets.tus_store import Upload
from dam.assets.uploads import enter_upload
from dam.sharing.models import User

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
BODY_TYPE = "application/offset+octet-stream"


class Problem(APIException):
    """A refusal of the protocol, with the status code that it asks for."""

    def __init__(self, status_code: int, detail: str) -> None:
        super().__init__(detail)
        self.status_code = status_code


class TusView(APIView):
    """What every address of the protocol has in common."""

    schema = None
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    parser_classes = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let a client that may only send POST name its method; put the version on every answer."""
        override = request.headers.get("X-HTTP-Method-Override")
        if request.method == "POST" and override:
            request.method = override.upper()
        response = super().dispatch(request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise Problem(status.HTTP_412_PRECONDITION_FAILED, f"This server speaks tus {VERSION}.")

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        done = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if done.status_code == status.HTTP_412_PRECONDITION_FAILED:
            done["Tus-Version"] = VERSION
        return done

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """What this server can do."""
        return _answer(
            status.HTTP_204_NO_CONTENT,
            **{
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
                "Tus-Checksum-Algorithm": ",".join(tus_store.ALGORITHMS),
            },
        )


class Creation(TusView):
    """The address at which uploads begin."""

    def post(self, request: Request) -> HttpResponse:
        """Begin an upload, with its first bytes where the request carries some."""
        length = _number(request, "Upload-Length")
        if length > settings.UPLOAD_MAX_BYTES:
            raise Problem(
                status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "The file is larger than this server takes."
            )
        said = _metadata(request.headers.get("Upload-Metadata", ""))
        user = cast(User, request.user)
        job = upload_target(user, *(said.get(key, "") for key in ("library", "collection", "job")))
        upload = tus_store.create(length, said.get("filename", ""), user.pk, job.pk)
        if request.content_type == BODY_TYPE:
            _receive(upload, request)
        address = request.build_absolute_uri(reverse("tus-upload", args=[upload.key]))
        response = _progress(status.HTTP_201_CREATED, upload, Location=address)
        _enter_if_whole(upload)
        return response


class Continuation(TusView):
    """The address of one upload; for its owner only."""

    def head(self, request: Request, key: uuid.UUID) -> HttpResponse:
        """How much has arrived."""
        upload = _own(request, key)
        response = _progress(status.HTTP_200_OK, upload, **{"Upload-Length": str(upload.length)})
        _enter_if_whole(upload)
        return response

    def patch(self, request: Request, key: uuid.UUID) -> HttpResponse:
        """Add bytes at the offset that the client names."""
        upload = _own(request, key)
        if request.content_type != BODY_TYPE:
            raise Problem(status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, f"The body must be {BODY_TYPE}.")
        _receive(upload, request, _number(request, "Upload-Offset"))
        response = _progress(status.HTTP_204_NO_CONTENT, upload)
        _enter_if_whole(upload)
        return response

    def delete(self, request: Request, key: uuid.UUID) -> HttpResponse:
        """Throw an unfinished upload away."""
        upload = _own(request, key)
        if upload.offset == upload.length:
            raise Problem(status.HTTP_409_CONFLICT, "The upload is complete; it is being brought in.")
        with _held(upload):
            tus_store.discard(upload)
        return _answer(status.HTTP_204_NO_CONTENT)


def _answer(code: int, **headers: str) -> HttpResponse:
    return HttpResponse(status=code, headers=headers)


def _progress(code: int, upload: Upload, **headers: str) -> HttpResponse:
    state = {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires.timestamp())}
    return _answer(code, **state, **headers)


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValidationError(f"{header} must be a whole number.")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Upload-Metadata: comma-separated "key BASE64" pairs. Raises ValidationError where it is malformed."""
    pairs = (pair.strip().partition(" ") for pair in header.split(",") if pair.strip())
    try:
        return {key: base64.b64decode(value, validate=True).decode() for key, _, value in pairs}
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValidationError("Upload-Metadata cannot be read: values are UTF-8 in Base64.") from error


def _own(request: Request, key: uuid.UUID) -> Upload:
    upload = tus_store.load(key)
    if upload is None or upload.owner != request.user.pk:
        raise NotFound("There is no such upload, or it is no longer kept.")
    return upload


@contextmanager
def _held(upload: Upload) -> Iterator[None]:
    """Hold an upload for one request, telling another client to come back."""
    try:
        with tus_store.only_writer(upload):
            yield
    except tus_store.Busy as error:
        raise Problem(status.HTTP_423_LOCKED, "Another request is writing to this upload.") from error


def _receive(upload: Upload, request: Request, offset: int = 0) -> None:
    with _held(upload):
        if offset != upload.offset:
            raise Problem(status.HTTP_409_CONFLICT, f"The upload stands at {upload.offset}, not at {offset}.")
        try:
            body = cast(BinaryIO, request._request)
            tus_store.append(upload, body, request.headers.get("Upload-Checksum", ""))
        except (OSError, ValueError, tus_store.BadChecksum, tus_store.TooMuch) as error:
            raise _explained(error) from error


def _explained(error: Exception) -> Exception:
    """The protocol's answer to what went wrong while bytes were being received."""
    if isinstance(error, tus_store.BadChecksum):
        return Problem(460, "The checksum does not match; send these bytes again.")
    if isinstance(error, tus_store.TooMuch):
        return Problem(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "More bytes came than were announced.")
    if isinstance(error, UnreadablePostError):
        return Problem(status.HTTP_400_BAD_REQUEST, "The connection broke; what had arrived is kept.")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem(status.HTTP_507_INSUFFICIENT_STORAGE, "The server's disk is full; try again later.")
    return ValidationError(str(error)) if isinstance(error, ValueError) else error


def _enter_if_whole(upload: Upload) -> None:
    if upload.offset == upload.length:
        enter_upload(IngestJob.objects.get(pk=upload.job), upload.key, upload.name)
