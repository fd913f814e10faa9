"""A library with an archivist, a viewer, and an asset whose file is there."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from dam.assets.models import Rendition
from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member

BYTES = b"the original as it came in"


@pytest.fixture
def library():
    return make_library("Harbour archive")


@pytest.fixture
def asset(library):
    asset = make_asset(library, title="The lighthouse", original_name="light.jpg", size=len(BYTES))
    asset.original.save("light.jpg", ContentFile(BYTES))
    return asset


@pytest.fixture
def photograph(library, tmp_path):
    """An asset with a photograph of 2000 x 1000 grey pixels."""
    path = tmp_path / "grey.jpg"
    Image.new("RGB", (2000, 1000), (90, 90, 90)).save(path, quality=95)
    asset = make_asset(library, original_name="grey.jpg", size=path.stat().st_size, width=2000, height=1000)
    asset.original.save("grey.jpg", ContentFile(path.read_bytes()))
    return asset


@pytest.fixture
def collection(library, asset):
    collection = Collection.objects.create(library=library, name="Lights")
    CollectionItem.objects.create(collection=collection, asset=asset)
    return collection


@pytest.fixture
def viewer(library):
    return make_member(library, Role.VIEWER)


@pytest.fixture
def archivist(library):
    return make_member(library, Role.ARCHIVIST)


@pytest.fixture
def as_viewer(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def as_archivist(client, archivist):
    client.force_login(archivist)
    return client


@pytest.fixture
def as_administrator(client, library):
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    return client


def give(asset, name, content=b"bytes", media_type="image/webp", **fields):
    """A rendition of that name with a stored file."""
    made = Rendition(asset=asset, name=name, media_type=media_type, size=len(content), **fields)
    made.file.save(f"{asset.pk}-{name}", ContentFile(content))
    return made
