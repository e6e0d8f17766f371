"""The measured ratios and their targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A ratio with its limit.

    Attributes
    ----------
    name
        Name under which results are stored and compared.
    what, against
        What is measured and what it is compared with, in words.
    limit
        The ratio to reach.
    at_least
        Whether the ratio must be at least the limit (as a speed-up or a share); otherwise it must be at
        most the limit.
    """

    name: str
    what: str
    against: str
    limit: float
    at_least: bool

    def is_met(self, ratio: float) -> bool:
        """Whether a measured ratio reaches the limit."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    @property
    def words(self) -> str:
        """The limit in words."""
        return f"{'at least' if self.at_least else 'at most'} {self.limit:.3g}"


_MOBILE = "mobilenetv2"
NETWORKS = (_MOBILE, "inceptionv3", "xception", "resnet50", "vgg19", "nasnetlarge")


def _of_network(network: str) -> tuple[Target, ...]:
    times_faster = 8.0 if network == _MOBILE else 3.0
    return (
        Target(
            f"predict/{network}",
            f"{network}: one scan, file to probabilities",
            "times faster than keras.Model.predict on the same array",
            times_faster,
            at_least=True,
        ),
        Target(
            f"network/{network}",
            f"{network}: the network alone, batch 1",
            "relative to the time of OpenVINO's benchmark_app with its own conversion, float32",
            1.10,
            at_least=False,
        ),
        Target(
            f"maps/{network}",
            f"{network}: five Grad-CAM stages",
            "relative to the time of a compiled forward pass in TensorFlow",
            4.0,
            at_least=False,
        ),
        Target(
            f"maps-original/{network}",
            f"{network}: five Grad-CAM stages",
            "times faster than one sub-model per layer with an eager gradient tape",
            10.0,
            at_least=True,
        ),
    )


TARGETS = (
    *(target for network in NETWORKS for target in _of_network(network)),
    Target(
        "start-screen",
        "Time from start to start screen",
        "relative to an empty QMainWindow",
        1.5,
        at_least=False,
    ),
    Target(
        "window",
        "Time from start to the whole window",
        "relative to an empty QMainWindow",
        1.5,
        at_least=False,
    ),
    Target(
        "first-verdict",
        "Time from start to first verdict",
        "relative to a script: import tensorflow, load the model, predict",
        1 / 3,
        at_least=False,
    ),
    Target(
        "folder",
        "A folder of JPEGs, scans per second",
        "relative to the network alone at its best batch size",
        0.85,
        at_least=True,
    ),
    Target(
        "memory",
        "Idle memory after the first verdict",
        "relative to a process that has imported tensorflow",
        1.0,
        at_least=False,
    ),
)
