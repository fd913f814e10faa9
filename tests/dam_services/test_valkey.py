"""The embedded Valkey: acknowledged messages survive a kill, and strangers stay out."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from dam.services.processes import command_line, is_alive
from dam.services.valkey import EmbeddedValkey

pytestmark = pytest.mark.services


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path / "with a space" / "valkey")
    yield server
    server.stop()


def test_acknowledged_messages_survive_a_kill_and_the_address_stays(server: EmbeddedValkey) -> None:
    url = server.start()
    client = redis.Redis.from_url(url)
    for number in range(200):
        client.lpush("io", number)
    os.kill(server.server_pid(), signal.SIGKILL)
    assert server.start() == url
    assert redis.Redis.from_url(url).llen("io") == 200


def test_a_stop_leaves_no_process_and_keeps_the_messages(server: EmbeddedValkey) -> None:
    redis.Redis.from_url(server.start()).set("kept", "yes")
    pid = server.server_pid()
    server.stop()
    assert not is_alive(pid)
    assert redis.Redis.from_url(server.start()).get("kept") == b"yes"


def test_it_refuses_a_client_without_the_password_and_keeps_the_password_private(
    server: EmbeddedValkey,
) -> None:
    server.start()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=server.credentials.port).ping()
    assert server.credentials.password not in command_line(server.server_pid())
    for name in ("valkey.conf", "credentials.json"):
        assert stat.S_IMODE((server.data_dir / name).stat().st_mode) == 0o600


def test_a_second_start_uses_the_running_server(server: EmbeddedValkey) -> None:
    url = server.start()
    assert EmbeddedValkey(server.data_dir).start() == url
