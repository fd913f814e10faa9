"""RT-DETR: loaded from a local folder, with a small network of random weights made on the spot."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import numpy as np
import pytest

from indexing.engines.coco import LABELS
from indexing.engines.detector import NetworkDetector
from indexing.engines.rtdetr import RTDetr
from indexing.engines.torchvision_shim import declare_operators


def make(folder: Path, classes: int) -> None:
    """A network of the real architecture, a thousandth of its size."""
    declare_operators()
    import torch
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrResNetConfig

    torch.manual_seed(1)
    stages = {"hidden_sizes": [8, 16, 16, 16], "depths": [1, 1, 1, 1], "embedding_size": 8}
    backbone = RTDetrResNetConfig(
        **stages, layer_type="basic", out_features=["stage2", "stage3", "stage4"]
    )  # fmt: skip
    config = RTDetrConfig(
        backbone_config=backbone, encoder_in_channels=[16, 16, 16], encoder_hidden_dim=16, d_model=16,
        encoder_ffn_dim=16, encoder_attention_heads=2, decoder_in_channels=[16, 16, 16], decoder_layers=1,
        decoder_ffn_dim=16, decoder_attention_heads=2, decoder_n_points=2, num_queries=30, num_labels=classes,
    )  # fmt: skip
    network = RTDetrForObjectDetection(config)
    for weights in network.parameters():
        if weights.dim() > 1:
            torch.nn.init.normal_(weights, std=0.2)
    network.save_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rtdetr")
    make(path, len(LABELS))
    return path


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 255, (90, 160, 3), np.uint8)


def test_every_query_is_a_box_in_the_picture_with_its_best_class(folder: Path, noise: np.ndarray) -> None:
    boxes = RTDetr(folder).candidates(noise)
    assert boxes.corners.shape == (30, 4)
    assert boxes.corners.min() >= 0
    assert boxes.corners.max() <= 1
    assert set(boxes.classes) <= set(range(len(LABELS)))
    assert ((boxes.scores > 0) & (boxes.scores < 1)).all()


def test_the_same_picture_gives_the_same_boxes_and_another_gives_others(
    folder: Path, noise: np.ndarray
) -> None:
    network = RTDetr(folder)
    first = network.candidates(noise)
    np.testing.assert_allclose(network.candidates(noise).corners, first.corners, atol=1e-5)
    assert not np.allclose(network.candidates(noise[:, ::-1]).scores, first.scores, atol=1e-5)


def test_it_detects_without_a_network_connection(
    folder: Path, noise: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    found = NetworkDetector(RTDetr(folder), 0.0).detect(noise)
    assert found
    assert {seen.label for seen in found} <= set(LABELS)
    assert [seen.confidence for seen in found] == sorted((s.confidence for s in found), reverse=True)


def test_a_network_of_other_classes_is_refused(tmp_path: Path) -> None:
    make(tmp_path, 3)
    with pytest.raises(ValueError, match="does not know the 80 classes"):
        RTDetr(tmp_path)


def test_a_missing_file_is_told(folder: Path, tmp_path: Path) -> None:
    os.link(folder / "config.json", tmp_path / "config.json")
    with pytest.raises(OSError, match=r"model\.safetensors"):
        RTDetr(tmp_path)
