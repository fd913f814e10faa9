"""`manage.py fixity`: check every stored original against its checksum."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dam.assets.fixity import damaged
from dam.assets.models import Asset


class Command(BaseCommand):
    help = "Read every stored original and report those that are not what came in."

    def handle(self, *args: Any, **options: Any) -> None:
        assets = Asset.objects.all()
        total, bad = assets.count(), 0
        for damage in damaged(assets):
            bad += 1
            self.stderr.write(f"{damage.asset.pk} {damage.asset.original_name}: {damage.reason}")
        if bad:
            raise CommandError(f"{bad} of {total} originals are damaged.")
        self.stdout.write(f"All {total} originals are sound.")
