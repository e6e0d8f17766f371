"""The six networks of the published framework, with the results that it reports.

The framework is Li and Dib 2024, doi:10.3390/make6040111. Accuracies are on the official 1,311 test
images by the published protocol: trained on the whole training folder, including copies of test images.
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
        The display name, and the name in a training request.
    accuracy
        0 to 1.
    parameters
        Number of parameters with the four-class head.
    download_bytes
        Size of the ImageNet weights, without head, as downloaded by Keras.
    """

    name: str
    architecture: str
    accuracy: float
    parameters: int
    download_bytes: int

    @property
    def size_bytes(self) -> int:
        """The approximate size of a model with this network on disk."""
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
    """Return the network with this architecture name, as used in training requests.

    Raises
    ------
    KeyError
        The name is not that of one of the six.
    """
    for one in PUBLISHED:
        if one.architecture == architecture:
            return one
    raise KeyError(f"expected one of the six networks, received {architecture!r}")
