"""Fine-tuning of a model whose weights have a share in the result."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import Cancelled, TrainingError
from btgui.engine.models.pack import open_pack, write_pack
from btgui.engine.scan_source import read_scan
from btgui.engine.training_runs.events import Command, StepDone
from tests.training.conftest import (
    RECIPE,
    Teller,
    draw_four_classes,
    know_tiny,
    not_compiled,
    trial,
    weights_of,
)
from training.control import Control
from training.fitting.run import fit

pytestmark = [
    pytest.mark.usefixtures("every_step_is_told", "eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


@pytest.fixture(scope="module")
def once_trained(tmp_path_factory):
    """A model to fine-tune, shared by all tests."""
    place = tmp_path_factory.mktemp("start")
    with pytest.MonkeyPatch.context() as patch, not_compiled():
        request = trial(draw_four_classes(place / "four"), place / "model", know_tiny(patch))
        return fit(replace(request, recipe=replace(RECIPE, epochs=1)), place / "run", Teller())


@pytest.fixture
def start(once_trained, tmp_path):
    """A copy of the model, which a test may change."""
    return open_pack(shutil.copytree(once_trained.folder, tmp_path / "start"))


@pytest.fixture
def going_on(request_for, start):
    """Return a function that makes a request to fine-tune for an epoch, with a start share."""

    def make(share: float):
        recipe = replace(RECIPE, epochs=1, start_share=share)
        return request_for(f"share {share}", weights=str(start.folder), recipe=recipe)

    return make


def stop_at_the_first_step(request, work):
    """Begin a run and stop it while it trains."""
    control = Control()

    def stop(event):
        if isinstance(event, StepDone):
            control.tell(Command.STOP)

    with pytest.raises(Cancelled):
        fit(request, work, Teller(stop), control)


def test_the_start_has_its_share_in_the_result(going_on, start, tmp_path):
    alone, mixed = (
        fit(going_on(share), tmp_path / f"{share}.run", Teller()) for share in (0.0, 0.25)
    )
    weights = list(zip(*map(weights_of, (start, alone, mixed)), strict=True))
    assert any(np.abs(before - after).max() > 1e-3 for before, after, _ in weights)
    for before, after, both in weights:
        np.testing.assert_allclose(both, 0.25 * before + 0.75 * after, atol=2e-5)


def test_a_run_that_was_stopped_remembers_a_start_that_has_gone(going_on, start, tmp_path):
    request, work = going_on(0.25), tmp_path / "work"
    whole = fit(replace(request, output=str(tmp_path / "whole")), tmp_path / "whole.run", Teller())
    stop_at_the_first_step(request, work)
    shutil.rmtree(start.folder)
    stopped = fit(request, work, Teller(), resume=True)
    for one, other in zip(weights_of(whole), weights_of(stopped), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


def test_a_model_keeps_the_places_of_its_cells_when_it_is_fine_tuned(going_on, start, tmp_path):
    """A new model's heatmaps are placed where cells look; older models' outlines were on even cells."""
    assert all(stage.grid is not None for stage in start.card.stages)
    tuned = fit(going_on(0.0), tmp_path / "work", Teller())
    assert tuned.card.stages == start.card.stages
    stages = tuple(replace(stage, grid=None) for stage in start.card.stages)
    others = tuple(
        start.folder / name for name in start.card.files if name != start.model_file.name
    )
    card = replace(start.card, stages=stages)
    older = write_pack(tmp_path / "older", card, start.model_file, others)
    request = replace(going_on(0.0), weights=str(older.folder), output=str(tmp_path / "kept"))
    stop_at_the_first_step(request, tmp_path / "stopped")
    shutil.rmtree(older.folder)
    kept = fit(request, tmp_path / "stopped", Teller(), resume=True)
    assert kept.card.stages == stages


@pytest.fixture
def three_classes(four_classes, tmp_path):
    """The same scans without one class."""
    folder = shutil.copytree(four_classes, tmp_path / "three")
    for part in folder.iterdir():
        shutil.rmtree(part / "pituitary")
    return folder


@pytest.fixture
def of_three(request_for, start, three_classes):
    """A request to fine-tune on scans of three of the model's classes."""
    recipe = replace(RECIPE, epochs=1, bias_correction=True, transplant_probability=0.5)
    weights = str(_renamed(start))
    return request_for("of three", datasets=(str(three_classes),), weights=weights, recipe=recipe)


def _renamed(pack):
    """Give the model a name of its own for a class."""
    file = pack.folder / "card.json"
    card = json.loads(file.read_text())
    card["display_names"][3] = "Sellar tumour"
    file.write_text(json.dumps(card))
    return pack.folder


def test_a_class_without_scans_is_kept(of_three, start, three_classes, tmp_path, teller):
    pack = open_pack(fit(of_three, tmp_path / "work", teller).folder)
    assert pack.card.classes == start.card.classes
    assert pack.card.display_names == ("Glioma", "Meningioma", "No tumour", "Sellar tumour")
    assert pack.card.training["without_scans"] == ["pituitary"]
    assert pack.card.training["class_biases"]["pituitary"] == pytest.approx(0, abs=1e-6)
    said = [line for line in teller.said if "no scans of sellar tumour:" in line]
    assert len(said) == 1
    # Weight decay alone moves what leads to its logit.
    before, after = (weights_of(one)[-2:] for one in (start, pack))
    np.testing.assert_allclose(after[0][:, 3], before[0][:, 3], rtol=1e-3)
    assert after[1][3] == pytest.approx(before[1][3], abs=1e-6)
    assert np.abs(after[0][:, :3] - before[0][:, :3]).max() > 1e-3
    scan = next((three_classes / "Testing" / "glioma").iterdir())
    probabilities = Analyser(pack).classify(read_scan(scan)).prediction.probabilities
    assert len(probabilities) == 4
    assert sum(probabilities) == pytest.approx(1)


def test_such_a_run_goes_on_without_the_model_and_with_the_split_that_it_began_with(
    of_three, start, four_classes, three_classes, tmp_path
):
    whole = fit(replace(of_three, output=str(tmp_path / "all")), tmp_path / "all.run", Teller())
    work = tmp_path / "work"
    stop_at_the_first_step(of_three, work)
    shutil.rmtree(start.folder)
    shutil.copytree(four_classes, three_classes, dirs_exist_ok=True)
    stopped = fit(of_three, work, Teller(), resume=True)
    assert stopped.card.classes == whole.card.classes
    assert stopped.card.display_names == whole.card.display_names
    for one, other in zip(weights_of(whole), weights_of(stopped), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


def test_a_class_that_the_model_does_not_know_is_refused(of_three, three_classes, tmp_path):
    for part in three_classes.iterdir():
        (part / "glioma").rename(part / "cyst")
    with pytest.raises(TrainingError, match="but the data set has cyst, meningioma, notumor"):
        fit(of_three, tmp_path / "work", Teller())
    assert not (tmp_path / "work").exists()


def test_other_starts_have_no_share(request_for, tmp_path):
    recipe = replace(RECIPE, epochs=1, start_share=0.9)
    fit(request_for(recipe=recipe), tmp_path / "work", Teller())
    assert not list(Path(tmp_path / "work").glob("start*"))
