"""The six networks, and what the published framework reports of them, and nothing more.

It is Li and Dib 2024, doi:10.3390/make6040111. Its accuracies are of the official 1,311 test images
under the published protocol: trained on all of the training folder, copies of test images included.
"""

from __future__ import annotations

from dataclasses import dataclass

OFFICIAL_TEST_SCANS = 1311
_BYTES_A_WEIGHT = 4


@dataclass(frozen=True)
class PublishedModel:
    """A network as published.

    Attributes
    ----------
    name, architecture
        As it is shown, and as a training request names it.
    accuracy
        0 to 1.
    parameters
        With the four-class head.
    download_bytes
        Size of its ImageNet weights, without head, as Keras downloads them.
    """

    name: str
    architecture: str
    accuracy: float
    parameters: int
    download_bytes: int

    @property
    def size_bytes(self) -> int:
        """How large a model of it is on disk."""
        return self.parameters * _BYTES_A_WEIGHT


PUBLISHED = (
    PublishedModel("ResNet-50", "resnet50", 0.9870, 23_600_000, 94_765_736),
    PublishedModel("Xception", "xception", 0.9863, 20_870_000, 83_683_744),
    PublishedModel("InceptionV3", "inceptionv3", 0.9855, 21_810_000, 87_910_968),
    PublishedModel("NASNetLarge", "nasnetlarge", 0.9756, 84_930_000, 343_610_240),
    PublishedModel("VGG19", "vgg19", 0.9718, 20_030_000, 80_134_624),
    PublishedModel("MobileNetV2", "mobilenetv2", 0.9515, 2_260_000, 9_406_464),
)


def published(architecture: str) -> PublishedModel:
    """Look a network up by the name that a training request has for it.

    Raises
    ------
    KeyError
        It is none of the six.
    """
    for one in PUBLISHED:
        if one.architecture == architecture:
            return one
    raise KeyError(f"expected one of the six networks, received {architecture!r}")
