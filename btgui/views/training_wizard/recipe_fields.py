"""The values of a recipe with the label, range and explanation of each; no Qt.

Values that need tumour outlines are left out: the wizard does not handle outlines.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A range and its number of decimals, 0 for a whole number.

    ``absent`` is shown in place of the lowest number where the recipe's value is None.
    """

    lowest: float = 0.0
    highest: float = 1.0
    decimals: int = 2
    absent: str = ""


@dataclass(frozen=True)
class Field:
    """A value: its name in the recipe, label, explanation and range; without a range, a check box."""

    name: str
    label: str
    explanation: str
    number: Number | None = Number()


FIELDS = (
    Field(
        "epochs",
        "Epochs",
        "How often the training runs through all scans. Too few: the network is not trained enough. "
        "Too many: it wastes time and overfits; the best epoch is kept.",
        Number(1, 500, 0),
    ),
    Field(
        "batch_size",
        "Batch size",
        "Scans per step. Too many: memory runs out. Too few: slow and noisy.",
        Number(1, 256, 0),
    ),
    Field(
        "learning_rate",
        "Learning rate",
        "Size of each step. Too high: the curves jump or never fall. Too low: they hardly move.",
        Number(1e-6, 0.1, 6),
    ),
    Field(
        "cosine_decay",
        "Cosine decay",
        "The learning rate falls to almost zero by the end, which stabilises the network. Off: it "
        "stays the same.",
        number=None,
    ),
    Field(
        "warmup_epochs",
        "Warm-up (epochs)",
        "Epochs in which a decaying rate rises first. 0: the first steps may spoil what the network "
        "already knows. Many: time is lost.",
        Number(0, 50, 1),
    ),
    Field(
        "dropout",
        "Dropout",
        "Share of features left out at random. Too high: the network learns little. Too low: it "
        "overfits.",
        Number(0, 0.9),
    ),
    Field(
        "label_smoothing",
        "Label smoothing",
        "Makes the network less confident. Too high: no verdict is ever clear. 0: it may be "
        "confident and wrong.",
        Number(0, 0.5),
    ),
    Field(
        "weight_decay",
        "Weight decay",
        "Keeps weights small (AdamW; 0 is Adam). Too high: the network learns little. Too low: it "
        "may overfit.",
        Number(0, 1, 4),
    ),
    Field(
        "frozen_stages",
        "Frozen stages",
        "Early stages that are not trained. Many: fast, but the network cannot adapt. 0: slow, and "
        "it needs more scans.",
        Number(0, 5, 0),
    ),
    Field(
        "head_epochs",
        "Head only (epochs)",
        "At first only the new last layers are trained. Many: the rest has less time to learn. 0: "
        "the new layers may disturb the rest.",
        Number(0, 50, 0),
    ),
    Field(
        "patience",
        "Patience (epochs)",
        "Training ends after this many epochs without improvement. Too few: it ends too early. Off: "
        "all epochs are run.",
        Number(0, 100, 0, "off"),
    ),
    Field(
        "class_weights",
        "Class weights",
        "Errors on rare classes count for more. Off: a rare class is easily overlooked.",
        number=None,
    ),
    Field(
        "balance",
        "Balanced sampling",
        "How much more often scans of rare classes and sources are shown. 1: all groups equally "
        "often, few scans again and again. 0: all scans equally often.",
        Number(0, 1),
    ),
    Field(
        "bias_correction",
        "Bias correction",
        "After training, corrects classes predicted too often or too rarely on the validation scans. "
        "Off: a rare class may be predicted too often.",
        number=None,
    ),
    Field(
        "rotation_degrees",
        "Rotation (°)",
        "Scans are rotated by up to this angle. Too high: positions that no scan has. 0: a tilted "
        "head may mislead the network.",
        Number(0, 180, 1),
    ),
    Field(
        "shift_fraction",
        "Shift",
        "Scans are moved by up to this share of the side. Too high: parts are cut off. 0: position "
        "matters too much.",
        Number(0, 0.5),
    ),
    Field(
        "flip_probability",
        "Mirror",
        "Share of scans mirrored left to right. 0.5: both sides count alike. 0: the side may mislead "
        "the network.",
    ),
    Field(
        "zoom_fraction",
        "Zoom",
        "Scans are scaled by up to this share. Too high: parts are cut off. 0: size matters too much.",
        Number(0, 0.5),
    ),
    Field(
        "stretch_fraction",
        "Stretch",
        "Scans are widened or narrowed by up to this share. Too high: heads look unnatural. 0: "
        "their shape matters too much.",
        Number(0, 0.5),
    ),
    Field(
        "tone_probability",
        "Grey levels",
        "Share of scans with changed grey levels. Too high: real brightness means nothing. Too low: "
        "the network may learn one scanner's look.",
    ),
    Field(
        "contrast_probability",
        "Local contrast",
        "Share of scans with weakened or enhanced detail. Too high: faint tumours vanish. Too low: "
        "low or high contrast may mislead the network.",
    ),
    Field(
        "shading_probability",
        "Bias field",
        "Share of scans with uneven brightness, as from a coil. Too high: real differences mean "
        "nothing. Too low: a coil may mislead the network.",
    ),
    Field(
        "coarse_probability",
        "Low resolution",
        "Share of scans with reduced resolution. Too high: fine detail is lost. Too low: a coarse "
        "scan may mislead the network.",
    ),
    Field(
        "noise_probability",
        "Noise",
        "Share of scans with added noise. Too high: fine detail is lost. Too low: a noisy scanner "
        "may mislead the network.",
    ),
    Field(
        "blur_probability",
        "Blur",
        "Share of blurred scans. Too high: fine detail is lost. Too low: a blurred scan may mislead "
        "the network.",
    ),
    Field(
        "erase_probability",
        "Random erasing",
        "Share of scans with a part covered. Too high: the tumour is hidden too often. Too low: the "
        "network may rely on a single feature.",
    ),
    Field(
        "mix_alpha",
        "Mixup",
        "How much of another scan is blended in (alpha). Too high: no scan looks real. 0: the network "
        "may overfit.",
        Number(0, 2),
    ),
    Field(
        "batch_norm_momentum",
        "Batch norm momentum",
        "How slowly the layers' running means change. Too high: with few scans, validation lags for "
        "epochs. Too low: it fluctuates.",
        Number(0, 0.999, 3, "default"),
    ),
    Field(
        "weight_average_momentum",
        "Weight averaging",
        "The running mean of the weights is kept. Too high: it lags behind. Off: the last step's "
        "weights, less stable.",
        Number(0, 0.9999, 4, "off"),
    ),
    Field(
        "start_share",
        "Share of the start",
        "When starting from a model: its share in the result. Too high: the network learns little "
        "from your scans. 0: it forgets scans from elsewhere.",
        Number(0, 0.95),
    ),
    Field(
        "mixed_precision",
        "Mixed precision",
        "Faster and with less memory on newer graphics cards; not used without one.",
        number=None,
    ),
)
SHARES = (
    Field(
        "validation_fraction",
        "Validation share",
        "Share of the scans that choose the best epoch. Too high: fewer to train on. Too low: "
        "chance decides.",
        Number(0.05, 0.5),
    ),
    Field(
        "test_fraction",
        "Test share",
        "Share of the scans set aside for the test. Too high: fewer to train on. Too low: the result "
        "is imprecise.",
        Number(0.05, 0.5),
    ),
)
