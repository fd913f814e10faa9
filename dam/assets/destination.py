"""Where a person may bring files in."""

from __future__ import annotations

from rest_framework.exceptions import PermissionDenied, ValidationError

from dam.assets.jobs import upload_job
from dam.assets.models import IngestJob
from dam.collections.models import Collection, Library
from dam.sharing.access import collections_for
from dam.sharing.models import Role, User
from dam.sharing.scopes import whole_libraries_for

NO_PLACE = "You may not add files to this place, or it does not exist."


def upload_target(user: User, library: str, collection: str, job: str) -> IngestJob:
    """The job that takes in this person's uploads; each argument is an id or an empty string.

    Raises PermissionDenied unless the person is a contributor there, ValidationError for a malformed id.
    """
    if job:
        return _own_job(user, _number("job", job))
    if collection:
        holder = _collection(user, _number("collection", collection))
        return upload_job(user, holder.library, holder)
    if library:
        return upload_job(user, _library(user, _number("library", library)), None)
    raise ValidationError("Say to which library, collection or job the upload belongs.")


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValidationError(f"The {name} must be given by its number.")
    return int(text)


def _library(user: User, pk: int) -> Library:
    library = whole_libraries_for(user, Role.CONTRIBUTOR).filter(pk=pk).first()
    if library is None:
        raise PermissionDenied(NO_PLACE)
    return library


def _collection(user: User, pk: int) -> Collection:
    allowed = collections_for(user, Role.CONTRIBUTOR).filter(query="").select_related("library")
    collection = allowed.filter(pk=pk).first()
    if collection is None:
        raise PermissionDenied(NO_PLACE)
    return collection


def _own_job(user: User, pk: int) -> IngestJob:
    """A job this person has begun, at a place where they may still add files."""
    job = IngestJob.objects.filter(pk=pk, created_by=user).first()
    if job is None:
        raise PermissionDenied(NO_PLACE)
    if job.collection_id:
        _collection(user, job.collection_id)
    else:
        _library(user, job.library_id)
    return job
