"""The PostgreSQL backend keeps the contract, and its queries are served by its indexes."""

from __future__ import annotations

from unittest import mock

from django.db import connection

from dam.assets.models import Asset
from dam.sharing.models import User
from search.backends import lexicon
from search.backends.base import Backend
from search.backends.postgres import PostgresBackend
from search.filters import Filters
from search.models import AssetDocument
from search.parser import parse
from tests.search.backends.contract import BackendContract


class TestPostgresBackend(BackendContract):
    def open_backend(self, user: User, filters: Filters | None = None) -> Backend:
        return PostgresBackend((filters or Filters()).apply(Asset.objects.visible_to(user), user), user)

    def test_words_are_looked_up_in_the_index_of_documents(self) -> None:
        self.seen(("object", "dog"), ("speech", "beach"), ("speech", "lake"))
        backend = PostgresBackend(Asset.objects.visible_to(self.viewer))
        tree = backend._tree(parse("dog beach OR lake"))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        documents = AssetDocument.objects.filter(backend._conditions.on_documents(tree))
        assert "asset_document_words" in documents.explain()

    def test_a_part_of_a_name_is_looked_up_in_the_index_of_names(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "asset_document_names" in AssetDocument.objects.filter(names__icontains="arbou").explain()

    def test_terms_are_looked_up_once_for_a_search(self) -> None:
        asset = self.seen(("object", "dog"))
        backend = PostgresBackend(Asset.objects.visible_to(self.viewer))
        with mock.patch("search.backends.lexicon.look_up", wraps=lexicon.look_up) as look_up:
            backend.lexical(parse("dog"), 5)
            backend.moments(parse("dog"), Filters(), [asset.pk], 5)
            backend.matched(parse("dog"), {"dog"})
        assert look_up.call_count == 1
