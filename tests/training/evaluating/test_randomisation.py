from btgui.engine.datasets.dataset import LabelledScan
from training.evaluating.randomisation import check_randomisation


def test_maps_of_the_stages_below_stay_until_their_own_weights_are_random(tiny_pack, make_heads):
    scans = [LabelledScan(file, "glioma", "test", "made") for file in make_heads(2)]
    asked = []
    steps = check_randomisation(tiny_pack, scans, go_on=lambda: asked.append(1))
    assert len(asked) == len(steps)
    labels = [stage.label for stage in tiny_pack.card.stages]
    assert [step.down_to for step in steps] == ["logits", *labels[::-1]]
    assert all(set(step.correlations) == set(labels) for step in steps)
    # Whatever was forgotten, a correlation stays one; and the end has little of the beginning.
    values = [value for step in steps for value in step.correlations.values()]
    assert all(-1 <= value <= 1 for value in values)
    assert steps[-1].correlations[labels[-1]] < 0.9
