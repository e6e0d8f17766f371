"""The user's choices so far: every page reads and writes them, and going back loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.table import TABLE_SUFFIX
from btgui.engine.disk.folders import folder_name
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import PRESETS, Protocol, Recipe, TrainingRequest


@dataclass
class Draft:
    """A training run in the making.

    Attributes
    ----------
    place
        The data set: a folder or a table; None before one is chosen.
    scans
        The scans that were found in the data set.
    display_names
        From each class to the name under which it is shown.
    audit
        The audit's result as JSON; empty until the audit has run on this data set.
    left_out
        Files that are not used, by the user's choice or a safe default.
    has_choices
        Whether an earlier run has decided the protocol and the files left out before any
        audit. A check then leaves them unchanged.
    weights
        "imagenet", "none", or the path of a file of weights or of a model pack.
    preprocessing
        How scans are prepared for the network; determined by ``weights``.
    name_is_typed
        Whether the user typed the name; if not, the name follows the network.
    run_folder
        The run's work folder; None before a run has been started.
    unshown
        Why the pages before the training page cannot show the run's request, "" where they
        can.
    """

    place: Path | None = None
    scans: list[LabelledScan] = field(default_factory=list)
    display_names: dict[str, str] = field(default_factory=dict)
    audit: dict[str, Any] = field(default_factory=dict)
    left_out: set[Path] = field(default_factory=set)
    has_choices: bool = False
    protocol: Protocol = "honest"
    architecture: str = "mobilenetv2"
    weights: str = "imagenet"
    preprocessing: PreprocessingParameters = field(default_factory=PreprocessingParameters)
    preset: str = "recommended"
    recipe: Recipe = field(default_factory=lambda: PRESETS["recommended"])
    name: str = ""
    name_is_typed: bool = False
    validation_fraction: float = 0.2
    test_fraction: float = 0.15
    run_folder: Path | None = None
    unshown: str = ""

    @property
    def place_name(self) -> str:
        """The data set's name: of a folder the whole name ("Head 1.5T"); "" without a data set."""
        if self.place is None:
            return ""
        is_table = self.place.suffix.casefold() == TABLE_SUFFIX
        return self.place.stem if is_table else folder_name(self.place)

    @property
    def waits_for_scans(self) -> bool:
        """Whether the draft has a run's data set whose scans have not been listed yet."""
        return self.place is not None and not self.scans

    def shown_as(self, label: str) -> str:
        """Return the name under which a class is shown."""
        return self.display_names.get(label, label)

    def request(self, output: Path = Path()) -> TrainingRequest:
        """Return the training request for this draft.

        Raises
        ------
        ValueError
            No data set has been chosen.
        """
        if self.place is None:
            raise ValueError("expected a data set")
        return TrainingRequest(
            datasets=(str(self.place),),
            output=str(output),
            name=self.name or "My model",
            architecture=self.architecture,
            weights=self.weights,
            protocol=self.protocol,
            validation_fraction=self.validation_fraction,
            test_fraction=self.test_fraction,
            left_out=tuple(sorted(str(file) for file in self.left_out)),
            display_names=tuple(sorted(self.display_names.items())),
            recipe=self.recipe,
            preprocessing=self.preprocessing,
        )
