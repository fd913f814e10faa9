"""One contract for every text-image space: an open_clip pair made on the spot, and the fallback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.engines import spaces
from indexing.engines.rendered_text import PHRASES, RenderedTextSpace, draw
from indexing.engines.text_image import TextImageSpace, unit

TINY = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}


def picture(colour: Sequence[int], height: int = 60, width: int = 90) -> np.ndarray:
    pixels = np.full((height, width, 3), colour, np.uint8)
    pixels[height // 3 : height // 2, width // 3 : width // 2] = 255 - pixels[0, 0]
    return pixels


class SpaceContract:
    """What every space must do."""

    def test_pictures_become_unit_vectors(self, space: TextImageSpace) -> None:
        vectors = space.encode_images([picture((200, 30, 30)), picture((0, 90, 200), 300, 40)])
        assert vectors.shape == (2, space.dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert abs(vectors[0] @ vectors[1]) < 0.9999

    def test_a_query_becomes_a_unit_vector(self, space: TextImageSpace) -> None:
        one, other = space.encode_text("a dog on a beach"), space.encode_text("traffic at night")
        assert one.shape == (space.dimensions,)
        assert one.dtype == np.float32
        assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
        assert abs(one @ other) < 0.9999

    def test_the_same_gives_the_same(self, space: TextImageSpace) -> None:
        pictures = [picture((10, 200, 10)), picture((99, 10, 10))]
        together, alone = space.encode_images(pictures), space.encode_images(pictures[1:])
        np.testing.assert_allclose(together[1], alone[0], atol=1e-4)
        np.testing.assert_allclose(space.encode_text("a cat"), space.encode_text("a cat"), atol=1e-6)

    @pytest.mark.parametrize(
        "query", ["", "x", "Über Köln — 日本", "supercalifragilistic" * 5, "long words " * 60]
    )
    def test_any_query_will_do(self, space: TextImageSpace, query: str) -> None:
        assert np.isfinite(space.encode_text(query)).all()

    def test_it_says_what_it_is(self, space: TextImageSpace) -> None:
        assert space.name
        assert "CLIP" in space.description
        assert isinstance(space.centres_images, bool)


class TestOpenClip(SpaceContract):
    """Random weights of a tiny pair, written to a file and read back: the whole way but the real weights."""

    @pytest.fixture(scope="class")
    def space(self, tmp_path_factory: pytest.TempPathFactory) -> TextImageSpace:
        from indexing.engines.torchvision_shim import declare_operators

        declare_operators()
        import json

        import open_clip
        import torch
        from safetensors.torch import save_file

        from indexing.engines.openclip import OpenClipSpace

        folder = tmp_path_factory.mktemp("open_clip")
        (folder / "tiny-test.json").write_text(json.dumps(TINY))
        open_clip.add_model_config(folder)
        torch.manual_seed(1)
        made = open_clip.create_model("tiny-test").state_dict()
        save_file({name: values.contiguous() for name, values in made.items()}, folder / "tiny.safetensors")
        return OpenClipSpace("tiny", folder / "tiny.safetensors", "tiny-test", threads=1)

    def test_the_weights_are_those_of_the_file(self, space: TextImageSpace) -> None:
        import open_clip

        other = open_clip.create_model("tiny-test").state_dict()["visual.conv1.weight"]
        assert not np.allclose(space._model.state_dict()["visual.conv1.weight"].cpu(), other)

    def test_dimensions_are_those_of_the_architecture(self, space: TextImageSpace) -> None:
        assert space.dimensions == 16
        assert not space.centres_images


@pytest.mark.models
class TestRenderedText(SpaceContract):
    """The fallback with its real weights."""

    @pytest.fixture(scope="class")
    def space(self) -> TextImageSpace:
        if not weights.available(spaces.RENDERED_TEXT):
            pytest.skip(weights.shelf().reason(spaces.RENDERED_TEXT))
        return spaces.open_space(spaces.RENDERED_TEXT, weights.path(spaces.RENDERED_TEXT), threads=2)

    def test_photographs_are_found_by_what_they_show(
        self, space: TextImageSpace, shared: Callable[..., Path]
    ) -> None:
        folder = shared("media", "photos_coco", "images")
        shown = {"285": "a bear in the grass", "724": "a stop sign", "872": "baseball players"}
        photos = [np.asarray(Image.open(folder / f"{name:0>12}.jpg").convert("RGB")) for name in shown]
        vectors = space.encode_images(photos)
        vectors = unit(vectors - vectors.mean(0))
        found = [int(np.argmax(vectors @ space.encode_text(words))) for words in shown.values()]
        assert found == [0, 1, 2]


@pytest.fixture(scope="module")
def towerless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny ONNX network with the names of the image tower: 512 mean colours of the rows and columns."""
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["columns"], axes=[1, 3], keepdims=0),
        helper.make_node("ReduceMean", ["pixel_values"], ["rows"], axes=[1, 2], keepdims=0),
        helper.make_node("Concat", ["columns", "rows", "rows"], ["all"], axis=1),
        helper.make_node("Slice", ["all", "from", "to", "axis"], ["image_embeds"]),
    ]
    bounds = {"from": 0, "to": 512, "axis": 1}
    constants = [helper.make_tensor(name, TensorProto.INT64, [1], [value]) for name, value in bounds.items()]
    sides = [("pixel_values", [1, 3, 224, 224]), ("image_embeds", [1, 512])]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in sides]
    graph = helper.make_graph(nodes, "tower", ends[:1], ends[1:], constants)
    path = tmp_path_factory.mktemp("tower") / "tower.onnx"
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def test_the_mean_of_the_drawings_is_measured_once(towerless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = RenderedTextSpace("made", towerless).encode_text("a dog")
    (kept,) = towerless.parent.glob("drawn-mean-*.npy")
    monkeypatch.setattr(RenderedTextSpace, "_measure_mean", lambda self: pytest.fail("measured again"))
    np.testing.assert_array_equal(RenderedTextSpace("made", towerless).encode_text("a dog"), first)
    assert len(PHRASES) == len(set(PHRASES)) == 80
    assert np.load(kept).shape == (512,)


def test_a_query_means_what_sets_it_apart_from_other_drawings(towerless: Path) -> None:
    space = RenderedTextSpace("made", towerless)
    mean = space.encode_images([draw(phrase) for phrase in PHRASES]).mean(0)
    expected = unit(space.encode_images([draw("a dog")])[0] - mean)
    np.testing.assert_allclose(space.encode_text("a dog"), expected, atol=1e-4)


@pytest.mark.parametrize("query", ["", "dog", "one two three " * 8, "w" * 40, "long words " * 60])
def test_a_query_is_drawn_inside_the_picture(query: str) -> None:
    pixels = draw(query)
    assert pixels.shape == (224, 224, 3)
    assert (pixels == 255).any()
    assert (pixels < 64).any()
    assert (pixels[:2] == 255).all() or len(query) > 200
    assert (pixels[:, :5] == 255).all()


def test_white_space_in_a_query_means_nothing() -> None:
    np.testing.assert_array_equal(draw(" a\n\tdog "), draw("a dog"))


def lookup(*present: str) -> Callable[[str], Path]:
    def path(name: str) -> Path:
        if name not in present:
            raise LookupError(f"{name} is not here")
        return Path("/weights") / name

    return path


def test_the_preferred_space_is_taken_when_its_weights_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces, "_load", lambda model, path, threads: (model, path, threads))
    both = lookup(*spaces.PREFERENCE)
    assert spaces.current_space(both, 3) == (spaces.OPEN_CLIP, Path("/weights") / spaces.OPEN_CLIP, 3)
    assert spaces.current_space(lookup(spaces.RENDERED_TEXT))[0] == spaces.RENDERED_TEXT


def test_without_any_weights_every_reason_is_told() -> None:
    with pytest.raises(LookupError, match=r"(?s)laion2b is not here.*int8 is not here"):
        spaces.current_space(lookup())
