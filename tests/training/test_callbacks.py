import json

import numpy as np
import pytest

from training.callbacks import BestWeights, EpochCheckpoint, WeightAverage, first_epoch

ONE, ZERO = np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32)


def one_weight():
    """A network y = w x, w = 1, that halves w at every step on x = 1, y = 0: w' = w - 2w / 4."""
    import keras

    network = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")]
    )
    network.compile(optimizer=keras.optimizers.SGD(0.25), loss="mse")
    return network


def value(network):
    return float(network.get_weights()[0][0, 0])


def run(network, callbacks, *, epochs=1, steps=2, first=0):
    """Train on x = 1, y = 0, one scan a step; return Keras' history."""
    return network.fit(
        ONE.repeat(steps, 0),
        ZERO.repeat(steps, 0),
        validation_data=(ONE, ZERO),
        batch_size=1,
        epochs=epochs,
        initial_epoch=first,
        shuffle=False,
        verbose=0,
        callbacks=callbacks,
    ).history


def test_the_network_of_these_tests_halves_its_weight_at_every_step():
    network = one_weight()
    run(network, [], steps=3)
    assert value(network) == 1 / 8


class TestWeightAverage:
    def test_the_average_is_the_recurrence_by_hand(self, tmp_path):
        # Weights 1, 1/2, 1/4, 1/8. Average 1, 3/4, 3/8 + 1/8 = 1/2, 1/4 + 1/16 = 5/16.
        average = WeightAverage(tmp_path, 0.5)
        run(one_weight(), [average], steps=3)
        assert average.average[0].tolist() == [[5 / 16]]

    def test_validation_sees_the_average_and_training_the_raw_weights(self, tmp_path):
        # Epoch 1: weights 1/2, 1/4; average 3/4, 1/2. Epoch 2: 1/8, 1/16; 5/16, 3/16.
        network = one_weight()
        history = run(network, [WeightAverage(tmp_path, 0.5)], epochs=2)
        assert history["val_loss"] == pytest.approx([(1 / 2) ** 2, (3 / 16) ** 2])
        # The loss of an epoch is the mean over its steps, each before its update.
        raw = [(1 + 1 / 4) / 2, (1 / 16 + 1 / 64) / 2]
        assert history["loss"] == pytest.approx(raw)
        assert value(network) == 1 / 16

    def test_best_weights_before_it_keep_the_average_and_the_checkpoint_after_it_the_raw(
        self, tmp_path
    ):
        best = BestWeights(tmp_path, "val_loss")
        run(one_weight(), [best, WeightAverage(tmp_path, 0.5), EpochCheckpoint(tmp_path)])
        kept, raw = one_weight(), one_weight()
        kept.load_weights(best.file)
        raw.load_weights(tmp_path / "epoch-001.weights.h5")
        assert (value(kept), value(raw)) == (1 / 2, 1 / 4)

    def test_the_statistics_of_normalisation_are_averaged_too(self, tmp_path):
        import keras

        network = keras.Sequential([keras.Input((1,)), keras.layers.BatchNormalization()])
        network.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
        raw = [network.get_weights()]
        watch = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs: raw.append(network.get_weights())
        )
        average = WeightAverage(tmp_path, 0.9)
        pictures = np.arange(8, dtype=np.float32)[:, None]
        network.fit(pictures, pictures, batch_size=2, verbose=0, callbacks=[watch, average])
        assert len(raw) == 5
        expected = [np.asarray(weight, np.float64) for weight in raw[0]]
        for weights in raw[1:]:
            expected = [0.9 * a + 0.1 * w for a, w in zip(expected, weights, strict=True)]
        names = [weight.path.rsplit("/", 1)[-1] for weight in network.weights]
        assert names == ["gamma", "beta", "moving_mean", "moving_variance"]
        for mean, by_hand, last in zip(average.average, expected, raw[-1], strict=True):
            assert mean == pytest.approx(by_hand, abs=1e-6)
            assert np.abs(by_hand - last).max() > 1e-3

    def test_a_resumed_run_goes_on_with_the_average_as_it_was(self, tmp_path):
        def callbacks(folder):
            return [WeightAverage(folder, 0.5), EpochCheckpoint(folder)]

        (tmp_path / "through").mkdir()
        (tmp_path / "stopped").mkdir()
        through = run(one_weight(), callbacks(tmp_path / "through"), epochs=3)
        run(one_weight(), callbacks(tmp_path / "stopped"), epochs=1)
        network = one_weight()
        resumed = run(network, callbacks(tmp_path / "stopped"), epochs=3, first=1)
        assert resumed["val_loss"] == pytest.approx(through["val_loss"][1:])
        assert value(network) == 1 / 64

    def test_it_never_throws_away_the_average_that_the_checkpoint_needs(self, tmp_path):
        run(one_weight(), [WeightAverage(tmp_path, 0.5), EpochCheckpoint(tmp_path)], epochs=4)
        kept = {file.name for file in tmp_path.glob("average-*")}
        assert f"average-{first_epoch(tmp_path):03d}.npz" in kept
        assert len(kept) <= 2  # and does not fill the disk


class TestEpochCheckpoint:
    def test_an_empty_folder_has_no_finished_epoch(self, tmp_path):
        assert first_epoch(tmp_path) == 0

    def test_it_counts_epochs_and_keeps_the_newest_file_only(self, tmp_path):
        run(one_weight(), [EpochCheckpoint(tmp_path)], epochs=3)
        assert first_epoch(tmp_path) == 3
        assert [file.name for file in tmp_path.glob("*.h5")] == ["epoch-003.weights.h5"]

    def test_a_resumed_run_has_the_optimisers_state_too(self, tmp_path):
        import keras

        def network_with_momentum():
            network = one_weight()
            network.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
            return network

        through = network_with_momentum()
        run(through, [], epochs=4, steps=3)
        run(network_with_momentum(), [EpochCheckpoint(tmp_path)], epochs=2, steps=3)
        resumed = network_with_momentum()
        run(resumed, [EpochCheckpoint(tmp_path)], epochs=4, steps=3, first=2)
        assert value(resumed) == pytest.approx(value(through), abs=1e-7)
        assert int(resumed.optimizer.iterations) == 12

    def test_an_epoch_whose_loss_is_not_a_number_is_not_kept(self, tmp_path):
        network = one_weight()
        run(network, [EpochCheckpoint(tmp_path)])
        network.set_weights([np.full((1, 1), np.nan)])
        checkpoint = EpochCheckpoint(tmp_path)
        checkpoint.set_model(network)
        checkpoint.on_epoch_end(1, {"loss": float("nan")})
        assert first_epoch(tmp_path) == 1
        assert [file.name for file in tmp_path.glob("*.h5")] == ["epoch-001.weights.h5"]

    def test_a_kill_while_it_writes_leaves_the_checkpoint_before(self, tmp_path, monkeypatch):
        network = one_weight()
        run(network, [WeightAverage(tmp_path, 0.5), EpochCheckpoint(tmp_path)])

        def killed(*_arguments):
            raise KeyboardInterrupt

        def go_on(network):
            callbacks = [WeightAverage(tmp_path, 0.5), EpochCheckpoint(tmp_path)]
            return run(network, callbacks, epochs=2, first=1)

        with monkeypatch.context() as patched:
            patched.setattr("training.callbacks._replace_json", killed)
            with pytest.raises(KeyboardInterrupt):
                go_on(network)
        assert first_epoch(tmp_path) == 1
        resumed = one_weight()
        history = go_on(resumed)
        assert value(resumed) == 1 / 16
        assert history["val_loss"] == pytest.approx([(3 / 16) ** 2])


class TestBestWeights:
    @pytest.fixture
    def best(self, tmp_path):
        best = BestWeights(tmp_path, "val_loss")
        best.set_model(one_weight())
        return best

    def after(self, best, epoch, figure):
        """End an epoch with weight ``epoch`` and this figure; return the weight that is kept."""
        best.model.set_weights([np.full((1, 1), epoch, np.float32)])
        best.on_epoch_end(epoch, {"val_loss": figure})
        if not best.exists():
            return None
        kept = one_weight()
        kept.load_weights(best.file)
        return value(kept)

    def test_the_epoch_with_the_smallest_figure_is_kept(self, best):
        figures = [0.5, 0.7, 0.3, 0.3, 0.4]
        assert [self.after(best, *pair) for pair in enumerate(figures)] == [0, 0, 2, 2, 2]
        note = json.loads(best.note.read_text(encoding="utf-8"))
        assert note == {"val_loss": 0.3, "epoch": 3}

    def test_what_is_not_a_number_is_never_the_best(self, best):
        assert self.after(best, 0, float("nan")) is None
        assert self.after(best, 1, 9.0) == 1
        assert self.after(best, 2, float("nan")) == 1

    def test_a_figure_that_was_not_logged_keeps_nothing(self, best):
        best.on_epoch_end(0, {"loss": 0.1})
        assert not best.exists()

    def test_a_resumed_run_remembers_the_best_so_far(self, best, tmp_path):
        self.after(best, 0, 0.2)
        resumed = BestWeights(tmp_path, "val_loss")
        resumed.set_model(best.model)
        assert self.after(resumed, 1, 0.3) == 0
        assert self.after(resumed, 2, 0.1) == 2
