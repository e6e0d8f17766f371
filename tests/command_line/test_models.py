import io
import json
import sys

import pytest


def test_models_are_listed_with_their_accuracy_and_protocol(btgui):
    status, output, _ = btgui("models", "list")
    assert status == 0
    assert output == "small: Small test model, accuracy 95.0 % (190 of 200), honest protocol\n"
    facts = json.loads(btgui("models", "list", "--json")[1])
    assert facts["id"] == "small"


def test_a_name_that_the_terminal_cannot_show_is_listed_in_signs(btgui, monkeypatch):
    card = btgui.shipped / "small" / "card.json"
    card.write_text(card.read_text().replace("Small test model", "\u03b1 model"), encoding="utf-8")
    told = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", told)
    assert btgui("models", "list")[0] == 0
    assert told.buffer.getvalue().startswith(b"small: \\u03b1 model, ")


def test_a_sound_model_is_verified(btgui):
    assert btgui("models", "verify") == (0, "small: valid\n", "")


def test_a_spoilt_model_fails_the_verification_with_the_reason(btgui):
    with (btgui.shipped / "small" / "model.keras").open("ab") as file:
        file.write(b"x")
    status, _, error = btgui("models", "verify")
    assert status == 1
    assert "changed or damaged" in error


def test_a_model_is_exported_verified_as_a_file_and_refused_where_it_is_already(btgui, tmp_path):
    file = tmp_path / "small.btmodel"
    assert btgui("models", "export", "small", file)[0] == 0
    assert btgui("models", "verify", file)[0] == 0
    status, _, error = btgui("models", "export", "small", file)
    assert status == 1
    assert "exists already" in error


def test_an_imported_model_is_in_the_list(btgui, tiny_pack, tmp_path, isolated_home):
    from dataclasses import replace

    from btgui.engine.models.pack import export_pack, write_pack

    other = write_pack(
        tmp_path / "other", replace(tiny_pack.card, id="other"), tiny_pack.model_file
    )
    export_pack(other, tmp_path / "other.btmodel")
    assert btgui("models", "import", tmp_path / "other.btmodel")[0] == 0
    assert "other: " in btgui("models", "list")[1]
    assert (isolated_home / "data" / "models" / "other" / "card.json").is_file()
    assert btgui("models", "import", tmp_path / "other.btmodel")[0] == 1


def test_a_broken_model_is_told_beside_the_list_of_the_others(btgui):
    (btgui.shipped / "broken").mkdir()
    status, output, error = btgui("models", "list")
    assert status == 0
    assert output.startswith("small: ")
    assert error.startswith("broken is not a model")
    status, output, error = btgui("models", "verify")
    assert status == 1
    assert output == "small: valid\n"
    assert error.startswith("broken is not a model")


def test_an_untested_model_is_listed_as_such(btgui):
    file = btgui.shipped / "small" / "card.json"
    card = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(card | {"results": []}), encoding="utf-8")
    assert btgui("models", "list")[1] == "small: Small test model, not yet tested\n"


def test_several_are_verified_by_id_folder_and_file_and_each_is_told(btgui, tmp_path):
    folder, bad = btgui.shipped / "small", tmp_path / "bad.btmodel"
    bad.write_bytes(b"no archive")
    status, output, error = btgui("models", "verify", "small", folder, bad, "nobody")
    assert status == 1
    assert output == f"small: valid\n{folder}: valid\n"
    assert f"{bad}: bad.btmodel is not a readable .btmodel file." in error
    assert "nobody: There is no model 'nobody' in the library. Available models: small." in error


def test_verifying_a_file_adds_nothing_to_the_library(btgui, tmp_path, isolated_home):
    btgui("models", "export", "small", tmp_path / "small.btmodel")
    assert btgui("models", "verify", tmp_path / "small.btmodel")[0] == 0
    assert not list((isolated_home / "data" / "models").iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "nobody", "x.btmodel"], "Available models: small"),
        (["export", "small", "none/x.btmodel"], "x.btmodel cannot be written (No such file"),
        (["import", "none.btmodel"], "none.btmodel was not found"),
    ],
)
def test_what_cannot_be_done_is_told_with_status_one(btgui, tmp_path, arguments, words):
    *first, name = arguments
    status, output, error = btgui("models", *first, tmp_path / name)
    assert status == 1
    assert not output
    assert words in error
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [("models", "list"), ("analyze", "scan.png")])
def test_without_a_folder_for_its_files_a_command_says_so_and_ends_with_two(
    btgui, tmp_path, monkeypatch, command
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BTGUI_HOME", str(tmp_path / "file"))
    status, output, error = btgui(*command)
    assert (status, output) == (2, "")
    assert error.startswith("btgui: The folder for btgui's files")
    assert "Traceback" not in error


@pytest.mark.usefixtures("no_temporary_files")
def test_a_file_that_cannot_be_unpacked_anywhere_is_told(btgui, tmp_path):
    btgui("models", "export", "small", tmp_path / "small.btmodel")
    status, _, error = btgui("models", "verify", tmp_path / "small.btmodel")
    assert status == 1
    assert "Temporary files cannot be written" in error


def test_the_folder_that_one_is_in_is_called_by_its_name(btgui, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert f": {tmp_path.name} is not a model" in btgui("models", "verify", ".")[2]


def test_names_that_no_file_can_have_are_told(btgui, tmp_path):
    long = "a" * 300
    assert btgui("models", "verify", long)[2].startswith(f"{long}: There is no model")
    assert f"{long} cannot be written" in btgui("models", "export", "small", tmp_path / long)[2]
