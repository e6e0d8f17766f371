"""Reading JPEG, PNG, BMP and TIFF files as scans, with Pillow."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFile, ImageOps, UnidentifiedImageError

from btgui.engine.disk.ordinary_file import check_ordinary
from btgui.engine.disk.time_limit import read_in_time
from btgui.engine.errors import ScanError
from btgui.engine.pictures.window_level import apply_window, window_of_percentiles
from btgui.engine.scan import PERCENTILES_SOURCE, Scan

MAXIMUM_PIXELS = 64_000_000
_FORMATS = ("JPEG", "PNG", "BMP", "TIFF")
_TIFF_MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PHOTOMETRIC = 262  # TIFF's PhotometricInterpretation; 0 is WhiteIsZero
_SAMPLE_FORMAT = 339  # TIFF's SampleFormat: 1 is unsigned (the default), 2 is signed
_BITS, _PLANES = 258, 284  # TIFF's BitsPerSample and PlanarConfiguration; 2 is separate planes
_FILL_ORDER, _SAMPLES = 266, 277  # TIFF's FillOrder and SamplesPerPixel
# Pillow's mode and the SampleFormat, where Pillow gets the sign wrong, to the type stored.
_STORED: dict[tuple[str, int], np.dtype[Any]] = {
    ("L", 2): np.dtype(np.int8),
    ("I", 1): np.dtype(np.uint32),
}
# libtiff returns values in native byte order; Pillow would swap these a second time.
_IN_ORDER = {"I;16BS": "I;16NS", "I;32BS": "I;32NS", "F;32BF": "F;32NF"}
# How 8-bit values become grey levels, in words.
_UNCHANGED, _COLOURED = "8-bit image, unchanged", "8-bit colour image, converted to grey"
_DEEP_MODES = {"I", "I;16", "I;16B", "I;16L", "F"}


def read_image(path: Path, content: bytes, sha256: str, frame: int = 0) -> Scan:
    """Decode the bytes of an image file into a scan.

    8-bit grey levels are kept exactly; deeper values are windowed between their 0.5th and
    99.5th percentiles. Colour is converted to luma (ITU-R BT.601), exact where the three
    channels are equal; transparent parts are composited on black; EXIF rotation is applied.
    ``frame`` is the page of a TIFF file, from 0.

    Raises
    ------
    ScanError
        The bytes are not such an image, are damaged, or hold too many pixels.
    """
    try:
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        check_size(path, opened.width, opened.height)
        file_format = str(opened.format)
        _turn_to(path, opened, frame)
        check_size(path, opened.width, opened.height)
        _take_for_one_plane(opened)
        _check_planes(path, opened)
        _leave_in_order(opened)
        opened.load()
        tags = getattr(opened, "tag_v2", {})
        white_is_zero = tags.get(_PHOTOMETRIC) == 0
        stored = _STORED.get((opened.mode, tags.get(_SAMPLE_FORMAT, (1,))[0]))
        image = ImageOps.exif_transpose(opened)
        values, source = _grey_values(image, stored)
    except ScanError:
        raise
    except Image.DecompressionBombError as error:  # so large that Pillow refuses it first
        raise ScanError(
            f"{path.name} has more than {MAXIMUM_PIXELS / 1e6:.0f} million pixels, the most that "
            f"can be read. Export it at a smaller size."
        ) from error
    except UnidentifiedImageError as error:
        if content.startswith(_TIFF_MARKS):
            raise ScanError(
                f"{path.name} is a damaged TIFF file, or one of an unsupported kind (64 bits per "
                f"sample, perhaps). Export it with 8 or 16 bits per sample."
            ) from error
        raise ScanError(
            f"{path.name} is not a JPEG, PNG, BMP, TIFF, DICOM or NIfTI file. "
            f"Open the scan's original file."
        ) from error
    except Exception as error:  # Pillow's decoders raise many types of exception on damaged bytes
        raise ScanError(
            f"{path.name} is damaged or incomplete: its picture cannot be decoded. "
            f"Copy or export it again."
        ) from error
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    deep = source == PERCENTILES_SOURCE
    window = window_of_percentiles(values) if deep else None
    grey = values.astype(np.uint8) if window is None else apply_window(values, window)
    inverted = deep and white_is_zero  # Pillow inverts 8-bit images itself, but no deeper ones
    depth = "over 8 bits" if deep and stored != np.int8 else "8 bits"
    return Scan(
        path=path,
        grey=255 - grey if inverted else grey,
        values=values,
        window=window,
        window_source=source,
        file_format=file_format,
        sha256=sha256,
        inverted=inverted,
        metadata={"Size": f"{grey.shape[1]} x {grey.shape[0]}", "Depth": depth},
        frame=frame,
    )


def read_image_thumbnail(content: bytes, size: int) -> NDArray[np.uint8] | None:
    """Return a small grey image quickly (JPEG decoded at reduced size).

    None if the image is too large, deeper than 8 bits or damaged: the full reader handles these.
    """
    try:
        image: Image.Image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "BMP"))
        if image.width * image.height > MAXIMUM_PIXELS or image.mode in _DEEP_MODES:
            return None
        image.draft("L", (size, size))
        image = ImageOps.exif_transpose(image)
        image.thumbnail((size, size))
        return np.asarray(_flattened(image).convert("L"), np.uint8)
    except Exception:  # noqa: BLE001  (damaged: the full reader reports what is wrong)
        return None


def page_count(path: Path) -> int:
    """Return the number of pages of a TIFF file; 1 for any other, and for one that cannot be read."""
    try:
        check_ordinary(path)
        return read_in_time(path, lambda: _page_count(path))
    except Exception:  # noqa: BLE001  (Pillow raises many types of exception on damaged bytes)
        return 1


def _page_count(path: Path) -> int:
    with Image.open(path, formats=("TIFF",)) as image:
        return max(1, _pages(image))


def check_size(path: Path, width: int, height: int) -> None:
    """Refuse images without pixels and decompression bombs.

    Raises
    ------
    ScanError
        The image is empty or has more than 64 megapixels.
    """
    if width < 1 or height < 1:
        raise ScanError(f"{path.name} holds no pixels. Export the scan again.")
    if width * height > MAXIMUM_PIXELS:
        raise ScanError(
            f"{path.name} has {width * height / 1e6:.0f} million pixels; at most "
            f"{MAXIMUM_PIXELS / 1e6:.0f} million can be read. Export it at a smaller size."
        )


def _turn_to(path: Path, image: Image.Image, page: int) -> None:
    pages = _pages(image)
    if not 0 <= page < pages:
        raise ScanError(f"{path.name} has {pages} pages: there is no page {page + 1}.")
    if pages > 1:
        image.seek(page)


def _take_for_one_plane(image: ImageFile.ImageFile) -> None:
    """Read a single plane at its stored depth, even if the file declares separate planes.

    Pillow reads uncompressed separate planes as 8-bit, even a single grey one, and ignores
    WhiteIsZero.
    """
    tags = getattr(image, "tag_v2", None)
    if not tags or tags.get(_PLANES) != 2 or tags.get(_SAMPLES, 1) != 1:  # noqa: PLR2004  (planes)
        return
    from PIL.TiffImagePlugin import OPEN_INFO  # loaded by now; other formats do not need it

    looks, order = tags.get(_PHOTOMETRIC, 0), tags.get(_FILL_ORDER, 1)
    sample, bits = (tags.get(tag, (1,))[:1] for tag in (_SAMPLE_FORMAT, _BITS))
    _, kind = OPEN_INFO[tags.prefix, looks, sample, order, bits, ()]
    for number, tile in enumerate(image.tile):
        if tile.codec_name == "raw" and isinstance(tile.args, tuple):
            image.tile[number] = tile._replace(args=(kind, *tile.args[1:]))


def _check_planes(path: Path, image: ImageFile.ImageFile) -> None:
    """Refuse uncompressed separate planes deeper than 8 bits: Pillow reads these as 8-bit."""
    tags = getattr(image, "tag_v2", {})
    planes = tags.get(_PLANES) == 2 and tags.get(_SAMPLES, 1) > 1  # noqa: PLR2004  (as above)
    deep = planes and max(tags.get(_BITS, (1,))) > 8  # noqa: PLR2004  (a byte)
    if deep and any(tile.codec_name == "raw" for tile in image.tile):
        raise ScanError(
            f"{path.name} is a TIFF file with more than 8 bits per sample in separate planes, which "
            f"can be read only if it is compressed. Export it with interleaved samples, or with 8 bits."
        )


def _leave_in_order(image: ImageFile.ImageFile) -> None:
    for number, tile in enumerate(image.tile):
        if tile.codec_name == "libtiff" and isinstance(tile.args, tuple):
            kind, *others = tile.args
            image.tile[number] = tile._replace(args=(_IN_ORDER.get(kind, kind), *others))


def _pages(image: Image.Image) -> int:
    # In other formats, further images are previews or animations of the same picture.
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def _flattened(image: Image.Image) -> Image.Image:
    """Composite transparent parts on black."""
    if image.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, (0, 0, 0, 255)), rgba)
    return image


def _grey_values(
    image: Image.Image, stored: np.dtype[Any] | None
) -> tuple[NDArray[np.float32], str]:
    """Return (height, width) values, and how grey levels come from them, in words."""
    if stored is not None:
        return np.asarray(image).view(stored).astype(np.float32), PERCENTILES_SOURCE
    if image.mode in _DEEP_MODES:
        return np.asarray(image).astype(np.float32), PERCENTILES_SOURCE
    flat = _flattened(image)
    # Pillow's luma is exact where the channels are equal: the weights sum to 65536.
    values = np.asarray(flat.convert("L")).astype(np.float32)
    return values, _COLOURED if _is_coloured(flat) else _UNCHANGED


def _is_coloured(image: Image.Image) -> bool:
    if image.mode in {"1", "L"}:
        return False
    red, green, blue = image.convert("RGB").split()
    return any(ImageChops.difference(green, other).getbbox() for other in (red, blue))
