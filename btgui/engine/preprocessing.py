"""Preprocessing from a scan's grey levels to a network's input: crop, denoise, colour, resize.

The result of every step is kept for display, and the crop rectangle is kept so that a map
computed on the network's input can be mapped back to scan coordinates. Training and
inference call the same functions with the parameters stored in the model's card.

Source of the steps and their reference values: A. Rosebrock's extreme-points
crop as used in the published brain-tumour framework (threshold 45, two erosions,
two dilations, largest external contour, bilateral filter, BONE colours).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.feature_grid import FeatureGrid

Grey = NDArray[np.uint8]
PixelScaling = Literal["minus_one_to_one", "zero_to_one", "imagenet_bgr_mean"]

# The version of what find_head and crop_and_filter compute from a file: raise it with any change after
# which a file has other grey levels, or they return other pixels or another crop for the same
# parameters. Cached scans of trainings are then preprocessed again.
PREPROCESSING_VERSION = 2

_COLORMAPS = {"bone": cv2.COLORMAP_BONE, "none": None}
# A contour with a smaller share of the image's area is noise or a burnt-in letter, not a head.
_SMALLEST_HEAD_SHARE = 0.02
# The share of the bright area outside the crop above which the crop may have missed the brain. Chosen
# on training scans alone: docs/experiments.md, "Crops that miss the tumour".
_MOST_LEFT_OUT = 0.4
# Ranges allowed in a card: what OpenCV accepts and computes without keeping the reader waiting.
_SIDES, _ITERATIONS, _SIGMAS = (16, 2048), (0, 50), (0, 1000)
_WHOLE_NUMBERS = {
    "input_height": _SIDES,
    "input_width": _SIDES,
    "working_size": _SIDES,
    "blur_kernel": (1, 31),
    "threshold": (0, 255),
    "erode_iterations": _ITERATIONS,
    "dilate_iterations": _ITERATIONS,
    "bilateral_diameter": (0, 25),
}
_NUMBERS = {"bilateral_sigma_colour": _SIGMAS, "bilateral_sigma_space": _SIGMAS}


@dataclass(frozen=True)
class PreprocessingParameters:
    """All parameters of the path from a scan to the network's input; stored in the model card.

    Sizes are in pixels, thresholds in grey levels 0 to 255. Without ``crop_to_head`` the
    whole scan is used; with a ``bilateral_diameter`` of 0 the scan is not filtered.
    """

    input_height: int = 200
    input_width: int = 200
    # Cards written before this parameter existed lack it; their models all crop.
    crop_to_head: bool = True
    blur_kernel: int = 3
    threshold: int = 45
    erode_iterations: int = 2
    dilate_iterations: int = 2
    working_size: int = 256
    bilateral_diameter: int = 2
    bilateral_sigma_colour: float = 50.0
    bilateral_sigma_space: float = 50.0
    colormap: str = "bone"
    pixel_scaling: PixelScaling = "minus_one_to_one"

    def to_json(self) -> dict[str, Any]:
        """Return the parameters as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> PreprocessingParameters:
        """Read parameters as written by :meth:`to_json`.

        Raises
        ------
        ValueError
            A name is unknown, or a value is of the wrong type or outside its allowed range.
        """
        known = {f.name for f in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(
                f"expected preprocessing parameters {sorted(known)}, "
                f"received unknown {sorted(unknown)}"
            )
        parameters = cls(**values)
        for name, value in parameters.to_json().items():
            if (expected := _expected(name, value)) is not None:
                raise ValueError(f"expected {name} {expected}, received {value!r}")
        return parameters

    @property
    def is_plain(self) -> bool:
        """Whether scans are only resized and scaled: not cropped, filtered or coloured."""
        return not self.crop_to_head and self.bilateral_diameter == 0 and self.colormap == "none"


# Without the published preprocessing, to measure its effect.
PLAIN = PreprocessingParameters(crop_to_head=False, bilateral_diameter=0, colormap="none")


def _expected(name: str, value: object) -> str | None:
    """Return what a parameter must be, in words; None if the value is allowed."""
    if name in _WHOLE_NUMBERS:
        low, high = _WHOLE_NUMBERS[name]
        # In Python, True is an int too.
        sound = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        if name == "blur_kernel":
            sound = sound and value % 2 == 1  # type: ignore[operator]
            return None if sound else f"an odd whole number from {low} to {high}"
        return None if sound else f"a whole number from {low} to {high}"
    if name in _NUMBERS:
        low, high = _NUMBERS[name]
        sound = isinstance(value, int | float) and not isinstance(value, bool)
        sound = sound and low <= value <= high  # type: ignore[operator]
        return None if sound else f"a number from {low} to {high}"
    if name == "crop_to_head":
        return None if isinstance(value, bool) else "true or false"
    choices = _COLORMAPS if name == "colormap" else get_args(PixelScaling)
    return None if isinstance(value, str) and value in choices else f"one of {sorted(choices)}"


@dataclass(frozen=True)
class CropBox:
    """A rectangle in scan pixels: ``left <= x < right``, ``top <= y < bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in scan pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in scan pixels."""
        return self.bottom - self.top

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rectangle's rows and columns, for indexing a scan."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, eq=False)
class HeadOutline:
    """The outline of the head in a scan.

    Attributes
    ----------
    contour
        (n, 2) int32 points (x, y) in scan pixels; empty if no head was found.
    box
        The crop rectangle; the whole scan if no head was found, or without cropping.
    note
        Empty, or a sentence for the reader: why the whole scan was kept, or that the crop may have
        missed a part of the head.
    """

    contour: NDArray[np.int32]
    box: CropBox
    note: str = ""

    @property
    def extreme_points(self) -> tuple[tuple[int, int], ...]:
        """Leftmost, rightmost, topmost and bottommost contour point, each (x, y); () without a contour."""
        if not len(self.contour):
            return ()
        x, y = self.contour.T
        corners = self.contour[[x.argmin(), x.argmax(), y.argmin(), y.argmax()]]
        return tuple((int(x), int(y)) for x, y in corners)

    @property
    def has_head(self) -> bool:
        """Whether a head was found; true without cropping, too."""
        return len(self.contour) > 0 or not self.note


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """A network's input with the results of every preprocessing step.

    Attributes
    ----------
    outline
        The head's contour, extreme points and crop rectangle, in scan pixels.
    cropped
        (box.height, box.width) uint8 grey levels.
    filtered
        (working_size, working_size) uint8 grey levels after resizing and bilateral filtering.
    coloured
        (working_size, working_size, 3) uint8 RGB after the colormap.
    resized
        (input_height, input_width, 3) uint8 RGB.
    network_input
        (input_height, input_width, 3) float32, scaled as the network expects.
    """

    outline: HeadOutline
    cropped: Grey
    filtered: Grey
    coloured: NDArray[np.uint8]
    resized: NDArray[np.uint8]
    network_input: NDArray[np.float32]


def find_head(grey: Grey, parameters: PreprocessingParameters) -> HeadOutline:
    """Find the head as the largest bright external contour.

    Without one (an empty image, or only specks), the whole scan is kept and the outline's note
    says so; the reference code crashes in this case. The note also warns if much of the bright
    area lies outside the crop; the crop itself is not changed. With parameters that do not crop,
    the whole scan is kept without looking for a head.
    """
    height, width = grey.shape
    whole = HeadOutline(np.empty((0, 2), np.int32), CropBox(0, 0, width, height))
    if not parameters.crop_to_head:
        return whole
    kernel = (parameters.blur_kernel, parameters.blur_kernel)
    blurred = cv2.GaussianBlur(grey, kernel, 0)
    _, mask = cv2.threshold(blurred, parameters.threshold, 255, cv2.THRESH_BINARY)
    mask = cv2.erode(mask, None, iterations=parameters.erode_iterations)
    mask = cv2.dilate(mask, None, iterations=parameters.dilate_iterations)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return replace(whole, note="No head outline was found; the whole scan is used.")
    largest = max(contours, key=cv2.contourArea)
    if cv2.contourArea(largest) < _SMALLEST_HEAD_SHARE * height * width:
        note = "The largest outline is too small to be a head; the whole scan is used."
        return replace(whole, note=note)
    # The published code slices [top:bottom] and so drops the outermost row and column; we keep them.
    left, top, across, down = cv2.boundingRect(largest)
    box, note = CropBox(left, top, left + across, top + down), ""
    if cv2.countNonZero(mask[box.slices]) < (1 - _MOST_LEFT_OUT) * cv2.countNonZero(mask):
        note = "The crop leaves out much of the bright area: check that it contains the brain."
    return HeadOutline(largest[:, 0, :].astype(np.int32), box, note)


def crop_and_filter(grey: Grey, box: CropBox, parameters: PreprocessingParameters) -> Grey:
    """Crop, resize to the working size and denoise; return (working_size, working_size) uint8."""
    cropped = grey[box.slices]
    size = (parameters.working_size, parameters.working_size)
    resized = cv2.resize(np.ascontiguousarray(cropped), size, interpolation=cv2.INTER_LINEAR)
    if parameters.bilateral_diameter == 0:  # OpenCV would choose a diameter from the sigma
        return np.asarray(resized, np.uint8)
    filtered = cv2.bilateralFilter(
        resized,
        parameters.bilateral_diameter,
        parameters.bilateral_sigma_colour,
        parameters.bilateral_sigma_space,
    )
    return np.asarray(filtered, np.uint8)


def colour(filtered: Grey, parameters: PreprocessingParameters) -> NDArray[np.uint8]:
    """Apply the colormap to (h, w) uint8 grey levels; return (h, w, 3) uint8 RGB."""
    colormap = _COLORMAPS[parameters.colormap]
    if colormap is None:
        return np.asarray(cv2.cvtColor(filtered, cv2.COLOR_GRAY2RGB), np.uint8)
    # One lookup per pixel in a cached table (applyColorMap builds its own on every call), four bytes
    # at a time: four times as fast as channel by channel.
    colours = cv2.LUT(filtered, _colour_table(colormap)).view(np.uint8)
    return np.asarray(
        cv2.cvtColor(colours.reshape(*filtered.shape, 4), cv2.COLOR_RGBA2RGB), np.uint8
    )


@cache
def _colour_table(colormap: int) -> NDArray[np.int32]:
    """Return the colour of every grey level, as the four bytes R, G, B and 0; (256,) int32."""
    levels = np.arange(256, dtype=np.uint8)[:, None]
    colours = np.zeros((256, 4), np.uint8)
    colours[:, :3] = cv2.applyColorMap(levels, colormap)[:, 0, ::-1]
    return colours.view(np.int32).ravel()


def resize_to_input(
    coloured: NDArray[np.uint8], parameters: PreprocessingParameters
) -> NDArray[np.uint8]:
    """Resize to the network's input size; return (input_height, input_width, 3) uint8 RGB."""
    size = (parameters.input_width, parameters.input_height)
    return np.asarray(cv2.resize(coloured, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def scale_pixels(
    rgb: NDArray[np.uint8], scaling: PixelScaling, out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Scale uint8 RGB values as the network's ImageNet weights expect, into ``out`` if given.

    ``minus_one_to_one``: x / 127.5 - 1 (MobileNetV2, InceptionV3, Xception, NASNet);
    ``zero_to_one``: x / 255 (the published framework, for all networks);
    ``imagenet_bgr_mean``: BGR minus the ImageNet means (VGG19, ResNet-50).
    The first and the last are the modes "tf" and "caffe" of
    ``keras.applications.imagenet_utils.preprocess_input``.
    """
    # In place: allocating memory for each step's result would cost more than the step itself.
    values = np.empty(rgb.shape, np.float32) if out is None else out
    if scaling == "imagenet_bgr_mean":
        values[...] = rgb[..., ::-1]
        values -= np.array([103.939, 116.779, 123.68], np.float32)
        return values
    values[...] = rgb
    if scaling == "minus_one_to_one":
        values /= np.float32(127.5)
        values -= np.float32(1)
    else:
        values /= np.float32(255)
    return values


def preprocess(grey: Grey, parameters: PreprocessingParameters) -> Preprocessed:
    """Preprocess one scan and return the results of all steps.

    Parameters
    ----------
    grey
        (height, width) uint8, at least one pixel.
    parameters
        From the card of the model that will read the scan.

    Raises
    ------
    ValueError
        ``grey`` is not a two-dimensional uint8 array with pixels.
    """
    if grey.ndim != 2 or grey.dtype != np.uint8 or grey.size == 0:  # noqa: PLR2004  (rows, columns)
        raise ValueError(
            f"expected a (height, width) uint8 array with pixels, "
            f"received shape {grey.shape}, {grey.dtype}"
        )
    outline = find_head(grey, parameters)
    box = outline.box
    filtered = crop_and_filter(grey, box, parameters)
    coloured = colour(filtered, parameters)
    resized = resize_to_input(coloured, parameters)
    return Preprocessed(
        outline=outline,
        cropped=np.ascontiguousarray(grey[box.slices]),
        filtered=filtered,
        coloured=coloured,
        resized=resized,
        network_input=scale_pixels(resized, parameters.pixel_scaling),
    )


def map_to_scan(
    feature_map: NDArray[np.float32], grid: FeatureGrid, box: CropBox, scan_shape: tuple[int, int]
) -> NDArray[np.float32]:
    """Map a feature map of the network's input back to scan coordinates.

    The crop and both resizes are affine and share the crop's corners, so the inverse is one
    bilinear interpolation of the map over the crop rectangle. The network did not see anything
    outside it: there the map is NaN.

    Parameters
    ----------
    feature_map
        (h, w) float32.
    grid
        Where its cells lie on the network's input.
    box
        The crop rectangle in scan pixels.
    scan_shape
        (height, width) of the scan.

    Returns
    -------
    (height, width) float32; NaN outside the crop.
    """
    on_scan = np.full(scan_shape, np.nan, np.float32)
    on_scan[box.slices] = grid.enlarged(feature_map, (box.height, box.width))
    return on_scan
