"""What a file is by its first bytes, never by its name. Pure: reads, decodes nothing."""

from __future__ import annotations

import re
from pathlib import Path

HEAD = 4096
TAIL = 66_000  # a ZIP's end record lies within 65,557 bytes of the end (APPNOTE.TXT 4.3.16)

START: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"8BPS", "psd"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"FOVb", "raw"),
    (b"\x00MRM", "raw"),
    (b"IIU\x00", "raw"),
    (b"IIRO", "raw"),
    (b"IIRS", "raw"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"MPCK", "musepack"),
    (b"MP+", "musepack"),
    (b"wvpk", "wavpack"),
    (b"MAC ", "monkey"),
    (b"TTA1", "tta"),
    (b".snd", "au"),
    (b"caff", "caf"),
    (b"#!AMR", "amr"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "mxf"),
    (b"%PDF", "pdf"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),
    (b"FWS", "flash"),
    (b"CWS", "flash"),
    (b"#EXTM3U", "playlist"),
    (b"ffconcat", "playlist"),
)
RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}
BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"avif", "avif"), (b"avis", "avif"), (b"crx ", "raw"), (b"jxl ", "jxl"),
    (b"heic", "heic"), (b"heix", "heic"), (b"hevc", "heic"), (b"heim", "heic"), (b"heis", "heic"),
    (b"mif1", "heic"), (b"msf1", "heic"), (b"qt  ", "mov"), (b"M4A ", "m4a"), (b"M4B ", "m4a"),
)  # fmt: skip
RAW_MAKERS = re.compile(rb"NIKON|Canon|SONY|PENTAX|SAMSUNG|OLYMPUS|Panasonic|LEICA|Hasselblad|Phase One")
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
RAW_TIFF = (b"IIU\x00", b"IIRO", b"IIRS", b"MMOR")
MPEG_AUDIO = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xeb]")
ADTS = re.compile(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\xbf]")
DNG_VERSION = (b"\x12\xc6\x01\x00\x04\x00\x00\x00", b"\xc6\x12\x00\x01\x00\x00\x00\x04")
PCX = re.compile(rb"\x0a[\x00\x02-\x05]\x01[\x01\x02\x04\x08]")
NETPBM = re.compile(rb"P[1-6][\s#]")
TGA = re.compile(rb"(?s).[\x00\x01][\x01\x02\x03\x09\x0a\x0b].{13}[\x08\x0f\x10\x18\x20]")


def format_of(path: Path) -> str | None:
    """The format's name (a key of FORMATS in dam.assets.sniff), or None where the bytes say nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return _container(head) or _by_start(head) or _by_pattern(head)


def _container(head: bytes) -> str | None:
    """Formats whose first bytes are shared by several: RIFF, IFF, TIFF and the ISO base media family."""
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12])
    if head[:4] in (b"RF64", b"BW64"):
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[:4] in TIFF:
        return _tiff(head)
    if head[4:8] == b"ftyp":
        return _branded(head)
    return "mov" if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot") else None


def _tiff(head: bytes) -> str:
    """Camera RAW files are TIFFs too: a DNG version tag, a CR2 mark, or a maker's RAW with a thumbnail."""
    if head[8:10] == b"CR" or any(mark in head for mark in DNG_VERSION):
        return "raw"
    return "tiff-or-raw" if RAW_MAKERS.search(head) else "tiff"


def _branded(head: bytes) -> str:
    """By the major brand, then by the compatible ones (ISO/IEC 14496-12, 4.3)."""
    size = min(max(int.from_bytes(head[:4], "big"), 16), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]
    if brands[0] in (b"mif1", b"msf1") and b"avif" in brands:
        return "avif"
    return next((name for brand, name in BRANDS if brand == brands[0]), "mp4")


def _by_start(head: bytes) -> str | None:
    return next((name for start, name in START if head.startswith(start)), None)


def _by_pattern(head: bytes) -> str | None:
    """Formats with weak marks, the weakest last."""
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        return "mpegts"
    for pattern, name in ((ADTS, "aac"), (MPEG_AUDIO, "mp3"), (NETPBM, "netpbm"), (PCX, "pcx"), (TGA, "tga")):
        if pattern.match(head):
            return name
    return None


def hides_archive(path: Path) -> bool:
    """True for a polyglot: media bytes with a ZIP's directory at the end or a PDF's header near the start."""
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, path.stat().st_size - TAIL))
        tail = file.read(TAIL)
    end = tail.rfind(b"PK\x05\x06")
    return b"%PDF-" in head or (end >= 0 and b"PK\x01\x02" in tail[:end])
