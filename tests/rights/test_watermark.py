"""The mark over copies: where the library has one, on what readers take, in the place and strength chosen."""

from io import BytesIO

import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from PIL import Image

from dam.assets.files import local_path
from dam.rights import drawing, overlay
from dam.rights.drawing import Mark
from dam.rights.marks import fingerprint, mark_of
from dam.rights.models import Download, LibraryRights
from indexing.decoding import ffmpeg
from indexing.on_demand import progress
from tests.factories import make_asset
from tests.media_made import run_ffmpeg
from tests.rights.conftest import give
from tests.rights.filling import send

SIZE = (400, 200)


def laid(mark):
    """Where the mark changes a grey field: True for every pixel that it touches."""
    alpha = np.asarray(drawing._layer(mark, *SIZE))[..., 3]
    return alpha > 0


def red_square():
    written = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 255)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("position", "rows", "columns"),
    [
        ("bottom-right", slice(100, None), slice(200, None)),
        ("bottom-left", slice(100, None), slice(None, 200)),
        ("top-right", slice(None, 100), slice(200, None)),
        ("top-left", slice(None, 100), slice(None, 200)),
    ],
)
def test_the_mark_stands_in_its_corner(position, rows, columns):
    touched = laid(Mark("Archive", position=position))
    inside = touched[rows, columns].sum()
    assert inside > 0
    assert touched.sum() == inside


def test_the_mark_in_the_centre_is_centred():
    down, across = np.nonzero(laid(Mark(picture=red_square(), position="centre")))
    assert abs(down.mean() - SIZE[1] / 2) < 3
    assert abs(across.mean() - SIZE[0] / 2) < 3


def test_opacity_is_the_share_of_the_marks_own_colour():
    strong, weak = (
        np.asarray(drawing._layer(Mark(picture=red_square(), opacity=each), *SIZE)) for each in (1, 0.2)
    )
    assert strong[..., 3].max() == 255
    assert weak[..., 3].max() == 51


def test_a_long_text_is_made_to_fit():
    touched = laid(Mark("The archive of the harbour and of all its lights, since 1931"))
    assert touched.any()
    assert not touched[:, 0].any()
    assert not touched[:, -1].any()


def test_letters_without_a_glyph_are_told():
    assert drawing.unwritable("Archive ©") == ""
    assert drawing.unwritable("A 港 B") == "港"


pytestmark_db = pytest.mark.django_db


@pytest.fixture
def marked(library):
    return LibraryRights.objects.create(library=library, mark_text="ARCHIVE", mark_opacity=100)


def pixels(response):
    return np.asarray(Image.open(BytesIO(b"".join(response.streaming_content))).convert("L"), np.int16)


@pytestmark_db
def test_readers_take_marked_copies_and_archivists_choose(
    client, library, photograph, marked, viewer, archivist
):
    place = f"/assets/{photograph.pk}/download/"
    client.force_login(viewer)
    assert np.ptp(pixels(send(client, place, rendition="web"))) > 100
    client.force_login(archivist)
    assert np.ptp(pixels(send(client, place, rendition="web"))) < 20
    assert np.ptp(pixels(send(client, place, rendition="web", marked="on"))) > 100
    assert sorted(Download.objects.values_list("marked", flat=True)) == [False, True, True]


@pytestmark_db
def test_a_picture_that_is_no_png_is_refused(as_administrator, library):
    fake = ContentFile(b"GIF89a not a png", name="mark.png")
    response = send(as_administrator, f"/libraries/{library.pk}/rights/", "mark_text", mark_picture=fake)
    assert "no PNG" in response.content.decode()
    assert not LibraryRights.of(library.pk).marks


@pytestmark_db
def test_a_png_outranks_the_text(as_administrator, library):
    picture = ContentFile(red_square(), name="mark.png")
    send(
        as_administrator, f"/libraries/{library.pk}/rights/", "mark_text", mark_text="x", mark_picture=picture
    )
    mark = mark_of(LibraryRights.of(library.pk))
    assert mark.picture == red_square()
    red, green, blue = np.asarray(drawing._layer(mark, *SIZE))[..., :3].max(axis=(0, 1))
    assert (red, green, blue) == (255, 0, 0)


@pytest.fixture
def film(library, tmp_path):
    """A film of two seconds of grey with a tone, and its playable copy."""
    source = ["-f", "lavfi", "-i", "color=gray:s=320x240:r=10:d=2", "-f", "lavfi", "-i", "sine=440:d=2"]
    codecs = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    path = run_ffmpeg(*source, *codecs, path=tmp_path / "film.mp4")
    film = make_asset(library, kind="video", media_type="video/mp4", original_name="film.mp4", duration=2.0)
    give(film, "proxy", path.read_bytes(), "video/mp4", width=320, height=240)
    return film


@pytestmark_db
def test_a_film_is_marked_on_every_frame_and_keeps_its_sound(film, marked):
    cache.clear()
    overlay.make(film.pk)
    state = progress(film.pk, overlay.RENDITION)
    assert (state.state, state.done, state.total) == ("done", 2, 2)
    made = overlay.ready(film, mark_of(marked))
    with local_path(made.file) as path:
        for second in (0.2, 1.6):
            assert np.ptp(frame(path, second)) > 100
        with ffmpeg.running(path, [], ["-map", "0:a:0", "-f", "s16le", "pipe:1"], 2.0) as process:
            assert len(process.read(1 << 20)) > 100_000


def frame(path, second):
    words = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"]
    with ffmpeg.running(path, ["-ss", str(second)], words, 2.0) as process:
        return np.frombuffer(bytes(process.read(320 * 240)), np.uint8).astype(np.int16)


@pytestmark_db
def test_another_mark_makes_the_marked_film_out_of_date(film, marked):
    overlay.make(film.pk)
    film = type(film).objects.get(pk=film.pk)
    mark = mark_of(marked)
    assert overlay.ready(film, mark) is not None
    marked.mark_text = "OTHER"
    assert overlay.ready(film, mark_of(marked)) is None
    assert fingerprint(mark) != fingerprint(mark_of(marked))


@pytestmark_db
def test_a_reader_asks_for_the_film_and_is_given_it_when_it_is_marked(as_viewer, film, marked):
    cache.clear()
    place = f"/assets/{film.pk}/download/"
    asked = send(as_viewer, place, rendition="proxy")
    assert (asked.status_code, Download.objects.exists()) == (302, False)
    assert "it waits for a worker" in as_viewer.get(place).content.decode()
    overlay.make(film.pk)
    assert "ready to be downloaded" in as_viewer.get(place).content.decode()
    given = send(as_viewer, place, rendition="proxy")
    assert given["Content-Disposition"] == 'attachment; filename="film-proxy.mp4"'
    assert Download.objects.get().marked


@pytestmark_db
def test_a_film_that_is_too_long_or_has_no_copy_is_told(film, marked, library):
    cache.clear()
    type(film).objects.filter(pk=film.pk).update(duration=overlay.LONGEST + 1)
    overlay.make(film.pk)
    assert "longer than 4 hours" in progress(film.pk, overlay.RENDITION).message
    bare = make_asset(library, kind="video", media_type="video/mp4", duration=2.0)
    overlay.make(bare.pk)
    assert "no playable copy" in progress(bare.pk, overlay.RENDITION).message
