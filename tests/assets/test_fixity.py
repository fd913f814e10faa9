"""Whether damage to stored originals is found."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from dam.assets.fixity import check, damaged
from dam.assets.models import Asset, originals
from tests.factories import make_asset

pytestmark = pytest.mark.django_db


def make_stored(content: bytes, name: str) -> Asset:
    """An asset whose original has that content."""
    stored = originals().save(f"fixity/{name}", ContentFile(content))
    return make_asset(original=stored, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def overwrite(asset: Asset, content: bytes) -> None:
    originals().delete(asset.original.name)
    originals().save(asset.original.name, ContentFile(content))


def test_a_sound_original_is_no_damage():
    assert check(make_stored(b"as it came", "sound")) is None


def test_one_turned_bit_is_found():
    asset = make_stored(b"as it came", "bit")
    overwrite(asset, b"as iu came")
    assert "SHA-256" in check(asset).reason


def test_a_cut_file_is_found():
    asset = make_stored(b"as it came", "cut")
    overwrite(asset, b"as it")
    assert check(asset).reason == "The stored file has 5 bytes; 10 came in."


def test_a_missing_file_is_found():
    asset = make_stored(b"as it came", "missing")
    originals().delete(asset.original.name)
    assert check(asset).reason == "The stored file is missing."


def test_many_are_checked_and_only_the_damaged_reported():
    sound, bad = make_stored(b"one", "1"), make_stored(b"two", "2")
    overwrite(bad, b"2wo")
    assert [each.asset for each in damaged(Asset.objects.filter(pk__in=[sound.pk, bad.pk]))] == [bad]


def test_the_command_says_which_and_fails():
    make_stored(b"one", "3")
    out, err = StringIO(), StringIO()
    call_command("fixity", stdout=out, stderr=err)
    assert "All 1 originals are sound." in out.getvalue()
    overwrite(make_stored(b"four", "4"), b"5our")
    with pytest.raises(CommandError, match="1 of 2 originals are damaged"):
        call_command("fixity", stdout=out, stderr=err)
    assert "SHA-256" in err.getvalue()
