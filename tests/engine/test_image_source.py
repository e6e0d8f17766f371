import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from btgui.engine.errors import ScanError
from btgui.engine.image_source import read_image

GREY = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


def read(image: Image.Image, kind: str, **options):
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return read_image(Path(f"scan.{kind}"), stream.getvalue(), "digest")


@pytest.mark.parametrize("kind", ["png", "bmp", "tiff"])
def test_eight_bit_grey_is_left_exactly_as_it_is(kind):
    scan = read(Image.fromarray(GREY), kind)
    assert np.array_equal(scan.grey, GREY)
    assert scan.window_source == "8-bit image, unchanged"


def test_a_jpeg_is_read_within_its_compression():
    smooth = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    scan = read(Image.fromarray(smooth), "jpeg", quality=95)
    assert np.abs(scan.grey.astype(int) - smooth).max() < 6
    assert scan.file_format == "JPEG"


@pytest.mark.parametrize("kind", ["png", "bmp", "tiff"])
def test_colour_of_equal_channels_is_exactly_that_grey(kind):
    assert np.array_equal(read(Image.fromarray(GREY).convert("RGB"), kind).grey, GREY)


def test_colour_becomes_luma():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    assert read(Image.fromarray(colours), "png").grey.tolist() == [[76, 150, 29]]  # ITU-R BT.601


def test_transparent_parts_lie_on_black():
    rgba = np.full((2, 2, 4), 200, np.uint8)
    rgba[0, 0, 3], rgba[:, 1, 3], rgba[1, 0, 3] = 0, 255, 255
    assert read(Image.fromarray(rgba), "png").grey.tolist() == [[0, 200], [200, 200]]


def test_a_palette_is_looked_up():
    image = Image.fromarray(np.array([[0, 1], [1, 0]], np.uint8), mode=None).convert("P")
    image.putpalette([10, 10, 10, 250, 250, 250])
    assert read(image, "png").grey.tolist() == [[10, 250], [250, 10]]


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_sixteen_bits_keep_their_depth_and_are_windowed(kind):
    deep = (np.arange(10000, dtype=np.uint16) * 6).reshape(100, 100)
    scan = read(Image.fromarray(deep), kind)
    assert np.array_equal(scan.values, deep)
    assert (scan.grey.min(), scan.grey.max()) == (0, 255)
    assert np.all(np.diff(scan.grey.ravel().astype(int)) >= 0)
    assert "percentile" in scan.window_source


def test_floating_point_tiff_without_a_number_is_read():
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    values[0, 0] = np.nan
    scan = read(Image.fromarray(values), "tiff")
    assert scan.values[0, 0] == 0
    assert np.isfinite(scan.values).all()


@pytest.mark.parametrize(("orientation", "turn"), [(6, -1), (8, 1), (3, 2)])
def test_exif_rotation_is_applied(orientation, turn):
    exif = Image.Exif()
    exif[0x0112] = orientation
    smooth = np.zeros((32, 48), np.uint8)
    smooth[:, :24] = 200
    scan = read(Image.fromarray(smooth), "jpeg", quality=100, exif=exif)
    expected = np.rot90(smooth, turn)
    assert scan.grey.shape == expected.shape
    assert np.abs(scan.grey.astype(int) - expected).mean() < 4


def test_one_bit_images_are_black_and_white():
    image = Image.fromarray((GREY > 100).astype(np.uint8) * 255).convert("1")
    assert set(np.unique(read(image, "png").grey)) == {0, 255}


def test_a_truncated_image_is_refused():
    stream = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)).save(
        stream, format="png"
    )
    with pytest.raises(ScanError, match=r"scan\.png is damaged or incomplete"):
        read_image(Path("scan.png"), stream.getvalue()[:-500], "digest")


def test_a_decompression_bomb_is_refused_before_it_unpacks():
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(ScanError, match="100 million pixels; at most 64 million"):
        read_image(Path("bomb.png"), bomb, "digest")
