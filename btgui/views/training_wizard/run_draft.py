"""A run of a draft, and the draft of a run of before; no Qt."""

from __future__ import annotations

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
    "Another window has decided on this training. Its model, if it was kept, is among the models."
)
_ASKED_OTHERWISE = "It was asked for in a way that they do not know, such as several data sets."


def draft_of(run: TrainingRun) -> Draft:
    """Return a draft with the run's own choices; its scans are still to be listed.

    Where the request holds what the pages cannot show, the draft has no data set, and
    ``unshown`` says why, in a sentence.
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
    """Write down what a draft asks for, in a folder of its own; leave none behind if that fails.

    Parameters
    ----------
    taken
        Other models' names.

    Raises
    ------
    TrainingError
        Its name is taken, what it starts from is gone, or nothing can be written.
    """
    if draft.name in taken:  # by the model of a run before, perhaps
        raise TrainingError(
            f"Another model is called {draft.name} already. Go back to Model and choose another name."
        )
    start = Path(draft.weights)
    if start.is_absolute() and not start.exists():
        raise TrainingError(
            "The model or the file that this training was to start from is gone. Go back to Model and "
            "choose another start."
        )
    try:
        return _written(draft.request())
    except OSError as error:
        raise TrainingError(
            f"The training cannot be started: nothing can be written ({error.strerror}). Free some "
            f"space and try again."
        ) from error


def hide_choices(draft: Draft, why: str) -> None:
    """Leave a run's draft with the run alone: the pages before cannot show what it was asked for."""
    draft.place, draft.scans, draft.unshown = None, [], why


def why_anew(draft: Draft) -> str:
    """Return what to say where going back from such a run leads to another training."""
    waits = " It waits under Models, Interrupted trainings." if draft.run_folder else ""
    return (
        f"The choices of {draft.name} cannot be shown on these pages. {draft.unshown}{waits} What you "
        f"choose now becomes another training."
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
