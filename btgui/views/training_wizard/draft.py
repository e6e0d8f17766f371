"""What the wizard's pages have gathered so far; going back loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from btgui.engine.dataset import LabelledScan
from btgui.engine.training_request import RECOMMENDED, Protocol, Recipe, TrainingRequest


@dataclass
class Draft:
    """A training request in the making."""

    place: Path | None = None
    scans: list[LabelledScan] = field(default_factory=list)
    display_names: dict[str, str] = field(default_factory=dict)
    audit: dict[str, Any] | None = None
    left_out: set[Path] = field(default_factory=set)
    protocol: Protocol = "honest"
    architecture: str = "mobilenetv2"
    weights: str = "imagenet"
    preset: str = "recommended"
    recipe: Recipe = RECOMMENDED
    name: str = "My model"
    validation_fraction: float = 0.2
    test_fraction: float = 0.15
    run_folder: Path | None = None
    pack: Path | None = None

    def request(self, output: Path) -> TrainingRequest:
        """Return what a run is asked to do."""
        return TrainingRequest(
            datasets=(str(self.place),),
            output=str(output),
            name=self.name,
            architecture=self.architecture,
            weights=self.weights,
            protocol=self.protocol,
            validation_fraction=self.validation_fraction,
            test_fraction=self.test_fraction,
            left_out=tuple(sorted(str(file) for file in self.left_out)),
            display_names=tuple(sorted(self.display_names.items())),
            recipe=self.recipe,
        )
