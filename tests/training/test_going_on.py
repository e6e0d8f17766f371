"""A training that goes on from a model, which has a share in the result."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.errors import Cancelled
from btgui.engine.training_events import Command, StepDone
from tests.training.conftest import RECIPE, Teller, weights_of
from training.control import Control
from training.fit import fit

pytestmark = [
    pytest.mark.usefixtures("every_step_is_told", "eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


@pytest.fixture
def start(request_for, tmp_path):
    """A model to go on from."""
    recipe = replace(RECIPE, epochs=1)
    return fit(request_for("start", recipe=recipe), tmp_path / "start.run", Teller())


@pytest.fixture
def going_on(request_for, start):
    """Return a function that makes a request to go on for an epoch, with a share of the start."""

    def make(share: float):
        recipe = replace(RECIPE, epochs=1, start_share=share)
        return request_for(f"share {share}", weights=str(start.folder), recipe=recipe)

    return make


def test_the_start_has_its_share_in_the_result(going_on, start, tmp_path):
    alone, mixed = (
        fit(going_on(share), tmp_path / f"{share}.run", Teller()) for share in (0.0, 0.25)
    )
    trained = zip(weights_of(start), weights_of(alone), weights_of(mixed), strict=True)
    assert any(np.abs(before - after).max() > 1e-3 for before, after, _ in trained)
    for before, after, both in zip(
        weights_of(start), weights_of(alone), weights_of(mixed), strict=True
    ):
        np.testing.assert_allclose(both, 0.25 * before + 0.75 * after, atol=2e-5)


def test_a_run_that_was_stopped_remembers_a_start_that_has_gone(going_on, start, tmp_path):
    request, work = going_on(0.25), tmp_path / "work"
    whole = fit(replace(request, output=str(tmp_path / "whole")), tmp_path / "whole.run", Teller())
    control = Control()

    def stop_at_the_first_step(event):
        if isinstance(event, StepDone):
            control.tell(Command.STOP)

    with pytest.raises(Cancelled):
        fit(request, work, Teller(stop_at_the_first_step), control)
    shutil.rmtree(start.folder)
    stopped = fit(request, work, Teller(), resume=True)
    for one, other in zip(weights_of(whole), weights_of(stopped), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


def test_other_starts_have_no_share(request_for, tmp_path):
    recipe = replace(RECIPE, epochs=1, start_share=0.9)
    fit(request_for(recipe=recipe), tmp_path / "work", Teller())
    assert not list(Path(tmp_path / "work").glob("start*"))
