"""What a file is, by its content: the name is only compared with what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from dam.assets.refusals import Refused
from indexing.analysers.contract import MediaError, MediaKind
from indexing.decoding import child, containers, signatures, stills
from indexing.decoding.limits import LIMITS


@dataclass(frozen=True)
class Sniffed:
    """What a file is. `extension` is the usual one with its dot; `form` is the name in `signatures`;
    `note` says where the file's own extension claims something else."""

    kind: MediaKind
    media_type: str
    extension: str
    form: str
    note: str = ""


@dataclass(frozen=True)
class Format:
    """A format taken in: the kind it usually is, its media type and extensions, the usual one first."""

    kind: MediaKind
    media_type: str
    extensions: str
    sound_type: str = ""
    sound_extension: str = ""

    def as_sound(self) -> Format:
        """The same container holding nothing but sound."""
        return Format("audio", self.sound_type, f"{self.sound_extension} {self.extensions}")


FORMATS = {
    "jpeg": Format("image", "image/jpeg", ".jpg .jpeg .jpe .jfif .mpo .nef .thm"),
    "png": Format("image", "image/png", ".png .apng"),
    "gif": Format("image", "image/gif", ".gif"),
    "webp": Format("image", "image/webp", ".webp"),
    "tiff": Format("image", "image/tiff", ".tif .tiff"),
    "avif": Format("image", "image/avif", ".avif"),
    "heic": Format("image", "image/heic", ".heic .heif .hif"),
    "raw": Format("image", "image/x-raw", ".raw .dng .nef .cr2 .cr3 .arw .raf .rw2 .orf .pef .srw .x3f .mrw"),
    "bmp": Format("image", "image/bmp", ".bmp .dib"),
    "ico": Format("image", "image/vnd.microsoft.icon", ".ico"),
    "psd": Format("image", "image/vnd.adobe.photoshop", ".psd .psb"),
    "jpeg2000": Format("image", "image/jp2", ".jp2 .j2k .jpf .jpx .jpm .j2c"),
    "netpbm": Format("image", "image/x-portable-anymap", ".pnm .pbm .pgm .ppm"),
    "pcx": Format("image", "image/vnd.zbrush.pcx", ".pcx"),
    "tga": Format("image", "image/x-tga", ".tga"),
    "mp4": Format("video", "video/mp4", ".mp4 .m4v .3gp .3g2", "audio/mp4", ".m4a"),
    "m4a": Format("video", "video/mp4", ".m4a .m4b .mp4", "audio/mp4", ".m4a"),
    "mov": Format("video", "video/quicktime", ".mov .qt", "audio/quicktime", ".mov"),
    "matroska": Format("video", "video/x-matroska", ".mkv .webm .mk3d", "audio/x-matroska", ".mka"),
    "avi": Format("video", "video/x-msvideo", ".avi", "audio/x-msvideo", ".avi"),
    "mpeg": Format("video", "video/mpeg", ".mpg .mpeg .vob .m2v .m2p", "audio/mpeg", ".mpg"),
    "mpegts": Format("video", "video/mp2t", ".ts .mts .m2ts", "audio/mp2t", ".ts"),
    "flv": Format("video", "video/x-flv", ".flv", "audio/x-flv", ".flv"),
    "asf": Format("video", "video/x-ms-wmv", ".wmv .asf", "audio/x-ms-wma", ".wma"),
    "mxf": Format("video", "application/mxf", ".mxf", "application/mxf", ".mxf"),
    "ogg": Format("video", "video/ogg", ".ogv .ogg", "audio/ogg", ".ogg .oga .opus .spx"),
    "wav": Format("audio", "audio/wav", ".wav .wave .bwf .rf64"),
    "aiff": Format("audio", "audio/aiff", ".aiff .aif .aifc"),
    "flac": Format("audio", "audio/flac", ".flac"),
    "mp3": Format("audio", "audio/mpeg", ".mp3 .mp2 .mpa .mpga"),
    "aac": Format("audio", "audio/aac", ".aac .adts"),
    "amr": Format("audio", "audio/amr", ".amr"),
    "au": Format("audio", "audio/basic", ".au .snd"),
    "caf": Format("audio", "audio/x-caf", ".caf"),
    "musepack": Format("audio", "audio/x-musepack", ".mpc"),
    "monkey": Format("audio", "audio/x-ape", ".ape"),
    "tta": Format("audio", "audio/x-tta", ".tta"),
    "wavpack": Format("audio", "audio/x-wavpack", ".wv"),
}
REFUSALS = {
    "pdf": "It is a PDF document; only pictures, films and sound are taken in.",
    "postscript": "It is a PostScript drawing, which is a program; export it as a picture.",
    "archive": "It is an archive; unpack it and add the files in it.",
    "program": "It is a program, not a picture, film or recording.",
    "document": "It is an office document; only pictures, films and sound are taken in.",
    "playlist": "It is a playlist, which only points to other files; add those files.",
    "flash": "It is a Flash program, which nothing plays any more.",
    "jxl": "JPEG XL pictures cannot be decoded here yet; convert the file to JPEG, PNG or AVIF.",
}


def sniff(path: Path, name: str) -> Sniffed:
    """What the file at `path` is. `name` is what it was called. Raises Refused with the reason."""
    if not path.stat().st_size:
        raise Refused("The file is empty.")
    form = signatures.format_of(path)
    if form is None:
        raise Refused(_unknown(path))
    if form in REFUSALS:
        raise Refused(REFUSALS[form])
    if form == "tiff-or-raw":
        form = "raw" if child.call(stills.is_raw, path, seconds=LIMITS.still_seconds) else "tiff"
    if signatures.hides_archive(path):
        raise Refused("It is two files in one: a document or archive is hidden in the media.")
    return _named(form, _format(path, form), PurePath(name).suffix.lower())


def _format(path: Path, form: str) -> Format:
    """The format, after a look inside containers that hold films or sound alone."""
    found = FORMATS[form]
    if not found.sound_type:
        return found
    try:
        has_picture = child.call(containers.has_moving_picture, path, seconds=LIMITS.probe_seconds)
    except MediaError as error:
        raise Refused(str(error)) from error
    return found if has_picture else found.as_sound()


def _named(form: str, found: Format, suffix: str) -> Sniffed:
    """Keep the file's own extension where it fits the content, else note that it does not."""
    usual = found.extensions.split()
    if suffix in usual:
        media_type = "video/webm" if suffix == ".webm" else found.media_type
        return Sniffed(found.kind, media_type, suffix, form)
    note = f"Named {suffix}, but the content is {found.media_type}." if suffix else ""
    return Sniffed(found.kind, found.media_type, usual[0], form, note)


def _unknown(path: Path) -> str:
    """Tell text from bytes that mean nothing to us."""
    with path.open("rb") as file:
        head = file.read(1024)
    if b"<x:xmpmeta" in head or b"<?xpacket" in head:
        return "It is an XMP sidecar; it is read together with the file whose name it bears."
    if b"\0" not in head and _is_text(head):
        return "It is a text file, not a picture, film or recording."
    return "Its content is of no known picture, film or sound format; it may be damaged."


def _is_text(head: bytes) -> bool:
    """UTF-8 but for a character cut at the end."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True
