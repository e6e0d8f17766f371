"""Training requests: written by the wizard or the user, read by the run, kept in the model's card."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from btgui.engine.disk.folders import folder_name
from btgui.engine.preprocessing import PreprocessingParameters

Protocol = Literal["honest", "published"]
NAMED_WEIGHTS = frozenset({"imagenet", "none"})  # any other value is the path of a file or model


@dataclass(frozen=True)
class Recipe:
    """The training recipe of a network: optimiser, schedule, regularisation and augmentation.

    Fractions are of the image's side, angles in degrees, probabilities 0 to 1. The defaults
    are those of the published framework (its Table 3); :data:`RECOMMENDED` validated best in
    this project's experiments.
    """

    epochs: int = 25
    batch_size: int = 32
    learning_rate: float = 1e-4
    warmup_epochs: float = 0.0
    cosine_decay: bool = False
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    dropout: float = 0.4
    # None: Keras' default of 0.99, which lags for many epochs on a few thousand images.
    batch_norm_momentum: float | None = None
    # None keeps the raw weights; 0.99 validates and keeps their running average instead.
    weight_average_momentum: float | None = None
    # Share of the starting model's weights in the weights that are validated and kept, 0 to 1, so that
    # fine-tuning forgets less (Wortsman et al. 2022). No effect unless fine-tuning from a model.
    start_share: float = 0.0
    # Early stopping: epochs without a smaller validation loss before training ends; None: never.
    patience: int | None = None
    # Initial epochs that train the new head only, at ten times the learning rate.
    head_epochs: int = 0
    # Mixed precision on GPUs that gain from it; the model is saved in full precision.
    mixed_precision: bool = False
    class_weights: bool = False
    # How strongly small groups (one class of one source) are oversampled: 0 not, 1 to equal frequency.
    balance: float = 0.0
    # Whether the last layer's biases are fitted to the validation scans at the end of training.
    bias_correction: bool = False
    # Number of early stages whose weights are frozen: faster, and less prone to overfitting.
    frozen_stages: int = 0
    mask_loss_weight: float = 0.0
    rotation_degrees: float = 10.0
    shift_fraction: float = 0.05
    zoom_fraction: float = 0.0
    # Change of the width alone, in either direction.
    stretch_fraction: float = 0.0
    flip_probability: float = 0.5
    tone_probability: float = 0.0
    contrast_probability: float = 0.0
    shading_probability: float = 0.0
    coarse_probability: float = 0.0
    noise_probability: float = 0.0
    blur_probability: float = 0.0
    erase_probability: float = 0.0
    # Probability that another scan's outlined tumour is pasted into a healthy scan, and that an outlined
    # tumour is removed.
    transplant_probability: float = 0.0
    removal_probability: float = 0.0
    # The alpha of mixup; 0: no mixup.
    mix_alpha: float = 0.0


AS_PUBLISHED = Recipe()
RECOMMENDED = Recipe(
    epochs=12,
    learning_rate=4e-4,
    warmup_epochs=1.0,
    cosine_decay=True,
    weight_decay=0.02,
    label_smoothing=0.05,
    batch_norm_momentum=0.9,
    weight_average_momentum=0.99,
    start_share=0.3,
    class_weights=True,
    balance=0.5,
    bias_correction=True,
    mask_loss_weight=0.3,
    rotation_degrees=15.0,
    shift_fraction=0.08,
    zoom_fraction=0.15,
    tone_probability=0.75,
    noise_probability=0.25,
    blur_probability=0.2,
    erase_probability=0.3,
)
PRESETS = {"as-published": AS_PUBLISHED, "recommended": RECOMMENDED}


@dataclass(frozen=True)
class TrainingRequest:
    """The request for one training run.

    Attributes
    ----------
    datasets
        Folders with one folder per class, or with ``Training`` and ``Testing`` folders of such
        folders, or tables (see :func:`btgui.engine.datasets.dataset.read_dataset`).
    added
        Further training folders, each with the class of all its scans, or with several
        classes joined by "|" if each scan has one of these but it is not known which.
    architecture
        The name of one of :mod:`training.networks.architectures` ("mobilenetv2").
    weights
        "imagenet" (downloaded), "none", a file of the base network's weights, or the folder of
        a model pack to fine-tune.
    masks
        A CSV with the columns ``image`` (relative to a data-set folder), ``mask``
        (relative to the CSV) for scans whose tumour has been outlined, or None.
    protocol
        "honest" excludes every training scan that is a copy of a test scan.
    validation_fraction
        Share of the training scans used for validation, 0 to 1; not taken from data sets that
        define their own validation scans.
    test_fraction
        Share of the scans held out for testing, 0 to 1, if no data set defines its test scans.
    left_out
        Files of the data sets that the user excluded from training and testing.
    display_names
        (class, display name) where the two differ.
    seed, split_seed
        The seed of all random choices; a separate seed for the split, to keep the split of
        an earlier run while varying everything else.
    """

    datasets: tuple[str, ...]
    output: str
    name: str
    architecture: str = "mobilenetv2"
    weights: str = "imagenet"
    added: tuple[tuple[str, str], ...] = ()
    masks: str | None = None
    protocol: Protocol = "honest"
    validation_fraction: float = 0.2
    test_fraction: float = 0.15
    left_out: tuple[str, ...] = ()
    display_names: tuple[tuple[str, str], ...] = ()
    seed: int = 1
    split_seed: int | None = None
    recipe: Recipe = field(default_factory=lambda: RECOMMENDED)
    preprocessing: PreprocessingParameters = field(default_factory=PreprocessingParameters)

    def to_json(self) -> dict[str, Any]:
        """Return the request as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> TrainingRequest:  # noqa: ANN401  (whatever a file held)
        """Read a request as written by :meth:`to_json`.

        Raises
        ------
        ValueError
            The values are not a JSON object, or a name is unknown or missing.
        """
        if not isinstance(values, dict):
            raise ValueError("expected a JSON object")  # noqa: TRY004  (as whatever else is wrong)
        known = {f.name for f in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(
                f"expected a training request with {sorted(known)}, "
                f"received unknown {sorted(unknown)}"
            )
        plain = dict(values)
        if plain.get("protocol", "honest") not in get_args(Protocol):
            raise ValueError(
                f"expected a protocol among {', '.join(get_args(Protocol))}, "
                f"received {plain['protocol']!r}"
            )
        try:
            _check_kinds(plain)
            return cls(
                **plain
                | {
                    "datasets": tuple(str(place) for place in plain["datasets"]),
                    "added": tuple((str(a), str(b)) for a, b in plain.get("added", ())),
                    "left_out": tuple(str(file) for file in plain.get("left_out", ())),
                    "display_names": tuple(
                        (str(a), str(b)) for a, b in plain.get("display_names", ())
                    ),
                    "recipe": Recipe(**plain.get("recipe", asdict(RECOMMENDED))),
                    "preprocessing": PreprocessingParameters.from_json(
                        plain.get("preprocessing", {})
                    ),
                }
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"expected a complete training request; {error}") from error

    def without_paths(self) -> dict[str, Any]:
        """Return the request as JSON values for a model card: folder names only, no local paths."""
        return replace(
            self,
            datasets=tuple(folder_name(Path(folder)) for folder in self.datasets),
            # With the parent folder, as in a scan's source: "glioma" alone names no data set.
            added=tuple((_last_two(Path(folder)), label) for folder, label in self.added),
            output=Path(self.output).name,
            # File names may be those of patients.
            left_out=(),
            masks=Path(self.masks).name if self.masks else None,
            weights=self.weights if self.weights in NAMED_WEIGHTS else Path(self.weights).name,
        ).to_json()


def _last_two(folder: Path) -> str:
    """Return "parent/folder" for a folder; without the parent if that is the user's home folder."""
    above = "" if folder.parent == Path.home() else folder.parent.name
    return f"{above}/{folder.name}" if above else folder.name


def _check_kinds(plain: dict[str, Any]) -> None:
    """Refuse strings in place of lists, whose letters would be taken for paths, and vice versa."""
    for name in ("output", "name", "architecture", "weights"):
        if not isinstance(plain.get(name, ""), str):
            raise TypeError(f"{name} must be a string, received {plain[name]!r}")
    masks = plain.get("masks")
    if not isinstance(masks, str | None):
        raise TypeError(f"masks must be a string or null, received {masks!r}")
    for name in ("datasets", "added", "left_out", "display_names"):
        if not isinstance(plain.get(name, ()), list | tuple):
            raise TypeError(f"{name} must be a list, received {plain[name]!r}")
