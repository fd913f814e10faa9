"""Makers of tiny media, on the spot: each writes one file and returns its path."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pyvips
from PIL import Image
from PIL.ExifTags import Base

from dam.assets import exiftool

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS = (RED, GREEN, BLUE, WHITE)  # top left, top right, bottom left, bottom right
EXIF_ORIENTATION = 0x0112
# How upright pixels are stored under each EXIF orientation (the inverse of the turn a reader makes).
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
DNG_TAGS = {
    "IFD0:SubfileType": "0",
    "IFD0:PhotometricInterpretation": "32803",  # a colour filter array
    "IFD0:CFARepeatPatternDim": "2 2",
    "IFD0:CFAPattern2": "0 1 1 2",  # red green, green blue
    "IFD0:BlackLevel": "0",
    "IFD0:WhiteLevel": "16383",
    "DNGVersion": "1 4 0 0",
    "UniqueCameraModel": "Made",
    "Make": "Made",
    "Model": "Made",
    "ColorMatrix1": "1 0 0 0 1 0 0 0 1",
    "CalibrationIlluminant1": "21",
    "AsShotNeutral": "1 1 1",
}
VIDEO_CODECS = {
    ".mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ".mov": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"],
    ".mkv": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "libvorbis"],
    ".avi": ["-c:v", "mpeg4", "-c:a", "libmp3lame"],
    ".mpg": ["-c:v", "mpeg2video", "-c:a", "mp2", "-r", "25"],
    ".webm": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
}
AUDIO_CODECS = {
    ".wav": ["-c:a", "pcm_s16le"],
    ".flac": ["-c:a", "flac"],
    ".mp3": ["-c:a", "libmp3lame"],
    ".ogg": ["-c:a", "libvorbis"],
    ".opus": ["-c:a", "libopus"],
    ".m4a": ["-c:a", "aac"],
    ".aiff": ["-c:a", "pcm_s16be"],
}


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """An upright RGB picture whose quarters are red, green, blue and white (see CORNERS)."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for index, colour in enumerate(CORNERS):
        row, column = divmod(index, 2)
        rows = slice(row * height // 2, (row + 1) * height // 2)
        pixels[rows, column * width // 2 : (column + 1) * width // 2] = colour
    return Image.fromarray(pixels)


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """A picture unlike any made with another seed."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def make_picture(path: Path, width: int = 64, height: int = 48, seed: int | None = None) -> Path:
    """A still in the format of the extension (.png, .webp, .bmp, .gif, .tif, .jpg ...): corners, or noise
    where a seed is given, so that files made with different seeds differ."""
    picture = corners(width, height) if seed is None else noise(width, height, seed)
    picture.save(path)
    return path


def make_jpeg(path: Path, width: int = 64, height: int = 48, orientation: int = 1, **exif: str) -> Path:
    """A JPEG whose upright size is width x height, stored turned as EXIF `orientation` says.

    Further keywords are EXIF tags by name, e.g. DateTime="2024:05:06 07:08:09", ImageDescription="...".
    """
    tags = Image.Exif()
    tags[EXIF_ORIENTATION] = orientation
    for name, value in exif.items():
        tags[Base[name].value] = value
    upright = corners(width, height)
    stored = upright.transpose(STORED[orientation]) if orientation in STORED else upright
    stored.save(path, "JPEG", quality=95, subsampling=0, exif=tags)
    return path


def make_cmyk_jpeg(path: Path, width: int = 64, height: int = 48) -> Path:
    """The corners as a CMYK JPEG without a profile."""
    corners(width, height).convert("CMYK").save(path, "JPEG", quality=95, subsampling=0)
    return path


def make_tiff16(path: Path, width: int = 64, height: int = 48) -> Path:
    """The corners as a TIFF of 16 bits a channel."""
    pixels = np.asarray(corners(width, height), np.uint16) * 257
    pyvips.Image.new_from_array(pixels, interpretation="rgb16").tiffsave(str(path))
    return path


def make_dng(path: Path, width: int = 640, height: int = 480) -> Path:
    """A camera RAW of an RGGB sensor that saw red on the left and blue on the right.

    ExifTool gives a 16-bit TIFF the tags that make it a DNG (Adobe DNG specification 1.4, chapter 4).
    """
    mosaic = np.full((height, width), 800, np.uint16)
    mosaic[0::2, 0 : width // 2 : 2] = 12000
    mosaic[1::2, width // 2 + 1 :: 2] = 12000
    image = pyvips.Image.new_from_memory(mosaic.tobytes(), width, height, 1, "ushort")
    image.copy(interpretation="grey16").tiffsave(str(path))
    tags = [f"-{name}={value}" for name, value in DNG_TAGS.items()]
    program = exiftool.find()
    assert program is not None
    subprocess.run([program, "-q", "-n", "-overwrite_original", *tags, path], check=True)
    return path


def make_animated_gif(path: Path, frames: int = 3, width: int = 64, height: int = 48) -> Path:
    """An animated GIF of noise frames, a tenth of a second each."""
    first, *others = (noise(width, height, seed) for seed in range(frames))
    first.save(path, save_all=True, append_images=others, duration=100, loop=0)
    return path


def make_video(
    path: Path,
    colours: Sequence[str] = ("red", "lime", "blue"),
    seconds_each: float = 1.0,
    width: int = 160,
    height: int = 120,
    rate: int = 25,
    sound: bool = True,
    rotation: int = 0,
) -> Path:
    """A film in the container of the extension: plain colours one after the other, with a 440 Hz tone.

    `rotation` (degrees clockwise, MP4 and MOV) is written as a display matrix, as telephones do.
    """
    parts = [
        f"color=c={name}:s={width}x{height}:r={rate}:d={seconds_each}[v{i}]" for i, name in enumerate(colours)
    ]
    joined = "".join(f"[v{i}]" for i in range(len(colours)))
    graph = ";".join([*parts, f"{joined}concat=n={len(colours)}"])
    inputs = ["-f", "lavfi", "-i", graph]
    if sound:
        inputs += ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds_each * len(colours)}"]
    codecs = VIDEO_CODECS[path.suffix]
    if not rotation:
        return run_ffmpeg(*inputs, *codecs, path=path)
    unturned = path.with_stem(path.stem + "-unturned")
    run_ffmpeg(*inputs, *codecs, path=unturned)
    run_ffmpeg("-display_rotation", str(-rotation), "-i", str(unturned), "-c", "copy", path=path)
    unturned.unlink()
    return path


def make_audio(path: Path, seconds: float = 1.0, rate: int = 48000, tone: float = 440.0, **tags: str) -> Path:
    """A mono tone in the format of the extension; keywords are tags, e.g. title="Aria", artist="...".

    `seconds=0` makes a file with a header and no sound (formats without compression only).
    """
    named = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
    source = f"sine=f={tone}:r={rate}:d={seconds or 1}"
    cut = [] if seconds else ["-t", "0"]
    return run_ffmpeg("-f", "lavfi", "-i", source, *cut, *AUDIO_CODECS[path.suffix], *named, path=path)


def run_ffmpeg(*words: str, path: Path) -> Path:
    """Run ffmpeg with those options and this output file, which is returned."""
    start = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"]
    subprocess.run([*start, *words, str(path)], check=True, timeout=60)
    return path


HDR = (
    "format=yuv444p,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv,"
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020,"
    "zscale=t={transfer}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"
)
TAGS = "log-level=error:transfer={transfer}:colorprim=bt2020:colormatrix=bt2020nc"


def make_hdr(path: Path, source: str, transfer: str) -> Path:
    """A lavfi source in high dynamic range; `transfer` is "smpte2084" (PQ) or "arib-std-b67" (HLG)."""
    return run_ffmpeg(
        "-f", "lavfi", "-i", source, "-vf", HDR.format(transfer=transfer), "-c:v", "libx265",
        "-x265-params", TAGS.format(transfer=transfer), "-color_trc", transfer, path=path,
    )  # fmt: skip
