import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from btgui.engine.errors import ScanError
from btgui.engine.image_source import check_size, read_image, read_image_thumbnail

GREY = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


def content_of(kind: str, **options) -> bytes:
    """Return the bytes of a noisy image, 64 by 48, in this format."""
    noise = np.random.default_rng(0).integers(0, 255, (48, 64), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, format=kind, **options)
    return stream.getvalue()


def read(image: Image.Image, kind: str, **options):
    stream = io.BytesIO()
    image.save(stream, format=kind, **options)
    return read_image(Path(f"scan.{kind}"), stream.getvalue(), "digest")


@pytest.mark.parametrize("kind", ["png", "bmp", "tiff"])
def test_eight_bit_grey_is_left_exactly_as_it_is(kind):
    scan = read(Image.fromarray(GREY), kind)
    assert np.array_equal(scan.grey, GREY)
    assert scan.window_source == "8-bit image, unchanged"


def tiff_of(values: np.ndarray, *tags: tuple[int, int], packed: bool = False) -> bytes:
    """Return the bytes of a TIFF file in the byte order of the values."""
    pixels = zlib.compress(values.tobytes()) if packed else values.tobytes()
    order, mark = (">", b"MM") if values.dtype.byteorder == ">" else ("<", b"II")
    height, width = values.shape
    known = {256: width, 257: height, 258: 8 * values.itemsize, 259: 8 if packed else 1, 262: 1}
    known |= {277: 1, 278: height, 279: len(pixels)} | dict(tags)
    known[273] = 8 + 2 + 12 * (len(known) + 1) + 4
    entries = [struct.pack(f"{order}HHII", tag, 4, 1, known[tag]) for tag in sorted(known)]
    directory = struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    return mark + struct.pack(f"{order}HI", 42, 8) + directory + pixels


@pytest.mark.parametrize(
    ("stored", "tags", "depth"),
    [
        ("<i1", [(339, 2)], "8 bits"),
        ("<i2", [(339, 2)], "over 8 bits"),
        ("<i4", [(339, 2)], "over 8 bits"),
        ("<u4", [(339, 1)], "over 8 bits"),
        ("<u4", [], "over 8 bits"),
    ],
)
def test_no_value_of_a_tiff_wraps_around(stored, tags, depth):
    limits = np.iinfo(stored)
    values = np.linspace(limits.min, limits.max, 48).astype(stored).reshape(6, 8)
    scan = read_image(Path("a.tif"), tiff_of(values, *tags), "digest")
    assert np.array_equal(scan.values, values.astype(np.float32))
    assert scan.metadata["Depth"] == depth
    assert (np.diff(scan.grey.ravel().astype(int)) >= 0).all()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("stored", "sample_format"), [("i2", 2), ("u2", 1), ("i4", 2), ("f4", 3)])
@pytest.mark.parametrize("order", "<>")
def test_a_tiff_of_either_order_of_bytes_is_read(order, stored, sample_format, packed):
    values = np.arange(48, dtype=order + stored).reshape(6, 8)
    content = tiff_of(values, (339, sample_format), packed=packed)
    assert np.array_equal(read_image(Path("a.tif"), content, "digest").values, values)


def test_a_tiff_of_a_kind_that_is_not_read_is_not_called_something_else():
    stream = io.BytesIO()
    Image.fromarray(GREY.astype(np.float32)).save(stream, format="tiff")
    bits = struct.pack("<HHI", 258, 3, 1)  # BitsPerSample
    deeper = stream.getvalue().replace(bits + b"\x20", bits + b"\x40")
    with pytest.raises(
        ScanError, match=r"^a\.tif is a damaged TIFF file, or one of an unsupported kind"
    ):
        read_image(Path("a.tif"), deeper, "digest")


def test_deep_planes_that_are_not_compressed_are_refused():
    colours = np.tile(np.arange(8, dtype="<u2") * 8000, (6, 1))
    tags = [(262, 2), (277, 3), (257, 2), (278, 2), (284, 2)]
    with pytest.raises(ScanError, match=r"more than 8 bits per sample in separate planes"):
        read_image(Path("a.tif"), tiff_of(colours, *tags), "digest")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("stored", "sample_format", "looks"),
    [("u1", 1, 0), ("u1", 1, 1), ("<u2", 1, 0), (">u2", 1, 1), ("<i2", 2, 1), ("<f4", 3, 1)],
)
def test_grey_that_is_marked_as_in_planes_is_read_like_any(stored, sample_format, looks, packed):
    values = np.tile(np.arange(8).astype(stored) * 30, (6, 1))
    tags = [(262, looks), (339, sample_format)]
    plain, planes = (
        read_image(Path("a.tif"), tiff_of(values, *tags, *more, packed=packed), "digest")
        for more in ([], [(284, 2)])
    )
    assert np.array_equal(plain.values, planes.values)
    assert np.array_equal(plain.grey, planes.grey)
    assert (planes.grey[0, 0] < planes.grey[0, -1]) == (looks == 1)


def test_a_jpeg_is_read_within_its_compression():
    smooth = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    scan = read(Image.fromarray(smooth), "jpeg", quality=95)
    assert np.abs(scan.grey.astype(int) - smooth).max() < 6
    assert scan.file_format == "JPEG"


@pytest.mark.parametrize("kind", ["png", "bmp", "tiff"])
def test_colour_of_equal_channels_is_exactly_that_grey(kind):
    scan = read(Image.fromarray(GREY).convert("RGB"), kind)
    assert np.array_equal(scan.grey, GREY)
    assert scan.window_source == "8-bit image, unchanged"


def test_colour_becomes_luma():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    scan = read(Image.fromarray(colours), "png")
    assert scan.grey.tolist() == [[76, 150, 29]]  # ITU-R BT.601
    assert scan.window_source == "8-bit colour image, converted to grey"


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


def empty_png(side: int) -> bytes:
    """Return the bytes of a PNG that declares this size but holds almost no data."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_decompression_bomb_is_refused_before_it_unpacks(side):
    with pytest.raises(ScanError, match=r"^bomb\.png .*64 million.*Export it at a smaller size"):
        read_image(Path("bomb.png"), empty_png(side), "digest")


def test_a_file_without_pixels_is_refused_in_words():
    stream = io.BytesIO()
    Image.fromarray(GREY).save(stream, format="bmp")
    content = bytearray(stream.getvalue())
    content[18:22] = bytes(4)  # the width in the header
    with pytest.raises(ScanError, match=r"^flat\.bmp"):
        read_image(Path("flat.bmp"), bytes(content), "digest")
    with pytest.raises(ScanError, match=r"^flat\.png"):
        read_image(Path("flat.png"), empty_png(0), "digest")


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (-1, 5)])
def test_a_size_without_pixels_is_told(width, height):
    with pytest.raises(ScanError, match=r"^a\.tif holds no pixels"):
        check_size(Path("a.tif"), width, height)


def test_a_palette_with_a_transparent_colour_lies_on_black():
    image = Image.fromarray(np.array([[0, 1], [1, 0]], np.uint8)).convert("P")
    image.putpalette([200, 200, 200, 90, 90, 90])
    assert read(image, "png", transparency=0).grey.tolist() == [[0, 90], [90, 0]]


def test_grey_with_alpha_is_dimmed_by_it():
    pixels = np.array([[[200, 255], [200, 0], [200, 51]]], np.uint8)
    assert read(Image.fromarray(pixels, mode=None), "png").grey.tolist() == [[200, 0, 40]]


@pytest.mark.parametrize("kind", ["jpeg", "tiff"])
def test_inks_become_grey(kind):
    scan = read(Image.new("CMYK", (16, 16), (0, 0, 0, 155)), kind)
    assert np.abs(scan.grey.astype(int) - 100).max() <= 2


def test_a_deep_tiff_whose_zero_is_white_is_shown_as_meant():
    deep = (np.arange(10000, dtype=np.uint16) * 6).reshape(100, 100)
    plain, turned = (read(Image.fromarray(deep), "tiff", tiffinfo={262: n}) for n in (1, 0))
    assert np.array_equal(turned.grey, 255 - plain.grey)
    assert np.array_equal(turned.values, deep)
    assert (plain.inverted, turned.inverted) == (False, True)
    flat = read(Image.fromarray(GREY), "tiff", tiffinfo={262: 0})  # Pillow turns it itself
    assert (flat.inverted, np.array_equal(flat.grey, GREY)) == (False, True)


@pytest.mark.parametrize("level", [1, 200])
def test_a_tiff_is_turned_once_by_its_orientation(level):
    picture = np.zeros((6, 9), np.uint8 if level == 1 else np.uint16)
    picture[:, :4] = 100 * level
    scan = read(Image.fromarray(picture), "tiff", tiffinfo={0x0112: 6})
    assert np.array_equal(scan.values, np.rot90(picture, -1))


@pytest.mark.parametrize("kind", ["jpeg", "png", "bmp", "tiff"])
def test_half_a_file_is_refused_whatever_its_format(kind):
    with pytest.raises(ScanError, match=rf"^half\.{kind} is damaged or incomplete"):
        read_image(Path(f"half.{kind}"), content_of(kind)[: -len(content_of(kind)) // 2], "digest")


def test_an_image_of_another_format_is_refused_and_those_that_are_read_are_named():
    with pytest.raises(
        ScanError, match=r"^a\.gif is not a JPEG, PNG, BMP, TIFF, DICOM or NIfTI file"
    ):
        read_image(Path("a.gif"), content_of("gif"), "digest")


def test_a_quick_thumbnail_is_turned_by_exif_and_lies_on_black():
    exif = Image.Exif()
    exif[0x0112] = 6
    small = read_image_thumbnail(content_of("jpeg", exif=exif), 32)
    assert small.shape == (32, 24)
    clear = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    stream = io.BytesIO()
    clear.save(stream, format="png")
    assert read_image_thumbnail(stream.getvalue(), 16).max() == 0


@pytest.mark.parametrize("content", [b"", b"text", b"\xff\xd8\xff\xe0 and no more"])
def test_what_has_no_quick_thumbnail_is_left_to_the_full_reader(content):
    assert read_image_thumbnail(content, 32) is None
    assert read_image_thumbnail(empty_png(9_000), 32) is None
    deep = io.BytesIO()
    Image.fromarray(np.zeros((40, 40), np.uint16)).save(deep, format="png")
    assert read_image_thumbnail(deep.getvalue(), 32) is None


def test_a_tiff_of_several_pages_is_read_page_by_page():
    stream = io.BytesIO()
    pages = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    pages[0].save(stream, format="tiff", save_all=True, append_images=pages[1:])
    second = read_image(Path("stack.tif"), stream.getvalue(), "digest", 1)
    assert np.array_equal(second.grey, 255 - GREY)
    assert second.frame == 1
    with pytest.raises(ScanError, match="has 2 pages"):
        read_image(Path("stack.tif"), stream.getvalue(), "digest", 2)
