"""ffmpeg opens the file it is given and nothing else, within limits, and dies with its parent."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexing.analysers.contract import MediaError
from indexing.decoding import child, containers, ffmpeg, films, programs
from indexing.decoding.limits import LIMITS
from tests import media_made
from tests.indexing.decoding.test_child import _ends


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A film that nothing else may lead to."""
    return media_made.make_video(tmp_path / "secret.mp4", colours=["red"], seconds_each=0.5)


def pointers(secret: Path) -> list[str]:
    return [
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1.0,\n{secret}\n#EXT-X-ENDLIST\n",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1.0,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{secret}'\n",
        f"[playlist]\nFile1={secret}\n",
    ]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("name", ["a.mp4", "a.m3u8", "a.avi"])
def test_playlists_lead_nowhere(tmp_path: Path, secret: Path, number: int, name: str) -> None:
    path = tmp_path / name
    path.write_text(pointers(secret)[number])
    with pytest.raises(MediaError):
        list(films.stream(films.Film(path, 160, 120, 1.0), 16, 12))
    with pytest.raises(MediaError):
        child.call(containers.describe, path, seconds=30)


def test_programs_start_within_limits() -> None:
    script = "ulimit -c; ulimit -d; ulimit -n; ulimit -t"
    words = programs.within_limits(["/bin/sh", "-c", script], cpu_seconds=77)
    core, memory, files, cpu = subprocess.run(
        words, capture_output=True, text=True, check=True
    ).stdout.split()
    assert (core, int(memory) * 1024, int(files), int(cpu)) == ("0", LIMITS.memory, LIMITS.open_files, 77)


def test_programs_die_with_their_parent() -> None:
    script = (
        "import subprocess, sys; from indexing.decoding.programs import within_limits;"
        "child = subprocess.Popen(within_limits(['/bin/sleep', '60']));"
        "import time; time.sleep(1.5); print(child.pid)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert _ends(int(said))


def test_a_consumer_that_stops_leaves_no_ffmpeg_behind(tmp_path: Path) -> None:
    path = media_made.make_video(tmp_path / "a.mp4")
    with ffmpeg.running(path, ["-re"], ["-f", "null", "-"], 3.0) as running:
        pid = running.process.pid
    assert _ends(pid)


def test_silence_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "LIMITS", type(LIMITS)(silence_seconds=0.5))
    path = media_made.make_audio(tmp_path / "a.wav", seconds=5)
    started = time.monotonic()
    words = ["-f", "null", "-"]
    with (
        pytest.raises(MediaError, match="gave nothing"),
        ffmpeg.running(path, ["-re"], words, 5.0) as running,
    ):
        running.read(10)
    assert time.monotonic() - started < 4


def test_a_failed_conversion_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(MediaError, match=r"^The file cannot be decoded: \w"):
        ffmpeg.convert(path, [], ["-c", "copy", f"file:{tmp_path / 'out.mp4'}"], 1.0)
