"""Stills, decoded inside the child: upright, sRGB, 8 bits, without alpha. Nothing here may run elsewhere."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from indexing.analysers.contract import MediaError
from indexing.decoding.limits import LIMITS

WEBP_QUALITY = 80
WEBP_EFFORT = 1  # a fifth of the time of the default (4) for files about a tenth larger
VIPS_FORMATS = {
    "jpeg": "Jpeg", "png": "Png", "webp": "Webp", "tiff": "Tiff", "gif": "Nsgif", "avif": "Heif",
}  # fmt: skip
PILLOW_FORMATS = {
    "bmp": "BMP", "ico": "ICO", "psd": "PSD", "jpeg2000": "JPEG2000", "netpbm": "PPM", "pcx": "PCX",
    "tga": "TGA", "png": "PNG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP", "tiff": "TIFF",
}  # fmt: skip
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height


@dataclass(frozen=True)
class Still:
    """A decoded still: its upright full size, the picture at the size asked for, what the decoder says."""

    width: int
    height: int
    image: pyvips.Image
    details: Mapping[str, Any] = field(default_factory=dict)


def picture(path: Path, form: str, long_side: int) -> np.ndarray:
    """The upright RGB pixels, uint8 (height, width, 3), long side at most `long_side`, never enlarged."""
    return _pixels(decode(path, form, long_side).image)


def describe(path: Path, form: str) -> dict[str, Any]:
    """Width and height (upright) and details. Decodes, small, to know that the file can be decoded."""
    still = decode(path, form, 320)
    still.image.avg()
    return {"width": still.width, "height": still.height, "details": dict(still.details)}


def thumbnails(path: Path, form: str, wanted: Mapping[Path, int]) -> list[tuple[int, int]]:
    """Write a WebP for each path at its long side, from one decoding; returns (width, height) of each."""
    still = decode(path, form, max(wanted.values()))
    image = pyvips.Image.new_from_memory(
        still.image.write_to_memory(), still.image.width, still.image.height, 3, "uchar"
    ).copy(interpretation="srgb")
    return [write_webp(image, target, long_side) for target, long_side in wanted.items()]


def write_webp(image: pyvips.Image, target: Path, long_side: int) -> tuple[int, int]:
    """Write the image as WebP no larger than `long_side`; returns (width, height)."""
    if max(image.width, image.height) > long_side:
        image = image.thumbnail_image(long_side, height=long_side, size="down")
    image.webpsave(str(target), Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none")
    return image.width, image.height


def decode(path: Path, form: str, long_side: int) -> Still:
    """Decode a still of that format (see indexing.decoding.signatures) at `long_side`. Raises MediaError."""
    if form == "tiff-or-raw":
        form = "raw" if is_raw(path) else "tiff"
    if form in VIPS_FORMATS:
        return _vips_else_pillow(path, form, long_side)
    if form == "raw":
        return _raw(path, long_side)
    if form == "heic":
        return _heif(path, long_side)
    if form in PILLOW_FORMATS:
        return _pillow(path, form, long_side)
    raise MediaError(f"There is no decoder for {form} pictures.")


def check_size(width: int, height: int) -> None:
    """Raises MediaError before a picture is decoded that is larger than allowed."""
    if width < 1 or height < 1:
        raise MediaError("The picture has no pixels.")
    if width * height > LIMITS.pixels:
        megapixels = f"{width * height / 1e6:,.0f} megapixels ({width} x {height})"
        raise MediaError(f"The picture has {megapixels}; at most {LIMITS.pixels // 10**6} are decoded.")


def _vips_else_pillow(path: Path, form: str, long_side: int) -> Still:
    """libvips, which streams and shrinks while loading; damaged files as far as either can read them."""
    try:
        return _vips(path, form, long_side, "truncated")
    except pyvips.Error as error:
        damage = str(error).strip().splitlines()[-1].strip()[:200]
    try:
        still = _vips(path, form, long_side, "none")
    except pyvips.Error:
        if form not in PILLOW_FORMATS:
            raise
        still = _pillow(path, form, long_side)
    return replace(still, details={**still.details, "damage": damage})


def _vips(path: Path, form: str, long_side: int, fail_on: str) -> Still:
    _allow_loaders()
    header = pyvips.Image.new_from_file(str(path), access="sequential")
    check_size(header.width, header.height)
    width, height = header.width, header.height
    if header.get_typeof("orientation") and header.get("orientation") in TURNED:
        width, height = height, width
    image = _shrunk(path, long_side, fail_on, _needs_conversion(header))
    return Still(width, height, image, _details(header, form))


def _shrunk(path: Path, long_side: int, fail_on: str, convert: bool) -> pyvips.Image:
    profile = {"export_profile": "srgb"} if convert else {}
    image = pyvips.Image.thumbnail(
        str(path), long_side, height=long_side, size="down", fail_on=fail_on, **profile
    )
    return _rgb(image).copy_memory()


def _needs_conversion(header: pyvips.Image) -> bool:
    """True for a profile other than sRGB. Converting costs several times what decoding does."""
    if not header.get_typeof("icc-profile-data"):
        return False
    profile = bytes(header.get("icc-profile-data"))
    return not any("sRGB".encode(code) in profile for code in ("ascii", "utf-16-be"))


def _rgb(image: pyvips.Image) -> pyvips.Image:
    """Three bands of 8 bits, transparency on white."""
    if image.hasalpha():
        image = image.flatten(background=[255] * (image.bands - 1) if image.bands > 2 else [255])
    image = image.colourspace("srgb").cast("uchar")
    return image if image.bands == 3 else image.extract_band(0, n=3)


def _details(header: pyvips.Image, form: str) -> dict[str, Any]:
    fields = set(header.get_fields())
    found: dict[str, Any] = {
        "format": form,
        "colour": header.interpretation,
        "bits": {"uchar": 8, "ushort": 16}.get(header.format, 32),
        "channels": header.bands,
        "profile": "icc-profile-data" in fields,
    }
    if "n-pages" in fields:
        found["pages"] = header.get("n-pages")
    if "orientation" in fields:
        found["orientation"] = header.get("orientation")
    return found


def _allow_loaders() -> None:
    """libvips picks a loader by content: only these may be picked."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in VIPS_FORMATS.values():
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)


def _pillow(path: Path, form: str, long_side: int) -> Still:
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = True
    with _opened_by_pillow(path, PILLOW_FORMATS[form]) as opened:
        return _from_pillow(opened, form, long_side)


@contextmanager
def _opened_by_pillow(path: Path, form: str) -> Iterator[Any]:
    """A picture opened as that format and no other. Raises MediaError for bombs and for what it is not."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = LIMITS.pixels // 2  # Pillow warns above this and refuses above twice as many
    try:
        with Image.open(path, formats=[form]) as opened:
            yield opened
    except UnidentifiedImageError as error:
        raise MediaError(f"It begins like a {form} picture, but cannot be read as one.") from error
    except Image.DecompressionBombError as error:
        raise MediaError(f"It claims to have more than {LIMITS.pixels // 10**6} megapixels.") from error


def _heif(path: Path, long_side: int) -> Still:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    with _opened_by_pillow(path, "HEIF") as opened:
        return _from_pillow(opened, "heic", long_side)


def _from_pillow(opened: Any, form: str, long_side: int) -> Still:
    from PIL import ImageOps

    check_size(*opened.size)
    details = {"format": form, "colour": opened.mode, "profile": "icc_profile" in opened.info}
    details["pages"] = getattr(opened, "n_frames", 1)
    profile = opened.info.get("icc_profile")
    upright = ImageOps.exif_transpose(opened)
    width, height = upright.size
    upright = _eight_bits(upright)
    upright.thumbnail((long_side, long_side))
    return Still(width, height, _in_srgb(upright, profile), details)


def _eight_bits(image: Any) -> Any:
    """An RGB Pillow image, transparency on white; 16-bit greys scaled, not clipped."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        grey = np.asarray(image, np.float32)
        top = 65535.0 if grey.max(initial=0) > 255 else 255.0
        return Image.fromarray((grey.clip(0, top) * (255 / top)).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        above = image.convert("RGBA")
        below = Image.new("RGBA", above.size, (255, 255, 255, 255))
        return Image.alpha_composite(below, above).convert("RGB")
    return image.convert("RGB")


def _in_srgb(image: Any, profile: bytes | None) -> pyvips.Image:
    """The pixels as a libvips image, brought from an embedded RGB profile to sRGB."""
    from PIL import ImageCms

    if profile and profile[16:20] == b"RGB ":
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"))
    return pyvips.Image.new_from_array(np.asarray(image)).copy(interpretation="srgb")


def _raw(path: Path, long_side: int) -> Still:
    """The camera's own JPEG where it is large enough, otherwise the sensor's data at half size."""
    import rawpy

    with rawpy.imread(str(path)) as raw:
        sizes = raw.sizes
        width, height = sizes.width, sizes.height
        if sizes.flip in (5, 6):
            width, height = height, width
        check_size(width, height)
        details = {"format": "raw", "colour": raw.color_desc.decode(errors="replace"), "flip": sizes.flip}
        preview = _preview(raw, long_side)
        if preview is None:
            pixels = raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8)
            preview = pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
        return Still(
            width, height, preview.thumbnail_image(long_side, size="down", height=long_side), details
        )


def _preview(raw: Any, long_side: int) -> pyvips.Image | None:
    import rawpy

    try:
        thumb = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if thumb.format != rawpy.ThumbFormat.JPEG:
        return None
    image = pyvips.Image.thumbnail_buffer(thumb.data, long_side, height=long_side, size="down")
    sensor = max(raw.sizes.width, raw.sizes.height)
    return _rgb(image) if max(image.width, image.height) >= min(long_side, sensor // 2) else None


def is_raw(path: Path) -> bool:
    """True where LibRaw knows the file as a camera's RAW, for TIFFs that may be either."""
    import rawpy

    try:
        with rawpy.imread(str(path)):
            return True
    except rawpy.LibRawError:
        return False


def _pixels(image: pyvips.Image) -> np.ndarray:
    return np.ndarray((image.height, image.width, 3), np.uint8, image.write_to_memory())
