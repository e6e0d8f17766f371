"""The models of a comparison, opened, checked against one another, and labelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import ModelPack, open_pack
from btgui.engine.training_request import Protocol, TrainingRequest
from training.cautions import recorded_datasets

_FEWEST, _MOST = 2, len(ascii_uppercase)


@dataclass(frozen=True)
class Contender:
    """A model in a comparison.

    Attributes
    ----------
    mark
        Capital letter that stands for the model in figures and tables.
    label
        The model's name, or its id if another model has the same name.
    """

    mark: str
    label: str
    pack: ModelPack

    @property
    def title(self) -> str:
        """Mark and label together."""
        return f"{self.mark} · {self.label}"

    @property
    def protocol(self) -> Protocol:
        """The protocol of the model's training; one that is not recorded counts as published."""
        return self.pack.card.protocol

    @property
    def protocol_words(self) -> str:
        """The protocol in words, also for a protocol that is not recorded."""
        return (
            self.protocol if "protocol" in self.pack.card.request else "not recorded, so published"
        )

    @property
    def trained_on(self) -> tuple[str, ...]:
        """Names of the data sets that the model was trained on; empty if not recorded."""
        return recorded_datasets(self.pack.card)

    @property
    def trained_on_words(self) -> str:
        """The names of the data sets in words, with the number of folders added to them."""
        added = self.pack.card.request.get("added")
        count = len(added) if isinstance(added, list | tuple) else 0
        more = {0: "", 1: " and an added folder"}.get(count, f" and {count} added folders")
        return ", ".join(self.trained_on) + more if self.trained_on else "not recorded"

    @property
    def request(self) -> TrainingRequest | None:
        """The model's training request; None if it is not recorded, or for an average.

        The card of an average records only the last of several requests.
        """
        if self.averaged:
            return None
        try:
            return TrainingRequest.from_json(self.pack.card.request)
        except ValueError:
            return None

    @property
    def averaged(self) -> tuple[str, ...]:
        """Ids of the models averaged into this one; empty if it is no average."""
        return _words(self.pack.card.training.get("averaged"))

    @property
    def weights(self) -> str:
        """The initial weights of the training, in words."""
        if self.averaged:
            return f"average of {len(self.averaged)} models"
        return str(self.pack.card.request.get("weights", "not recorded"))

    @property
    def seconds(self) -> float | None:
        """Duration of the training in seconds; None if not recorded."""
        seconds = self.pack.card.training.get("seconds")
        return float(seconds) if isinstance(seconds, int | float) else None

    @property
    def history(self) -> dict[str, list[float]]:
        """One value per epoch for each figure; empty if not recorded."""
        history = self.pack.card.training.get("history")
        if not isinstance(history, dict):
            return {}
        return {name: values for name, values in history.items() if values and _numeric(values)}


def open_contenders(folders: list[Path]) -> list[Contender]:
    """Open and verify the models' packs.

    Raises
    ------
    ModelPackError
        A model cannot be read, is given twice, or has other classes than the first; or there are
        too few or too many models.
    """
    if not _FEWEST <= len(folders) <= _MOST:
        raise ModelPackError(
            f"Expected {_FEWEST} to {_MOST} models to compare, received {len(folders)}."
        )
    packs = [_open(folder) for folder in folders]
    for i, pack in enumerate(packs):
        for earlier in packs[:i]:
            if pack.card.id == earlier.card.id:
                raise ModelPackError(
                    f"{earlier.folder.name} and {pack.folder.name} are the same model, "
                    f"{pack.card.id}. Name it once."
                )
        _check_classes(packs[0], pack)
    names = Counter(pack.card.name for pack in packs)
    return [
        Contender(mark, pack.card.name if names[pack.card.name] == 1 else pack.card.id, pack)
        for mark, pack in zip(ascii_uppercase, packs, strict=False)
    ]


def _open(folder: Path) -> ModelPack:
    try:
        return open_pack(folder)
    except ModelPackError as error:
        raise ModelPackError(f"{folder.resolve().name} cannot be compared. {error}") from error


def _words(value: Any) -> tuple[str, ...]:  # noqa: ANN401  (whatever a card holds)
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()


def _numeric(value: Any) -> bool:  # noqa: ANN401  (whatever a card holds)
    return isinstance(value, list) and all(isinstance(one, int | float) for one in value)


def _check_classes(first: ModelPack, other: ModelPack) -> None:
    if set(first.card.classes) != set(other.card.classes):
        raise ModelPackError(
            f"Expected models with the same classes: {first.card.name} ({first.card.id}) knows "
            f"{', '.join(first.card.classes)}; {other.card.name} ({other.card.id}) knows "
            f"{', '.join(other.card.classes)}. Compare models that know the same classes."
        )
