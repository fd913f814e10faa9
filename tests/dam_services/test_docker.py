"""What can be held of the container files without a container engine."""

from __future__ import annotations

import re

import pytest
import yaml
from celery.bin.celery import celery
from django.conf import settings
from django.core.management import get_commands

COMPOSE = settings.BASE_DIR / "docker" / "compose.yml"
DOCKERFILE = settings.BASE_DIR / "docker" / "Dockerfile"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]


def test_every_service_waits_for_one_that_exists() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert {"postgres", "valkey", "web", "planner", "worker-io", "worker-cpu"} <= set(SERVICES)


def test_no_password_has_a_default() -> None:
    text = COMPOSE.read_text()
    for name in ("POSTGRES_PASSWORD", "VALKEY_PASSWORD", "SECRET_KEY"):
        uses = re.findall(rf"\$\{{{name}(.*?)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses)


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "image" in service])
def test_a_command_of_ours_is_one_that_exists(name: str) -> None:
    command = SERVICES[name].get("command", [])
    if "manage.py" in command:
        assert command[2] in get_commands()
    elif command[:1] == ["celery"]:
        assert command[3] in celery.commands


def test_every_volume_in_use_is_declared() -> None:
    declared = yaml.safe_load(COMPOSE.read_text())["volumes"]
    for service in SERVICES.values():
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(declared)


def test_everything_that_the_image_copies_exists_and_is_let_through() -> None:
    ignored = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().splitlines()
    for line in DOCKERFILE.read_text().splitlines():
        words = line.split()
        if words[:1] != ["COPY"] or words[1].startswith("--from"):
            continue
        for source in words[1:-1]:
            assert (settings.BASE_DIR / source).exists(), source
            assert f"!{source}" in ignored


def test_the_image_has_the_torch_of_the_lock() -> None:
    pinned = re.search(
        r"^torch==\S+", (settings.BASE_DIR / "requirements" / "overrides.txt").read_text(), re.M
    )
    assert pinned
    for name in ("docker/Dockerfile", "Makefile"):
        assert pinned[0] in (settings.BASE_DIR / name).read_text()
