"""What the published framework reports of its six networks, and nothing more.

Its accuracies are of the official 1,311 test images under the published protocol:
trained on all of the training folder, copies of test images included.
"""

from __future__ import annotations

from dataclasses import dataclass

OFFICIAL_TEST_SCANS = 1311


@dataclass(frozen=True)
class PublishedModel:
    """A network as published: ``accuracy`` 0 to 1, ``parameters`` with the four-class head."""

    name: str
    accuracy: float
    parameters: int


PUBLISHED = (
    PublishedModel("ResNet-50", 0.9870, 23_600_000),
    PublishedModel("Xception", 0.9863, 20_870_000),
    PublishedModel("InceptionV3", 0.9855, 21_810_000),
    PublishedModel("NASNetLarge", 0.9756, 84_930_000),
    PublishedModel("VGG19", 0.9718, 20_030_000),
    PublishedModel("MobileNetV2", 0.9515, 2_260_000),
)
