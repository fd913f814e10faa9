"""The preview reel of a film or recording: its highlights one after the other, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dam.assets.files import local_path
from dam.assets.models import Asset
from dam.assets.quarantine import workspace
from dam.locks import advisory_lock
from indexing.analysers.contract import MediaError
from indexing.decoding import ffmpeg
from indexing.models import Annotation
from indexing.on_demand import Progress, keep, tell

RENDITION = "reel"
LONGEST = 120.0  # seconds of a reel
FADE = 0.15  # seconds in which the sound of a piece comes and goes
FILM = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p"]
SOUND = ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"]


def highlights(asset: Asset) -> list[Annotation]:
    """The highlights that hold, the best first."""
    holding = asset.annotations.filter(kind="highlight", status__in=("proposed", "accepted"))
    return list(holding.filter(start__isnull=False).order_by("number", "start"))


def pieces(asset: Asset) -> list[Annotation]:
    """What the reel shows, in order of time: the best highlights that fit into LONGEST seconds."""
    chosen: list[Annotation] = []
    for fact in highlights(asset):
        if sum(map(seconds, [*chosen, fact])) <= LONGEST:
            chosen.append(fact)
    return sorted(chosen, key=lambda fact: fact.start or 0.0)


def seconds(fact: Annotation) -> float:
    """How long a highlight lasts."""
    return (fact.end or 0.0) - (fact.start or 0.0)


def cut_reel(asset_id: int) -> None:
    """Make the rendition "reel" of an asset anew, unless another worker is at it. Tells its progress."""
    with advisory_lock(RENDITION, asset_id) as ours:
        asset = Asset.objects.filter(pk=asset_id, kind__in=("video", "audio")).first() if ours else None
        if asset is None:
            return
        try:
            count = _make(asset)
            tell(asset_id, RENDITION, Progress("done", count, count))
        except MediaError as problem:
            tell(asset_id, RENDITION, Progress("failed", message=str(problem)))


def _make(asset: Asset) -> int:
    chosen, proxy = pieces(asset), asset.rendition("proxy")
    if not chosen or proxy is None:
        raise MediaError("There is nothing to show: no highlights, or no playable copy yet.")
    film = asset.kind == "video"
    with local_path(proxy.file) as source, workspace(f"reel-{asset.pk}") as folder:
        target = folder / ("reel.mp4" if film else "reel.m4a")
        _join(asset, source, chosen, folder / "joined.ts")
        words = ["-c", "copy", "-movflags", "+faststart", f"file:{target}"]
        ffmpeg.convert(folder / "joined.ts", [], words, LONGEST)
        details = {"facts": [fact.pk for fact in chosen], "seconds": sum(map(seconds, chosen))}
        keep(asset, RENDITION, target, "video/mp4" if film else "audio/mp4", details)
    return len(chosen)


def _join(asset: Asset, source: Path, chosen: Sequence[Annotation], joined: Path) -> None:
    """Cut the pieces as MPEG transport streams, which may be written one behind the other.

    Each is stamped with the time at which it begins in the reel. Raises MediaError.
    """
    begin, part = 0.0, joined.with_name("part.ts")
    for number, fact in enumerate(chosen):
        tell(asset.pk, RENDITION, Progress("making", number, len(chosen)))
        lasts = seconds(fact)
        fades = f"afade=d={FADE},afade=t=out:st={max(0.0, lasts - FADE):.3f}:d={FADE}"
        film = ["-map", "0:V:0", *FILM] if asset.kind == "video" else ["-vn"]
        words = ["-t", f"{lasts:.3f}", *film, "-map", "0:a:0?", "-af", fades, *SOUND]
        stamp = ["-output_ts_offset", f"{begin:.3f}", "-f", "mpegts", f"file:{part}"]
        ffmpeg.convert(source, ["-ss", f"{fact.start:.3f}"], [*words, *stamp], asset.duration)
        with joined.open("ab") as whole:
            whole.write(part.read_bytes())
        begin += lasts
