from training.__main__ import main


def test_a_terminal_is_told_the_figures_of_each_class_in_a_table(
    capsys, tiny_pack, four_classes, monkeypatch
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    against = ["--against", str(tiny_pack.folder)]
    assert main(["evaluate", str(tiny_pack.folder), str(four_classes), *against]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.split("training scans …\n")[1].splitlines()
    assert lines[0].split() == ["scans", "recall", "precision", "F1"]
    assert [line.split()[0] for line in lines[1:5]] == ["Glioma", "Meningioma", "No", "Pituitary"]
    assert len({len(line) for line in lines[:5]}) == 1
    assert "by chance alone" in lines[7]
    assert lines[8].endswith("on the same scans, p 1.000.")
