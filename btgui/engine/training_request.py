"""What a training run is asked to do: written by whoever asks, read by the run, kept in the card."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from btgui.engine.preprocessing import PreprocessingParameters

Protocol = Literal["honest", "published"]
NAMED_WEIGHTS = frozenset({"imagenet", "none"})  # any other are the path of a file or a model


@dataclass(frozen=True)
class Recipe:
    """How a network is fitted.

    Fractions are of the picture's side, angles in degrees, probabilities 0 to 1.
    The defaults are the published framework's (its Table 3); :data:`RECOMMENDED`
    is what validated best here.
    """

    epochs: int = 25
    batch_size: int = 32
    learning_rate: float = 1e-4
    warmup_epochs: float = 0.0
    cosine_decay: bool = False
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    dropout: float = 0.4
    # Keras' default of 0.99 lags for many epochs on a few thousand images.
    batch_norm_momentum: float | None = None
    # None keeps the raw weights; 0.99 validates and keeps their running average instead.
    weight_average_momentum: float | None = None
    # How much of the weights of the model that it goes on from is in what is validated and kept, 0 to 1:
    # it remembers scans that it is shown no more (Wortsman et al. 2022). Of no effect from other starts.
    start_share: float = 0.0
    # Epochs without a smaller validation loss after which the fit ends; None: all epochs are run.
    patience: int | None = None
    # Epochs at first in which the new head alone is trained, at ten times the learning rate.
    head_epochs: int = 0
    # Half precision where a GPU gains by it; the model is saved in full precision.
    mixed_precision: bool = False
    class_weights: bool = False
    # How far small groups (one class of one source) are drawn more often: 0 not, 1 all alike.
    balance: float = 0.0
    # Whether the last layer's biases are fitted to the scans that choose, when all else is done.
    bias_correction: bool = False
    # How many of the network's early stages keep their weights: quicker, and less to overfit with.
    frozen_stages: int = 0
    mask_loss_weight: float = 0.0
    rotation_degrees: float = 10.0
    shift_fraction: float = 0.05
    zoom_fraction: float = 0.0
    # Of the width alone, either way.
    stretch_fraction: float = 0.0
    flip_probability: float = 0.5
    tone_probability: float = 0.0
    contrast_probability: float = 0.0
    shading_probability: float = 0.0
    coarse_probability: float = 0.0
    noise_probability: float = 0.0
    blur_probability: float = 0.0
    erase_probability: float = 0.0
    # That a healthy scan gets another scan's outlined tumour, and that an outlined one is taken away.
    transplant_probability: float = 0.0
    removal_probability: float = 0.0
    # How much of another scan is blended in, as mixup's alpha; 0: nothing.
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
    """One training run.

    Attributes
    ----------
    datasets
        Folders with class folders, or with ``Training`` and ``Testing`` of them, or tables
        (see :func:`btgui.engine.datasets.dataset.read_dataset`).
    added
        Further training folders, each with the class that all its scans have, or with
        several classes joined by "|" where each is one of these, not known which.
    architecture
        A name that :mod:`training.networks.architectures` knows ("mobilenetv2").
    weights
        "imagenet" (downloaded), "none", a file of the base network's weights, or the folder of
        a model pack to go on from.
    masks
        A CSV with the columns ``image`` (relative to a data-set folder), ``mask``
        (relative to the CSV) for scans whose tumour has been outlined, or None.
    protocol
        "honest" leaves out every training scan that copies a test scan.
    validation_fraction
        Share of the training scans that choose the best epoch, 0 to 1; of a data set that
        says itself which scans these are, nothing more is taken.
    test_fraction
        Share of the scans that are kept for the test where no data set says which, 0 to 1.
    left_out
        Files of the data sets that a person does not want to train or test with.
    display_names
        (class, name to show) where the two differ.
    seed, split_seed
        Of everything that is drawn at random; of the split alone, where it is to stay
        that of an earlier run while all else is drawn anew.
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
            They are no JSON object, or a name is unknown or missing.
        """
        if not isinstance(values, dict):
            raise ValueError("expected a JSON object")  # noqa: TRY004  (as whatever else is wrong)
        known = {f.name for f in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(
                f"expected a training request with {sorted(known)}, received {sorted(unknown)} too"
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
        """Return the request for a model card: folder names only, no path of this computer."""
        return replace(
            self,
            datasets=tuple(Path(folder).name for folder in self.datasets),
            # With one folder above, as a scan's source: "glioma" alone names no data set.
            added=tuple((_last_two(Path(folder)), label) for folder, label in self.added),
            output=Path(self.output).name,
            # File names may be those of patients.
            left_out=(),
            masks=Path(self.masks).name if self.masks else None,
            weights=self.weights if self.weights in NAMED_WEIGHTS else Path(self.weights).name,
        ).to_json()


def _last_two(folder: Path) -> str:
    """Return a folder's name after that of the one above it, unless that is a user's own."""
    above = "" if folder.parent == Path.home() else folder.parent.name
    return f"{above}/{folder.name}" if above else folder.name


def _check_kinds(plain: dict[str, Any]) -> None:
    """Refuse a text where a list is meant, whose letters would pass for paths, and the reverse."""
    for name in ("output", "name", "architecture", "weights"):
        if not isinstance(plain.get(name, ""), str):
            raise TypeError(f"{name} is to be a text, received {plain[name]!r}")
    for name in ("datasets", "added", "left_out", "display_names"):
        if not isinstance(plain.get(name, ()), list | tuple):
            raise TypeError(f"{name} is to be a list, received {plain[name]!r}")
