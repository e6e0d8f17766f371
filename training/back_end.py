"""What computes: the back end of Keras that the environment names."""

from __future__ import annotations

import os
from importlib.util import find_spec

from btgui.engine.errors import TrainingError

_BACK_ENDS = ("tensorflow", "torch", "jax")


def check_back_end() -> None:
    """Refuse a back end that is unknown or not installed; call it before Keras is imported.

    Raises
    ------
    TrainingError
        It says which, and what to do.
    """
    named = os.environ.get("KERAS_BACKEND") or _BACK_ENDS[0]
    if named not in _BACK_ENDS:
        raise TrainingError(
            f"Expected in the environment variable KERAS_BACKEND one of {', '.join(_BACK_ENDS)}, "
            f"received {named!r}. Change it or remove it."
        )
    if find_spec(named) is None:
        raise TrainingError(
            f"The environment variable KERAS_BACKEND names {named}, which is not installed. Install "
            f"it (python -m pip install {named}), or remove the variable."
        )
