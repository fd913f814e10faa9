"""What the tests of the contract stand in: a library with one viewer, and a backend to ask."""

from __future__ import annotations

from typing import Any

import pytest

from dam.assets.models import Asset
from dam.collections.models import Library
from dam.sharing.models import User
from indexing.models import Annotation
from search import documents
from search.backends.base import Backend
from search.filters import Filters
from search.parser import parse
from search.results import Moment
from tests.factories import make_asset, make_fact, make_library, make_member

PERSON = Annotation.Source.PERSON


@pytest.mark.django_db
class ContractBase:
    """Each test stands in a library with one viewer; `seen` makes an asset there, with facts."""

    library: Library
    viewer: User

    def open_backend(self, user: User, filters: Filters | None = None) -> Backend:
        """The backend over what the user may see, for that user."""
        raise NotImplementedError

    def refresh(self, *assets: Asset) -> None:
        """Bring the index up to date."""
        documents.rebuild([asset.pk for asset in assets])

    @pytest.fixture(autouse=True)
    def _library(self, db: None) -> None:
        self.library = make_library()
        self.viewer = make_member(self.library)

    def seen(self, *facts: tuple[str, str], library: Library | None = None, **fields: Any) -> Asset:
        """An asset with facts, each a kind and a text."""
        asset = make_asset(library or self.library, **fields)
        for kind, text in facts:
            make_fact(asset, kind, text)
        self.refresh(asset)
        return asset

    def film(
        self, *facts: tuple[str, str, float | None, float | None], library: Library | None = None
    ) -> Asset:
        """A film with facts, each a kind, a text, and from which second to which it holds."""
        asset = make_asset(library or self.library, kind="video", duration=60)
        for kind, text, start, end in facts:
            make_fact(asset, kind, text, start=start, end=end)
        self.refresh(asset)
        return asset

    def found(self, text: str, user: User | None = None) -> list[int]:
        """Ids of the assets that answer the string, best first."""
        return list(self.open_backend(user or self.viewer).lexical(parse(text), limit=50).assets)

    def moments_of(self, text: str, asset: Asset, limit: int = 10) -> list[Moment]:
        """The asset's best moments for the string."""
        found = self.open_backend(self.viewer).moments(parse(text), Filters(), [asset.pk], limit)
        return list(found[asset.pk].moments) if asset.pk in found else []

    def times_of(self, text: str, asset: Asset) -> list[tuple[float | None, float | None]]:
        """From which second to which each of those moments lasts."""
        return [(moment.start, moment.end) for moment in self.moments_of(text, asset)]
