import pytest

from btgui.engine.training_runs.hints import training_hint


def history(losses, shares, training=None):
    return {
        "accuracy": training or shares,
        "validation_loss": losses,
        "validation_accuracy": shares,
    }


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (history([], []), ""),
        (history([1.0], [0.5]), ""),
        (history([1.0, 0.8], [0.5, 0.6]), "Still improving"),
        (history([0.8, 0.7, 0.75], [0.5, 0.6, 0.6]), "ups and downs"),
        (history([0.7, 0.8], [0.6, 0.5]), "No better yet than the first epoch"),
        (history([1.4, 1.4, 1.4], [0.25, 0.26, 0.24]), "stuck"),
        (
            history([0.5, 0.4, 0.5, 0.6, 0.7], [0.8, 0.85, 0.84, 0.83, 0.82], [0.8] * 4 + [0.99]),
            "no better on the validation scans since epoch 2",
        ),
        (
            history([0.5, 0.4, 0.41, 0.42, 0.41], [0.8, 0.85, 0.84, 0.84, 0.85]),
            "No improvement since epoch 2",
        ),
    ],
)
def test_the_curves_are_put_in_words(figures, words):
    said = training_hint(figures, 4)
    assert words in said
    assert bool(said) == bool(words)


def test_what_is_stuck_depends_on_the_number_of_classes():
    figures = history([0.7, 0.7, 0.7], [0.5, 0.5, 0.5])
    assert "stuck" in training_hint(figures, 2)
    assert "stuck" not in training_hint(figures, 4)
