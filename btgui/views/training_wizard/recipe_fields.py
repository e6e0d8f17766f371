"""The values of a recipe: how each is called, shown and explained; no Qt.

Those that take outlined tumours are not among them: the wizard knows no outlines.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A range, and its decimals: 0 for a whole number.

    ``absent`` is what is shown in place of the lowest number where the recipe has None.
    """

    lowest: float = 0.0
    highest: float = 1.0
    decimals: int = 2
    absent: str = ""


@dataclass(frozen=True)
class Field:
    """A value: its name in the recipe, how it is shown, and of which range; None is a yes or no."""

    name: str
    label: str
    explanation: str
    number: Number | None = Number()


FIELDS = (
    Field(
        "epochs",
        "Epochs",
        "How often every scan is shown. Too few: it has not learned yet. Too many: time is lost, "
        "and it learns scans by heart; the best epoch is kept.",
        Number(1, 500, 0),
    ),
    Field(
        "batch_size",
        "Batch size",
        "Scans a step. Too many: memory runs out. Too few: slow and restless.",
        Number(1, 256, 0),
    ),
    Field(
        "learning_rate",
        "Learning rate",
        "How far each step goes. Too high: the curves jump or never fall. Too low: they hardly move.",
        Number(1e-6, 0.1, 6),
    ),
    Field(
        "cosine_decay",
        "Fading learning rate",
        "It falls to almost nothing by the end, which settles the network; without, it stays as it "
        "is.",
        number=None,
    ),
    Field(
        "warmup_epochs",
        "Warm-up (epochs)",
        "Epochs in which a fading rate rises first. None: the first steps may spoil what was learned "
        "before. Many: time is lost.",
        Number(0, 50, 1),
    ),
    Field(
        "dropout",
        "Dropout",
        "Share of features left out at random. Too high: it learns little. Too low: it learns scans "
        "by heart.",
        Number(0, 0.9),
    ),
    Field(
        "label_smoothing",
        "Label smoothing",
        "Makes the network less sure of itself. Too high: no verdict is ever clear. None: it may be "
        "sure and wrong.",
        Number(0, 0.5),
    ),
    Field(
        "weight_decay",
        "Weight decay",
        "Keeps weights small (AdamW; 0 is Adam). Too high: it learns little. Too low: it may learn "
        "scans by heart.",
        Number(0, 1, 4),
    ),
    Field(
        "frozen_stages",
        "Frozen stages",
        "Early stages that stay as they are. Many: quick, but it cannot adapt. None: slow, and it "
        "needs more scans.",
        Number(0, 5, 0),
    ),
    Field(
        "head_epochs",
        "Head first (epochs)",
        "At first only the last layer learns. Many: the rest has less time to learn. None: a new "
        "last layer may disturb the rest.",
        Number(0, 50, 0),
    ),
    Field(
        "patience",
        "Patience (epochs)",
        "It ends after so many epochs without a better one. Too few: it ends too early. Off: all "
        "epochs are run.",
        Number(0, 100, 0, "off"),
    ),
    Field(
        "class_weights",
        "Weigh classes",
        "Mistakes on rare classes count for more. Without, a rare class is easily overlooked.",
        number=None,
    ),
    Field(
        "balance",
        "Balance",
        "How far scans of rare classes and sources are shown more often. 1: all groups alike, few "
        "scans again and again. 0: each scan alike.",
        Number(0, 1),
    ),
    Field(
        "bias_correction",
        "Correct class biases",
        "At the end, classes that are said too often or too rarely on the validation scans are set "
        "right. Without, a rare class may be said too often.",
        number=None,
    ),
    Field(
        "rotation_degrees",
        "Rotation (°)",
        "Scans are turned by up to so much. Too much: positions that no scan has. None: a tilted "
        "head may mislead it.",
        Number(0, 180, 1),
    ),
    Field(
        "shift_fraction",
        "Shift",
        "Scans are moved by up to this share of the side. Too much: parts are cut off. None: place "
        "matters too much.",
        Number(0, 0.5),
    ),
    Field(
        "flip_probability",
        "Mirror",
        "Share of scans that are mirrored left to right. 0.5 makes both sides alike; at 0 a side may "
        "mislead it.",
    ),
    Field(
        "zoom_fraction",
        "Zoom",
        "Scans are scaled by up to this share. Too much: parts are cut off. None: size matters too "
        "much.",
        Number(0, 0.5),
    ),
    Field(
        "stretch_fraction",
        "Stretch",
        "Scans are widened or narrowed by up to this share. Too much: heads look like none. None: "
        "their shape matters too much.",
        Number(0, 0.5),
    ),
    Field(
        "tone_probability",
        "Change tones",
        "Share whose greys are changed. Too high: real brightness tells nothing. Too low: it may "
        "learn one scanner's look.",
    ),
    Field(
        "contrast_probability",
        "Change contrast",
        "Share whose detail is weakened or strengthened. Too high: faint tumours vanish. Too low: a "
        "flat or a hard picture may mislead it.",
    ),
    Field(
        "shading_probability",
        "Shade",
        "Share with brighter and darker regions, as an uneven coil makes. Too high: real differences "
        "tell nothing. Too low: a coil may mislead it.",
    ),
    Field(
        "coarse_probability",
        "Coarsen",
        "Share of scans that lose resolution. Too high: fine detail is lost. Too low: a coarse scan "
        "may mislead it.",
    ),
    Field(
        "noise_probability",
        "Add noise",
        "Share of scans with noise. Too high: fine detail is lost. Too low: a noisy scanner may "
        "mislead it.",
    ),
    Field(
        "blur_probability",
        "Blur",
        "Share of scans that are blurred. Too high: fine detail is lost. Too low: a soft scan may "
        "mislead it.",
    ),
    Field(
        "erase_probability",
        "Cover a part",
        "Share of scans with a part covered. Too high: the tumour is hidden too often. Too low: it "
        "may rely on a single mark.",
    ),
    Field(
        "mix_alpha",
        "Blend scans",
        "How much of another scan is blended in (mixup's alpha). Too high: no scan looks like one. 0: "
        "it may learn scans by heart.",
        Number(0, 2),
    ),
    Field(
        "batch_norm_momentum",
        "Normalisation memory",
        "How slowly the running means of layers change. Too high: validation lags for epochs on few "
        "scans. Too low: it is restless.",
        Number(0, 0.999, 3, "as built"),
    ),
    Field(
        "weight_average_momentum",
        "Average of weights",
        "The mean of the latest steps is kept. Too high: it lags behind. Off: the last step alone, "
        "less steady.",
        Number(0, 0.9999, 4, "off"),
    ),
    Field(
        "start_share",
        "Share of the start",
        "Where it goes on from a model: how much of that is in the result. Too high: it learns little "
        "of your scans. 0: it forgets scans from elsewhere.",
        Number(0, 0.95),
    ),
    Field(
        "mixed_precision",
        "Half precision",
        "Quicker and with less memory on newer graphics cards; without one it is not used.",
        number=None,
    ),
)
SHARES = (
    Field(
        "validation_fraction",
        "Validation share",
        "Share of the scans that choose the best epoch. Too high: fewer to learn from. Too low: "
        "chance chooses.",
        Number(0.05, 0.5),
    ),
    Field(
        "test_fraction",
        "Test share",
        "Share that is kept for the test. Too high: fewer to learn from. Too low: the result is "
        "vague.",
        Number(0.05, 0.5),
    ),
)
