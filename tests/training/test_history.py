from training.history import read_history

HEADER = "epoch,logits_accuracy,logits_loss,loss,val_logits_accuracy,val_logits_loss\n"


def test_each_figure_has_one_value_an_epoch(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "0,0.5,0.9,1.1,0.4,1.0\n1,0.75,0.6,0.8,0.6,0.7\n")
    assert read_history(log) == {
        "loss": [0.9, 0.6],
        "accuracy": [0.5, 0.75],
        "validation_loss": [1.0, 0.7],
        "validation_accuracy": [0.4, 0.6],
    }


def test_an_epoch_logged_twice_counts_once_as_it_was_the_last_time(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "0,0.5,0.9,1.1,0.4,1.0\n0,0.6,0.8,1.0,0.5,0.9\n")
    assert read_history(log)["loss"] == [0.8]


def test_a_run_without_a_log_has_an_empty_history(tmp_path):
    assert read_history(tmp_path / "log.csv")["loss"] == []
