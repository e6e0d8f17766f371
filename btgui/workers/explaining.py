"""Heatmaps for a verdict, or a sentence on why there are none."""

from __future__ import annotations

from btgui.engine.analysis import Analyser
from btgui.engine.errors import BtguiError
from btgui.engine.notifications import notify_exception
from btgui.engine.results import Analysis, CamMethod


def explained(
    analyser: Analyser, analysis: Analysis, target_index: int, method: CamMethod
) -> Analysis | str:
    """Return an analysis with its heatmaps for one class, or a sentence on why there are none."""
    if analyser.pack.card.id != analysis.model_id:
        return (
            f"No heatmaps: this verdict is by {analysis.model_name}, but the model in use is now "
            f"{analyser.pack.card.name}. Open the scan again."
        )
    try:
        return analyser.explain(analysis, target_index, method)
    except BtguiError as error:
        return f"No heatmaps: {error}"
    except Exception as error:  # noqa: BLE001  (reported to the user)
        notify_exception(error, "The heatmaps could not be computed.")
        return "The heatmaps could not be computed. Choose the class again to retry."
