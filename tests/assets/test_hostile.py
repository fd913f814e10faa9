"""Every hostile file ends as taken in or refused with a reason, within its time, with nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from dam.assets.refusals import Refused
from tests.bench.bench_hostile import take_in

HOSTILE = settings.BASE_DIR.parent / "shared" / "media" / "hostile"
EVERY = 6  # the whole set is run by `make bench`


@pytest.mark.skipif(not HOSTILE.exists(), reason="the shared test media are not here")
def test_a_sixth_of_the_hostile_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(HOSTILE.rglob("*"))
    paths = [path for path in before if path.is_file()][::EVERY]
    reasons = [_reason(path, tmp_path / "made") for path in paths]
    refused = [reason for reason in reasons if reason]
    assert len(refused) > 50
    assert len(reasons) - len(refused) > 5
    assert [reason for reason in refused if not reason.endswith(".") or str(HOSTILE) in reason] == []
    assert sorted(HOSTILE.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def _reason(path: Path, into: Path) -> str:
    """Why the file is refused; "" where it is taken in."""
    into.mkdir(exist_ok=True)
    try:
        take_in(path, into)
    except Refused as refusal:
        return str(refusal)
    return ""
