"""Where files are kept: a directory, or S3-compatible object storage, from one URL."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def storage_config(url: str, area: str) -> dict[str, Any]:
    """Django's STORAGES entry for one area ("originals", "renditions") of MEDIA_STORAGE.

    `file:///path` keeps files below path/area; `s3://key:secret@bucket/prefix?endpoint=URL&region=NAME`
    keeps objects below prefix/area. Raises ValueError for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        location = f"{unquote(parts.path)}/{area}"
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": location}}
    if parts.scheme == "s3":
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _s3_options(url, area)}
    raise ValueError(f"MEDIA_STORAGE must begin with file:// or s3://, not {parts.scheme or url!r}")


def _s3_options(url: str, area: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    prefix = parts.path.strip("/")
    return {
        "bucket_name": parts.hostname,
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
        "location": f"{prefix}/{area}" if prefix else area,
        "file_overwrite": True,
    }
