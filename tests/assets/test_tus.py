"""Resumable uploads, against the words of the tus 1.0 protocol."""

from __future__ import annotations

import base64
import errno
import hashlib
import http.client
import json
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from dam.assets import tus_store
from dam.assets.ingest import ingest
from dam.assets.models import IngestItem, IngestJob
from dam.assets.sweeping import sweep
from dam.collections.models import Collection
from dam.sharing.models import Role
from tests.factories import make_library, make_member
from tests.media_made import make_picture

pytestmark = pytest.mark.django_db

BODY = "application/offset+octet-stream"


class Tus:
    """A client that speaks tus over Django's test client."""

    def __init__(self, user, **metadata) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.metadata = metadata

    def call(self, method, address, body=b"", content_type=BODY, **headers):
        headers = {
            "Tus-Resumable": "1.0.0",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.generic(method, address, body, content_type, headers=headers)

    def begin(self, length, body=b"", content_type="", **headers):
        pairs = {"filename": "a.png", **self.metadata}
        said = ",".join(
            f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in pairs.items()
        )
        headers = {"Upload-Length": str(length), "Upload-Metadata": said, **headers}
        return self.call("POST", reverse("tus"), body, content_type, **headers)

    def send(self, address, offset, body, **headers):
        return self.call("PATCH", address, body, **{"Upload-Offset": str(offset), **headers})

    def offset(self, address):
        return int(self.call("HEAD", address)["Upload-Offset"])


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def tus(library):
    return Tus(make_member(library, Role.CONTRIBUTOR), library=library.pk)


@pytest.fixture
def picture(tmp_path) -> bytes:
    return make_picture(tmp_path / "a.png", seed=len(tmp_path.name)).read_bytes()


def checksum(body: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, body).digest()).decode()}"


def test_the_server_says_what_it_can_do(tus):
    answer = tus.call("OPTIONS", reverse("tus"))
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,creation-with-upload,termination,expiration,checksum"
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"
    assert answer["Tus-Max-Size"] == str(100 << 30)


def test_an_upload_in_pieces_becomes_an_asset(tus, library, picture):
    begun = tus.begin(len(picture))
    assert begun.status_code == 201
    assert begun["Upload-Expires"].endswith("GMT")
    address = begun["Location"]
    assert tus.offset(address) == 0
    first = tus.send(address, 0, picture[:100])
    assert (first.status_code, first["Upload-Offset"]) == (204, "100")
    assert not IngestItem.objects.exists()
    last = tus.send(address, 100, picture[100:])
    assert last["Upload-Offset"] == str(len(picture))
    item = IngestItem.objects.get()
    assert (item.name, item.job.library, item.state) == ("a.png", library, "waiting")
    ingest(item.pk)
    item.refresh_from_db()
    assert item.asset.sha256 == hashlib.sha256(picture).hexdigest()
    assert tus.call("HEAD", address).status_code == 404


def test_the_first_bytes_may_come_with_the_beginning(tus, picture):
    begun = tus.begin(len(picture), picture[:50], BODY)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "50")
    whole = tus.begin(len(picture), picture, BODY)
    assert whole["Upload-Offset"] == str(len(picture))
    assert IngestItem.objects.count() == 1


def test_an_empty_file_is_complete_at_once(tus):
    tus.begin(0)
    assert IngestItem.objects.count() == 1


def test_head_tells_where_to_go_on_and_is_never_cached(tus, picture):
    address = tus.begin(len(picture), picture[:70], BODY)["Location"]
    answer = tus.call("HEAD", address)
    assert answer.status_code == 200
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("70", str(len(picture)))
    assert answer["Cache-Control"] == "no-store"


def test_bytes_at_another_offset_are_refused(tus):
    address = tus.begin(10)["Location"]
    assert tus.send(address, 5, b"67890").status_code == 409
    assert tus.offset(address) == 0


def test_more_bytes_than_announced_are_refused(tus):
    address = tus.begin(10)["Location"]
    assert tus.send(address, 0, b"x" * 11).status_code == 413
    assert tus.offset(address) == 0


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_checksum_that_matches_is_taken_and_one_that_does_not_is_not(tus, algorithm):
    address = tus.begin(10)["Location"]
    wrong = tus.send(address, 0, b"12345", Upload_Checksum=checksum(b"54321", algorithm))
    assert (wrong.status_code, tus.offset(address)) == (460, 0)
    right = tus.send(address, 0, b"12345", Upload_Checksum=checksum(b"12345", algorithm))
    assert (right.status_code, tus.offset(address)) == (204, 5)


@pytest.mark.parametrize("said", ["md5 AAAA", "sha256 not-base64!", "sha256"])
def test_a_checksum_that_cannot_be_read_is_refused(tus, said):
    address = tus.begin(10)["Location"]
    assert tus.send(address, 0, b"12345", Upload_Checksum=said).status_code in (400, 460)
    assert tus.offset(address) == 0


def test_an_upload_can_be_ended(tus):
    address = tus.begin(10, b"123", BODY)["Location"]
    assert tus.call("DELETE", address).status_code == 204
    assert tus.call("HEAD", address).status_code == 404
    assert tus.send(address, 3, b"4").status_code == 404


def test_a_complete_upload_cannot_be_ended(tus):
    address = tus.begin(3, b"123", BODY)["Location"]
    assert tus.call("DELETE", address).status_code == 409
    assert IngestItem.objects.count() == 1


def test_another_version_of_the_protocol_is_refused(tus):
    answer = tus.begin(10, Tus_Resumable="0.2.2")
    assert answer.status_code == 412
    assert answer["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize("length", ["-1", "ten", "", "9" * 30])
def test_a_length_that_is_no_number_is_refused(tus, length):
    assert tus.begin(length).status_code == 400


def test_a_file_that_is_too_large_is_refused_before_any_byte(tus, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    assert tus.begin(1001).status_code == 413
    assert tus.begin(1000).status_code == 201


def test_a_body_of_another_type_is_refused(tus):
    address = tus.begin(10)["Location"]
    answer = tus.call("PATCH", address, b"12345", "text/plain", Upload_Offset="0")
    assert answer.status_code == 415


def test_metadata_that_cannot_be_read_is_refused(tus):
    answer = tus.call("POST", reverse("tus"), Upload_Length="3", Upload_Metadata="filename ***")
    assert answer.status_code == 400


def test_a_client_that_can_only_post_may_name_its_method(tus):
    address = tus.begin(10)["Location"]
    answer = tus.call("POST", address, b"12345", X_HTTP_Method_Override="PATCH", Upload_Offset="0")
    assert (answer.status_code, tus.offset(address)) == (204, 5)


def test_two_writers_do_not_mix(tus):
    address = tus.begin(10)["Location"]
    [upload] = [each for each in tus_store.unfinished() if each.key.hex in address.replace("-", "")]
    with tus_store.only_writer(upload):
        assert tus.send(address, 0, b"12345").status_code == 423
    assert tus.send(address, 0, b"12345").status_code == 204


def test_a_full_disk_is_said_and_what_came_is_kept(tus, monkeypatch):
    address = tus.begin(10, b"123", BODY)["Location"]
    full = OSError(errno.ENOSPC, "No space left on device")

    def no_room(*_):
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(tus_store, "_copy", no_room)
        assert tus.send(address, 3, b"4567").status_code == 507
    assert tus.offset(address) == 3


def test_only_its_owner_may_see_or_continue_an_upload(tus, library):
    address = tus.begin(10)["Location"]
    teammate = Tus(make_member(library, Role.CONTRIBUTOR))
    assert teammate.call("HEAD", address).status_code == 404
    assert teammate.send(address, 0, b"12345").status_code == 404
    assert teammate.call("DELETE", address).status_code == 404
    assert Client().head(address, headers={"Tus-Resumable": "1.0.0"}).status_code in (401, 403)


def test_a_viewer_and_a_stranger_may_not_upload(library):
    assert Tus(make_member(library), library=library.pk).begin(10).status_code == 403
    assert Tus(make_member(make_library(), Role.CONTRIBUTOR), library=library.pk).begin(10).status_code == 403


def test_a_contributor_of_a_collection_may_upload_there_only(library):
    collection = Collection.objects.create(library=library, name="Mine")
    other = Collection.objects.create(library=library, name="Not mine")
    user = make_member(library, Role.CONTRIBUTOR, collection)
    assert Tus(user, collection=collection.pk).begin(10).status_code == 201
    assert Tus(user, collection=other.pk).begin(10).status_code == 403
    assert Tus(user, library=library.pk).begin(10).status_code == 403


def test_an_upload_may_join_a_job_of_its_owner_only(library, tus):
    user = make_member(library, Role.CONTRIBUTOR)
    own = IngestJob.objects.create(library=library, created_by=user, label="mine")
    others = IngestJob.objects.create(library=library, label="not mine")
    Tus(user, job=own.pk).begin(1, b"x", BODY)
    assert own.items.count() == 1
    assert Tus(user, job=others.pk).begin(1).status_code == 403
    assert Tus(user).begin(1).status_code == 400
    assert Tus(user, library="one").begin(1).status_code == 400


def test_a_session_needs_the_csrf_token_and_a_token_does_not(library):
    user = make_member(library, Role.CONTRIBUTOR)
    said = f"library {base64.b64encode(str(library.pk).encode()).decode()}"
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Metadata": said}
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(reverse("tus"), headers=headers).status_code == 403
    token = Token.objects.create(user=user).key
    bearer = {**headers, "Authorization": f"Token {token}"}
    assert Client(enforce_csrf_checks=True).post(reverse("tus"), headers=bearer).status_code == 201


def test_a_complete_upload_that_nobody_entered_is_entered_by_the_sweep(library):
    """As after a kill between the last byte and the job."""
    user = make_member(library, Role.CONTRIBUTOR)
    job = IngestJob.objects.create(library=library, created_by=user, label="mine")
    upload = tus_store.create(3, "a.png", user.pk, job.pk)
    upload.path.write_bytes(b"abc")
    half = tus_store.create(3, "b.png", user.pk, job.pk)
    half.path.write_bytes(b"ab")
    sweep()
    sweep()
    assert [item.name for item in job.items.all()] == ["a.png"]


def test_the_name_of_an_upload_cannot_leave_the_quarantine(tus, picture):
    tus.metadata["filename"] = "../../../etc/cron.d/\nevil.png"
    tus.begin(len(picture), picture, BODY)
    assert IngestItem.objects.get().name == "\ufffdevil.png"


@pytest.mark.django_db(transaction=True)
def test_what_came_before_the_connection_broke_is_kept(live_server, library):
    user = make_member(library, Role.CONTRIBUTOR)
    token = Token.objects.create(user=user).key
    size = 3 << 20
    job = IngestJob.objects.create(library=library, created_by=user, label="mine")
    upload = tus_store.create(size, "a.bin", user.pk, job.pk)
    parts = urlsplit(live_server.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.putrequest("PATCH", reverse("tus-upload", args=[upload.key]))
    said = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": BODY, "Content-Length": str(size)}
    for name, value in {**said, "Authorization": f"Token {token}"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"x" * (2 << 20))
    connection.close()
    deadline = time.monotonic() + 10
    while not upload.offset and time.monotonic() < deadline:
        time.sleep(0.05)
    assert 0 < Tus(user).offset(reverse("tus-upload", args=[upload.key])) <= 2 << 20


RESUME = """
const tus = require("tus-js-client");
const fs = require("fs");
const [endpoint, token, path, library] = process.argv.slice(1);
const options = (extra) => ({
  endpoint, chunkSize: 200000, retryDelays: null,
  headers: {Authorization: `Token ${token}`},
  metadata: {filename: "film.png", library}, ...extra,
});
const first = new tus.Upload(fs.createReadStream(path), options({
  uploadSize: fs.statSync(path).size,
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onChunkComplete: async () => {
    await first.abort();
    const again = new tus.Upload(fs.createReadStream(path), options({
      uploadSize: fs.statSync(path).size, uploadUrl: first.url,
      onError: (error) => { console.error(String(error)); process.exit(1); },
      onSuccess: () => { console.log(JSON.stringify({url: again.url})); process.exit(0); },
    }));
    again.start();
  },
}));
first.start();
"""


@pytest.mark.django_db(transaction=True)
def test_tus_js_client_resumes_an_upload_that_was_broken_off(live_server, library, tmp_path, settings):
    client = settings.BASE_DIR / "node_modules" / "tus-js-client"
    node = shutil.which("node")
    if node is None or not client.exists():
        pytest.skip("node or node_modules/tus-js-client is missing")
    user = make_member(library, Role.CONTRIBUTOR)
    token = Token.objects.create(user=user).key
    path: Path = make_picture(tmp_path / "large.png", 700, 500, seed=21)
    arguments = [live_server.url + reverse("tus"), token, str(path), str(library.pk)]
    done = subprocess.run(
        [node, "-e", RESUME, *arguments],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["url"].startswith(live_server.url)
    item = IngestItem.objects.get()
    ingest(item.pk)
    item.refresh_from_db()
    assert item.asset.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
