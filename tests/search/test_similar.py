"""Search by example: from an asset or from a picture that is sent, within what the reader may see."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from dam.assets.models import Asset
from dam.collections.models import Library
from dam.sharing.models import User
from indexing import weights
from indexing.engines.spaces import RENDERED_TEXT
from indexing.models import Embedding
from search import similar
from search.similar import NoExample, of_asset, of_upload, search_by
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user
from tests.indexing.engines.test_perceptual_hash import scene

pytestmark = pytest.mark.django_db


def vector(*values: float) -> np.ndarray:
    made = np.zeros(512, np.float32)
    made[: len(values)] = values
    return made / np.linalg.norm(made)


def embed(asset: Asset, values: np.ndarray, **place: float) -> None:
    run = asset.runs.filter(analyser="clip").first() or make_run(asset, "clip")
    Embedding.objects.create(asset=asset, run=run, space=RENDERED_TEXT, vector=values, **place)


def picture(format_: str = "PNG") -> bytes:
    buffer = BytesIO()
    scene(1).save(buffer, format_)
    return buffer.getvalue()


def upload(data: bytes, name: str = "example.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


@pytest.fixture
def page(client: Client, viewer: User) -> Client:
    client.force_login(viewer)
    return client


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model for which every picture lies on the first axis."""

    class Made:
        name = RENDERED_TEXT

        def encode_images(self, pictures: list[np.ndarray]) -> np.ndarray:
            assert pictures[0].shape == (320, 480, 3)
            return vector(1)[None]

    monkeypatch.setattr(similar, "current_space", lambda path: Made())


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(path: object) -> None:
        raise LookupError("nothing here")

    monkeypatch.setattr(similar, "current_space", missing)


class TestAnAssetAsTheExample:
    def test_the_most_alike_come_first_and_the_example_not_at_all(
        self, library: Library, viewer: User
    ) -> None:
        example, near, nearer, far = (make_asset(library) for _ in range(4))
        for asset, values in ((example, (1,)), (near, (1, 0.8)), (nearer, (1, 0.2)), (far, (0, 1))):
            embed(asset, vector(*values))
        found = search_by(viewer, of_asset(example))
        assert [hit.asset for hit in found.hits] == [nearer, near]
        assert [(moment.reason, moment.text) for moment in found.hits[0].moments] == [
            ("looks like", "your example")
        ]

    def test_moments_of_a_film_are_grouped_best_first(self, library: Library, viewer: User) -> None:
        example, film = make_asset(library), make_asset(library, kind="video", duration=50)
        embed(example, vector(1))
        for number, away in enumerate((0.5, 0.1, 0.4, 0.3, 9)):
            embed(film, vector(1, away), start=10.0 * number, end=10.0 * number + 10)
        (hit,) = search_by(viewer, of_asset(example)).hits
        assert [moment.start for moment in hit.moments] == [10.0, 30.0, 20.0]
        assert hit.more_moments == 1

    def test_a_film_gives_the_shot_at_the_second_and_finds_its_others(
        self, library: Library, viewer: User
    ) -> None:
        film, like_first = make_asset(library, kind="video", duration=30), make_asset(library)
        for number, values in enumerate(((1, 0), (0, 1), (0.9, 0.2))):
            embed(film, vector(*values), start=10.0 * number, end=10.0 * number + 10)
        embed(like_first, vector(1, 0.01))
        found = search_by(viewer, of_asset(film, 4.0))
        assert [hit.asset for hit in found.hits] == [like_first, film]
        assert [moment.start for moment in found.hits[1].moments] == [20.0]
        assert search_by(viewer, of_asset(film)).hits == []

    def test_what_the_reader_may_not_see_is_not_found(self, library: Library, viewer: User) -> None:
        example, hidden = make_asset(library), make_asset()
        for asset in (example, hidden):
            embed(asset, vector(1))
        assert search_by(viewer, of_asset(example)).hits == []

    def test_an_asset_that_was_not_looked_at_is_explained(self, library: Library) -> None:
        with pytest.raises(NoExample, match="not been looked at"):
            of_asset(make_asset(library))


class TestAPictureThatIsSent:
    @pytest.mark.usefixtures("model")
    def test_it_is_decoded_and_nothing_of_it_stays(self) -> None:
        example = of_upload(upload(picture()))
        assert (example.space, example.own) == (RENDERED_TEXT, None)
        assert example.vector[0] == 1
        assert not [each for each in Path(settings.QUARANTINE_DIR).iterdir() if "example" in each.name]

    @pytest.mark.usefixtures("model")
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b"just words", "text file"),
            (b"%PDF-1.7 and so on", "PDF"),
            (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "must be a picture"),
            (b"\x89PNG\r\n\x1a\n" + bytes(200), "."),
        ],
    )
    def test_what_is_no_picture_is_refused_in_words(self, data: bytes, reason: str) -> None:
        with pytest.raises(NoExample, match=reason):
            of_upload(upload(data))

    @pytest.mark.usefixtures("model")
    def test_a_huge_one_is_refused_before_it_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(similar, "LARGEST", 1000)
        with pytest.raises(NoExample, match="larger than"):
            of_upload(upload(picture()))

    @pytest.mark.usefixtures("no_model")
    def test_without_a_model_it_says_so(self) -> None:
        with pytest.raises(NoExample, match="not installed"):
            of_upload(upload(picture()))

    @pytest.mark.models
    def test_the_real_model_finds_the_photograph_it_was_cut_from(
        self, library: Library, viewer: User, shared: Callable[..., Path]
    ) -> None:
        if not weights.available(RENDERED_TEXT) or weights.available("clip-vit-b-32-laion2b"):
            pytest.skip(weights.shelf().reason(RENDERED_TEXT) or "another model is preferred here")
        paths = sorted(shared("media", "photos_coco", "images").iterdir())[:4]
        assets = [make_asset(library) for _ in paths]
        for asset, path in zip(assets, paths, strict=True):
            embed(asset, of_upload(upload(path.read_bytes())).vector)
        photograph = Image.open(paths[2])
        width, height = photograph.size
        buffer = BytesIO()
        photograph.crop((width // 8, height // 8, width, height)).save(buffer, "JPEG", quality=40)
        found = search_by(viewer, of_upload(upload(buffer.getvalue(), "cut.jpg")))
        assert found.hits[0].asset == assets[2]


class TestThePage:
    def test_without_an_example_it_explains_itself(self, page: Client) -> None:
        assert "Show what you are looking for" in page.get("/search/similar/").content.decode()

    def test_an_assets_results_have_an_address(self, page: Client, library: Library) -> None:
        example, like = make_asset(library, title="Harbour"), make_asset(library)
        embed(example, vector(1))
        embed(like, vector(1, 0.1))
        text = page.get("/search/similar/", {"asset": example.pk, "t": "2"}).content.decode()
        assert "Like Harbour" in text
        assert f'href="/assets/{like.pk}/"' in text
        assert "looks like" in text
        assert "your example" in text

    @pytest.mark.parametrize("asset", ["x", "²", "9" * 40, "0"])
    def test_no_asset_is_no_page(self, page: Client, asset: str) -> None:
        assert page.get("/search/similar/", {"asset": asset}).status_code == 404

    def test_anothers_asset_is_no_page(self, page: Client) -> None:
        hidden = make_asset()
        embed(hidden, vector(1))
        assert page.get("/search/similar/", {"asset": hidden.pk}).status_code == 404

    @pytest.mark.usefixtures("model")
    def test_a_sent_picture_is_answered_and_said_not_to_be_kept(self, page: Client, library: Library) -> None:
        like = make_asset(library)
        embed(like, vector(1, 0.1))
        response = page.post("/search/similar/", {"example": upload(picture("JPEG"), "a.jpg")})
        text = response.content.decode()
        assert f'href="/assets/{like.pk}/"' in text
        assert "not kept" in text

    @pytest.mark.usefixtures("model")
    @pytest.mark.parametrize("data", [{}, {"example": "words"}])
    def test_nothing_sent_is_explained(self, page: Client, data: dict) -> None:
        assert 'role="alert"' in page.post("/search/similar/", data).content.decode()

    @pytest.mark.usefixtures("no_model")
    def test_a_missing_model_is_explained(self, page: Client) -> None:
        text = page.post("/search/similar/", {"example": upload(picture())}).content.decode()
        assert "not installed" in text

    def test_a_flagged_result_is_blurred(self, page: Client, library: Library) -> None:
        example, like = make_asset(library), make_asset(library)
        embed(example, vector(1))
        embed(like, vector(1))
        make_fact(like, "sensitive", "sexual content")
        text = page.get("/search/similar/", {"asset": example.pk}).content.decode()
        assert text.count('class="unveil"') == 1

    def test_strangers_are_sent_to_sign_in(self, client: Client) -> None:
        assert client.get("/search/similar/").status_code == 302
        client.force_login(make_user())
        assert client.get("/search/similar/").status_code == 200
