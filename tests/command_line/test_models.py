import json


def test_models_are_listed_with_their_accuracy_and_protocol(btgui):
    status, output, _ = btgui("models", "list")
    assert status == 0
    assert output == "small: Small test model, 190 of 200 right (95.0%), honest protocol\n"
    facts = json.loads(btgui("models", "list", "--json")[1])
    assert facts["id"] == "small"


def test_a_sound_model_is_verified(btgui):
    assert btgui("models", "verify") == (0, "small: sound\n", "")


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

    from btgui.engine.model_pack import export_pack, write_pack

    other = write_pack(
        tmp_path / "other", replace(tiny_pack.card, id="other"), tiny_pack.model_file
    )
    export_pack(other, tmp_path / "other.btmodel")
    assert btgui("models", "import", tmp_path / "other.btmodel")[0] == 0
    assert "other: " in btgui("models", "list")[1]
    assert (isolated_home / "data" / "models" / "other" / "card.json").is_file()
    assert btgui("models", "import", tmp_path / "other.btmodel")[0] == 1
