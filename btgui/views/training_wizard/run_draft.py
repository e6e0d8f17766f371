"""Conversion between drafts and runs: begin a run, and restore the draft of a run; no Qt."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from btgui.engine.errors import TrainingError
from btgui.engine.models.published_networks import PUBLISHED
from btgui.engine.training_request import PRESETS, TrainingRequest
from btgui.engine.training_runs.runs import TrainingRun, begin_run, model_folder, new_run_folder
from btgui.views.training_wizard.draft import Draft

GONE = (
    "This training was used, kept or discarded in another window. If kept, its model is among your "
    "models."
)
_ASKED_OTHERWISE = "Its request has settings that they cannot show, such as several data sets."


def draft_of(run: TrainingRun) -> Draft:
    """Return a draft with a run's own choices; its scans have yet to be listed.

    Where the pages cannot show all of the request, the draft has no data set, and
    ``unshown`` states the reason in a sentence.
    """
    request = run.request
    draft = Draft(
        place=Path(request.datasets[0]),
        display_names=dict(request.display_names),
        left_out={Path(file) for file in request.left_out},
        has_choices=True,
        protocol=request.protocol,
        architecture=request.architecture,
        weights=request.weights,
        preprocessing=request.preprocessing,
        preset=next((key for key, one in PRESETS.items() if one == request.recipe), "recommended"),
        recipe=request.recipe,
        name=request.name,
        name_is_typed=True,
        validation_fraction=request.validation_fraction,
        test_fraction=request.test_fraction,
        run_folder=run.folder,
    )
    if not _shows_all_of(draft, run):
        hide_choices(draft, _ASKED_OTHERWISE)
    return draft


def begin_run_of(draft: Draft, taken: Collection[str]) -> TrainingRun:
    """Write a draft's request to a new run folder and return the run; on failure remove the folder.

    Parameters
    ----------
    taken
        Other models' names.

    Raises
    ------
    TrainingError
        The name is taken, the starting weights are gone, or nothing can be written.
    """
    if draft.name in taken:  # by the model of an earlier run, perhaps
        raise TrainingError(
            f"Another model is already called {draft.name}. Go back to Model and choose another name."
        )
    there = os.path.exists(draft.weights)  # noqa: PTH110  (Path's raises without permission)
    if Path(draft.weights).is_absolute() and not there:
        raise TrainingError(
            "The model or file that this training was to start from no longer exists. Go back to Model "
            "and choose another start."
        )
    try:
        return _written(draft.request())
    except OSError as error:
        raise TrainingError(
            f"The training cannot be started: nothing can be written ({error.strerror}). Free some "
            f"space and try again."
        ) from error


def hide_choices(draft: Draft, why: str) -> None:
    """Remove the data set from a run's draft, because the earlier pages cannot show its request."""
    draft.place, draft.scans, draft.unshown = None, [], why


def why_anew(draft: Draft) -> str:
    """Return the notice that going back from a run with hidden choices begins another training."""
    waits = " You find it under Models, Interrupted training." if draft.run_folder else ""
    return (
        f"The choices of {draft.name} cannot be shown on these pages. {draft.unshown}{waits} Your "
        f"choices here begin another training."
    )


def _written(request: TrainingRequest) -> TrainingRun:
    folder = new_run_folder()
    try:
        return begin_run(replace(request, output=str(model_folder(folder))), folder)
    except OSError:
        with suppress(OSError):
            folder.rmdir()
        raise


def _shows_all_of(draft: Draft, run: TrainingRun) -> bool:
    known = {network.architecture for network in PUBLISHED}
    return draft.architecture in known and draft.request(run.pack) == run.request
