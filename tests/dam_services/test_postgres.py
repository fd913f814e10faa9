"""The embedded PostgreSQL: kept data, kept port, clean stops, and no rights that it does not need."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dam.services.embedded import ServiceError
from dam.services.postgres import EmbeddedPostgres
from dam.services.processes import is_alive, wait_until

pytestmark = pytest.mark.services
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops its rights")


@pytest.fixture
def server(module_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(module_dir / "postgres", {"shared_buffers": "16MB"})
    yield server
    server.stop()


def pids_of(server: EmbeddedPostgres) -> list[int]:
    postmaster = server.server_pid()
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


def test_acknowledged_rows_survive_a_kill_and_the_port_stays(server: EmbeddedPostgres) -> None:
    url = server.start()
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        connection.execute("CREATE TABLE kept (n int)")
        for number in range(50):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(server.server_pid(), signal.SIGKILL)
    assert server.start() == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*), max(n) FROM kept").fetchone() == (50, 49)


def test_a_pid_file_whose_number_belongs_to_another_process_does_not_stop_the_start(
    server: EmbeddedPostgres,
) -> None:
    server.start()
    server.stop()
    stale = server.cluster / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.cluster}\n1\n1\n\n127.0.0.1\n1 1\nready\n")
    assert not server.is_running()
    psycopg.connect(server.start()).close()


def test_a_taken_port_is_replaced_and_the_data_are_the_same(server: EmbeddedPostgres) -> None:
    url = server.start()
    server.stop()
    port = server.credentials.port
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        moved = server.start()
    assert moved != url
    assert moved.split("@")[0] == url.split("@")[0]
    psycopg.connect(moved).close()


def test_a_second_start_uses_the_running_server(server: EmbeddedPostgres) -> None:
    url = server.start()
    second = EmbeddedPostgres(server.data_dir)
    assert second.start() == url
    assert second.server_pid() == server.server_pid()


def test_stopping_leaves_no_process(server: EmbeddedPostgres) -> None:
    server.start()
    pids = pids_of(server)
    assert len(pids) > 3
    server.stop()
    assert wait_until(lambda: not any(map(is_alive, pids)), 5)
    assert not server.is_running()


def test_it_listens_on_loopback_only_and_refuses_a_wrong_password(server: EmbeddedPostgres) -> None:
    url = server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)
    password = server.credentials.password
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guess"))
    mode = (server.data_dir / "credentials.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_wheel_carries_the_extensions_that_the_migrations_make(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as connection:
        for extension in ("vector", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION {extension}")
        assert connection.execute("SELECT unaccent('Médiathèque')").fetchone() == ("Mediatheque",)


@as_root
def test_root_runs_it_as_nobody_and_loosens_no_folder(server_dir: Path) -> None:
    closed = server_dir / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(
        closed / "var" / "postgres",
        {"shared_buffers": "16MB"},
        state_dir=server_dir / "state",
        cache_dir=server_dir / "cache",
    )
    server.start()
    try:
        assert Path(f"/proc/{server.server_pid()}").stat().st_uid == server.account.uid
        assert server.cluster.is_relative_to(server_dir / "state")
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    finally:
        server.stop()


@as_root
def test_programs_below_a_closed_folder_are_copied_for_the_account(
    server_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dam.services.unprivileged.Account.can_run", lambda account, program: False)
    server = EmbeddedPostgres(
        server_dir / "postgres", {"shared_buffers": "16MB"}, cache_dir=server_dir / "cache"
    )
    server.start()
    try:
        program = Path(f"/proc/{server.server_pid()}/exe").readlink()
        assert program.is_relative_to(server_dir / "cache")
        assert program.stat().st_uid == 0
        assert stat.S_IMODE(program.stat().st_mode) == 0o755
    finally:
        server.stop()


def test_an_interrupted_initdb_is_begun_again(server_dir: Path) -> None:
    server = EmbeddedPostgres(server_dir / "postgres", {"shared_buffers": "16MB"})
    half = server.data_dir / "cluster.draft"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.prepare()
    assert (server.cluster / "global" / "pg_control").exists()
    assert not half.exists()


def test_a_server_that_cannot_start_says_why(module_dir: Path) -> None:
    server = EmbeddedPostgres(module_dir / "postgres", {"shared_buffers": "nonsense"})
    with pytest.raises(ServiceError, match="invalid value for parameter"):
        server.start(seconds=2)
