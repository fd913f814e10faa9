"""YAMNet's windows, its converter on a checkpoint made up here, and the real weights on labelled clips."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from indexing import weights
from indexing.engines import yamnet
from indexing.engines.yamnet import HOP, RATE, WINDOW, Yamnet, _windows
from indexing.engines.yamnet_graph import STRIDES, TENSOR, build
from indexing.media import open_media

CLASSES = 5


@pytest.fixture(scope="module")
def network() -> Yamnet:
    if not weights.available("yamnet"):
        pytest.skip(weights.shelf().reason("yamnet"))
    return Yamnet(weights.path("yamnet"))


def made_up(classes: int = CLASSES) -> dict[str, np.ndarray]:
    """Tensors of the shapes of YAMNet's checkpoint with few channels and random values."""
    chance = np.random.default_rng(1)
    tensors: dict[str, np.ndarray] = {}
    layer = 0

    def add(name: str, *shape: int) -> None:
        tensors[TENSOR.format(layer, name)] = chance.random(shape).astype(np.float32)

    channels = 4
    kernels = [("kernel", (3, 3, 1, channels))]
    for _ in STRIDES:
        kernels += [("depthwise_kernel", (3, 3, channels, 1)), ("kernel", (1, 1, channels, channels))]
    kernels[-1] = ("kernel", (1, 1, channels, 1024))
    for name, shape in kernels:
        add(name, *shape)
        layer += 1
        for statistic in ("beta", "moving_mean", "moving_variance"):
            add(statistic, shape[2] if name == "depthwise_kernel" else shape[3])
        layer += 1
    add("kernel", 1024, classes)
    add("bias", classes)
    return tensors


def test_a_checkpoint_becomes_a_network_that_names_its_classes() -> None:
    model = build(made_up(), [f"class {number}" for number in range(CLASSES)])
    session = onnxruntime.InferenceSession(model.SerializeToString())
    scores, embedding = session.run(None, {"log_mel": np.ones((2, 96, 64), np.float32)})
    assert scores.shape == (2, CLASSES)
    assert embedding.shape == (2, 1024)
    assert len(json.loads(session.get_modelmeta().custom_metadata_map["labels"])) == CLASSES


def test_a_first_layer_is_the_convolution_and_normalisation_it_was() -> None:
    tensors = made_up()
    kernel = tensors[TENSOR.format(0, "kernel")]
    model = build(tensors, ["x"] * CLASSES)
    model.graph.output.add().name = "layer2"
    picture = np.random.default_rng(2).random((1, 96, 64)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    first = session.run(["layer2"], {"log_mel": picture})[0]
    mean, spread, beta = (
        tensors[TENSOR.format(1, name)] for name in ("moving_mean", "moving_variance", "beta")
    )
    plain = np.einsum("hw,hwc->c", picture[0, 4:7, 6:9], kernel[:, :, 0])
    expected = np.maximum(0, (plain - mean) / np.sqrt(spread + 1e-4) + beta)
    np.testing.assert_allclose(first[0, :, 2, 3], expected, rtol=1e-4)


def test_labels_that_do_not_fit_and_missing_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="4 labels for 5 classes"):
        build(made_up(), ["x"] * 4)
    with pytest.raises(KeyError):
        build({}, [])


@pytest.mark.parametrize("samples", [0, 1, HOP, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW + HOP, 5 * RATE])
def test_every_sample_is_heard_and_pieces_make_no_difference(samples: int) -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, samples).astype(np.float32)
    whole = np.concatenate([*_windows([sound]), np.zeros((0, 96, 64), np.float32)])
    count = 0 if not samples else max(1, 1 + int(np.ceil((samples - WINDOW) / HOP)))
    assert len(whole) == count
    for size in (999, RATE):
        pieces = (sound[first : first + size] for first in range(0, samples, size))
        parts = np.concatenate([*_windows(pieces), np.zeros((0, 96, 64), np.float32)])
        np.testing.assert_allclose(parts, whole, rtol=1e-4, atol=1e-4)


def test_samples_that_are_no_numbers_give_numbers() -> None:
    sound = np.full(RATE, np.nan, np.float32)
    sound[::2] = np.inf
    assert all(np.isfinite(part).all() for part in _windows([sound]))


@pytest.mark.models
def test_an_hour_is_heard_in_the_memory_of_a_minute(network: Yamnet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamnet, "_batches", lambda samples, count: iter([np.zeros((1, 96, 64), np.float32)]))
    longest = 0

    def chunks() -> Iterator[np.ndarray]:
        for _ in range(60):
            yield np.zeros(60 * RATE, np.float32)

    for heard in network.hear(chunks()):
        longest = max(longest, heard.scores.nbytes + heard.embeddings.nbytes)
    assert longest < 1e6


@pytest.mark.models
def test_the_network_names_labelled_sounds(network: Yamnet, shared: Callable[..., Path]) -> None:
    folder = shared("media", "sound_events")
    wanted = {"dog": "Dog", "car_horn": "Vehicle horn, car horn, honking", "thunderstorm": "Thunder"}
    for row in csv.DictReader((folder / "manifest.csv").open()):
        chunks = open_media("audio", folder / row["file"], None).sample_chunks(RATE, 2.0)
        best = np.concatenate([heard.scores for heard in network.hear(chunks)]).max(axis=0)
        assert best[network.labels.index(wanted[row["label"]])] > 0.5
