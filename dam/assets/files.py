"""A stored file as a path on this machine, wherever it is kept."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.models.fields.files import FieldFile


@contextmanager
def local_path(stored: FieldFile) -> Iterator[Path]:
    """The path of a stored file; a remote one is fetched for as long as the block lasts.

    Raises FileNotFoundError where the storage no longer has it.
    """
    try:
        yield Path(stored.path)
    except NotImplementedError:
        with (
            tempfile.NamedTemporaryFile(suffix=Path(stored.name or "").suffix) as copy,
            stored.open("rb") as source,
        ):
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            yield Path(copy.name)
