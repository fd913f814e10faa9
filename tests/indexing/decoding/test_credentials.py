"""Content Credentials of real signed files, tampered ones, hostile ones, and one signed here."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from indexing.decoding import credentials
from indexing.media import open_media
from tests.indexing.decoding.signing import signed_picture

TAMPERED = ("adobe-20220124-E-clm-CAICAI", "adobe-20220124-E-uri-CA", "rs__E-sig-CA", "rs__XCA")
SIGNED = (
    "adobe-20220124-C", "adobe-20220124-CACAICAICICA", "adobe-20220124-CAI", "rs__CA", "rs__CA_ct",
    "rs__CIE-sig-CA", "rs__C_with_CAWG_data", "rs__legacy_ingredient_hash", "rs__ocsp",
    "rs__ocsp_with_assertion", "rs__video1",
)  # fmt: skip
KNOWN = {
    **dict.fromkeys(SIGNED, "Valid"),
    **dict.fromkeys(TAMPERED, "Invalid"),
    "rs__cloudx": "elsewhere",
    "rs__no_alg": "unreadable",
}


def state_of(path: Path) -> str:
    told = credentials.read(path)
    return told["state"] if told else ""


def test_every_labelled_file_is_judged_rightly(shared: Callable[..., Path]) -> None:
    folder = shared("media", "c2pa")
    rows = list(csv.DictReader((folder / "manifest.csv").open()))
    states = {Path(row["file"]).stem: state_of(folder / row["file"]) for row in rows}
    assert {name: state for name, state in states.items() if state} == KNOWN
    assert {Path(row["file"]).stem for row in rows if row["expected"] == "error"} <= set(TAMPERED)


def test_the_expected_manifests_are_read(shared: Callable[..., Path]) -> None:
    folder = shared("media", "c2pa")
    expected = sorted(folder.glob("*__manifest_store.json"))
    assert expected
    for path in expected:
        known = json.loads(path.read_text())
        told = credentials.read(folder / f"{path.name.split('__')[0]}.jpg")
        assert told
        store = told["store"]
        assert store["active_manifest"] == known["active_manifest"]
        for label, manifest in known["manifests"].items():
            assert store["manifests"][label]["claim_generator"] == manifest["claim_generator"]
            titles = [each["title"] for each in manifest.get("ingredients", ())]
            assert [each["title"] for each in store["manifests"][label].get("ingredients", ())] == titles


def test_a_manifest_on_the_web_is_not_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/manifest"
        path = signed_picture(tmp_path / "made.jpg", "digitalCapture", kept_at=address)
        assert credentials.read(path) == {"state": "elsewhere", "url": address}
        server.shutdown()
    assert asked == []


def test_hostile_files_neither_crash_nor_hang(shared: Callable[..., Path]) -> None:
    folder = shared("media", "hostile")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".csv")
    for path in random.Random(4).sample(files, 60):
        assert open_media("image", path, None).manifest() is None


def test_a_file_signed_here_says_what_it_declares_until_a_byte_changes(tmp_path: Path) -> None:
    path = signed_picture(tmp_path / "made.jpg", "trainedAlgorithmicMedia")
    assert state_of(path) == "Valid"
    changed = bytearray(path.read_bytes())
    changed[-40] ^= 1
    path.write_bytes(changed)
    assert state_of(path) == "Invalid"


def test_a_damaged_file_without_credentials_has_none(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40)
    assert credentials.read(path) is None
