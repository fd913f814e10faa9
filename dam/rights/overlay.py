"""The playable copy of a film with the library's mark on it, made when somebody asks for it."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from dam.assets.files import local_path
from dam.assets.models import Asset, MediaKind, Rendition
from dam.assets.quarantine import workspace
from dam.locks import advisory_lock
from dam.rights import drawing
from dam.rights.drawing import Mark
from dam.rights.marks import fingerprint, mark_of
from dam.rights.models import LibraryRights
from indexing.analysers.contract import MediaError
from indexing.decoding import child, ffmpeg
from indexing.decoding.limits import LIMITS
from indexing.on_demand import Progress, keep, tell

RENDITION = "watermarked"
LONGEST = 4 * 3600.0  # seconds of a film that is marked
SECONDS_A_SECOND = 4.0  # of work for each second of the film, at most
LEAST_SECONDS = 120.0
TOLD = re.compile(rb"out_time_us=(\d+)\n")
FILM = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p", "-c:a", "copy"]


def ready(asset: Asset, mark: Mark) -> Rendition | None:
    """The marked copy, if it was made with this mark from the copy that there is now."""
    made, proxy = asset.rendition(RENDITION), asset.rendition("proxy")
    if made is None or proxy is None:
        return None
    return made if made.details == _details(mark, proxy) else None


def _details(mark: Mark, proxy: Rendition) -> dict[str, object]:
    return {"mark": fingerprint(mark), "of": [proxy.pk, proxy.size]}


def make(asset_id: int) -> None:
    """Make the marked copy of a film, unless another worker is at it. Tells its progress."""
    with advisory_lock(RENDITION, asset_id) as ours:
        asset = Asset.objects.filter(pk=asset_id, kind=MediaKind.VIDEO).first() if ours else None
        if asset is None:
            return
        try:
            _make(asset)
        except (MediaError, FileNotFoundError) as problem:
            tell(asset_id, RENDITION, Progress("failed", message=str(problem)))


def _make(asset: Asset) -> None:
    mark, proxy = mark_of(LibraryRights.of(asset.library_id)), asset.rendition("proxy")
    if mark is None or proxy is None or not proxy.width or not proxy.height:
        raise MediaError("There is no playable copy yet, or the library has no watermark any more.")
    if (asset.duration or 0) > LONGEST:
        raise MediaError(f"Films longer than {LONGEST / 3600:.0f} hours are not marked.")
    with local_path(proxy.file) as source, workspace(f"mark-{asset.pk}") as folder:
        layer, target = folder / "layer.rgba", folder / "watermarked.mp4"
        size = (proxy.width, proxy.height)
        child.call(drawing.write_layer, mark, *size, layer, seconds=LIMITS.still_seconds)
        _lay_over(asset, source, layer, size, target)
        keep(asset, RENDITION, target, "video/mp4", _details(mark, proxy))
    seconds = round(asset.duration or 0)
    tell(asset.pk, RENDITION, Progress("done", seconds, seconds))


def _lay_over(asset: Asset, source: Path, layer: Path, size: tuple[int, int], target: Path) -> None:
    """Encode the film anew with the layer on every frame. Raises MediaError, also when it takes too long."""
    raw = ["-f", "rawvideo", "-pixel_format", "rgba", "-video_size", f"{size[0]}x{size[1]}"]
    graph = ["-filter_complex", "[0:V:0][1:v:0]overlay=0:0[marked]", "-map", "[marked]", "-map", "0:a:0?"]
    ends = ["-map_metadata", "-1", "-movflags", "+faststart", "-progress", "pipe:1", f"file:{target}"]
    opened = os.open(layer, os.O_RDONLY)
    try:
        words = [*raw, "-i", f"pipe:{opened}", *graph, *FILM, *ends]
        with ffmpeg.running(source, [], words, asset.duration, pass_fds=(opened,)) as process:
            _follow(asset, process)
            process.finish()
    finally:
        os.close(opened)


def _follow(asset: Asset, process: ffmpeg.Ffmpeg) -> None:
    """Tell how many seconds are done until ffmpeg has no more to say."""
    allowed = LEAST_SECONDS + SECONDS_A_SECOND * (asset.duration or 0)
    deadline, heard = time.monotonic() + allowed, b""
    while said := process.read(64):
        heard = (heard + said)[-400:]
        if time.monotonic() > deadline:
            raise MediaError(f"Marking the film took longer than {allowed:.0f} seconds and was stopped.")
        if done := TOLD.findall(heard):
            seconds = round(int(done[-1]) / 1e6)
            tell(asset.pk, RENDITION, Progress("making", seconds, round(asset.duration or 0)))
