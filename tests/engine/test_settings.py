import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from btgui.engine.settings import (
    SETTINGS_FILE,
    Settings,
    load_settings,
    save_settings,
    update_settings,
)


def write(folder, values):
    (folder / SETTINGS_FILE).write_text(json.dumps(values), encoding="utf-8")


def test_what_was_saved_is_loaded(tmp_path):
    chosen = Settings(recent_folders=("a", "b"), heatmap_opacity=70, colour_map="viridis")
    save_settings(chosen, tmp_path)
    assert load_settings(tmp_path) == chosen


def test_a_first_start_has_the_defaults(tmp_path):
    assert load_settings(tmp_path) == Settings()


# Where nothing can be read, what concerns privacy is on the safe side.
SAFE = Settings(patient_hidden=True, scan_text_hidden=True, remember_recent=False)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"version": "1"}', "\udcff", "[" * 9000])
def test_a_damaged_file_is_set_aside_and_told(tmp_path, told, text):
    (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert load_settings(tmp_path) == SAFE
    assert "settings.damaged" in told[0].text
    assert "folders are not remembered" in told[0].text
    assert (tmp_path / "settings.damaged").is_file()


def test_after_a_damaged_file_the_next_start_is_on_the_safe_side_too(tmp_path, told):
    write(tmp_path, [])
    assert load_settings(tmp_path) == SAFE  # by a command, which changes no settings
    assert load_settings(tmp_path) == SAFE
    assert len(told) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("heatmap_opacity", "much"),
        ("heatmap_opacity", 101),
        ("heatmap_opacity", -1),
        ("heatmap_opacity", True),
        ("colour_map", "plaid"),
        ("cam_method", "guess"),
        ("runtime", "abacus"),
        ("recent_folders", "abc"),
        ("recent_folders", [1]),
        ("keys", ["play"]),
        ("keys", {"play": 7}),
        ("sample_shown", None),
    ],
)
def test_a_bad_value_has_its_default_and_is_named_and_all_others_stay(tmp_path, told, name, value):
    chosen = Settings(patient_hidden=True, default_model_id="mine")
    write(tmp_path, asdict(chosen) | {name: value})
    assert load_settings(tmp_path) == chosen
    (message,) = told
    assert message.text == f"These settings could not be read and were reset: {name}."
    assert repr(value) in message.details
    assert (tmp_path / SETTINGS_FILE).is_file()


@pytest.mark.parametrize(
    ("name", "safe"),
    [("patient_hidden", True), ("scan_text_hidden", True), ("remember_recent", False)],
)
def test_privacy_is_on_the_safe_side_where_it_cannot_be_read(tmp_path, told, name, safe):
    write(tmp_path, asdict(Settings(recent_folders=("a",))) | {name: 1})
    read = load_settings(tmp_path)
    assert getattr(read, name) is safe
    assert read.recent_folders == (("a",) if name != "remember_recent" else ())
    assert "until you choose otherwise" in told[0].text


def test_names_of_a_newer_version_are_passed_over_and_stay_in_its_file(tmp_path, told):
    newer = asdict(replace(Settings(), heatmap_opacity=33)) | {"version": 9, "new": [1]}
    write(tmp_path, newer | {"colour_map": "unheard of"})
    read = load_settings(tmp_path)
    assert read == replace(Settings(), heatmap_opacity=33)
    update_settings(tmp_path, lambda now: replace(now, patient_hidden=True), read)
    written = json.loads((tmp_path / SETTINGS_FILE).read_text(encoding="utf-8"))
    assert written == json.loads(
        json.dumps(newer | {"colour_map": "unheard of", "patient_hidden": True})
    )


def test_a_change_is_made_to_what_lies_in_the_file_by_then(tmp_path):
    save_settings(Settings(colour_map="jet"), tmp_path)
    changed = update_settings(tmp_path, lambda now: replace(now, sample_shown=True), Settings())
    assert changed == Settings(colour_map="jet", sample_shown=True) == load_settings(tmp_path)


def test_without_a_file_a_change_writes_all_that_is_in_force(tmp_path):
    in_force = Settings(colour_map="jet")
    update_settings(tmp_path, lambda now: replace(now, sample_shown=True), in_force)
    assert load_settings(tmp_path) == Settings(colour_map="jet", sample_shown=True)


def test_a_bad_value_is_written_over_with_the_next_change(tmp_path, told):
    write(tmp_path, asdict(Settings()) | {"heatmap_opacity": 900})
    read = load_settings(tmp_path)
    update_settings(tmp_path, lambda now: replace(now, sample_shown=True), read)
    told.clear()
    assert load_settings(tmp_path) == Settings(sample_shown=True)
    assert told == []


def test_recent_folders_are_newest_first_without_repeats_and_at_most_ten():
    settings = Settings()
    for name in [*"abcdefghijkl", "f"]:
        settings = settings.with_recent_folder(Path(name))
    assert settings.recent_folders == ("f", *"lkjihgedc"[:9])


def test_switched_off_they_are_forgotten_and_stay_so():
    settings = Settings(recent_folders=("a",)).remembering_folders(False)
    assert settings.recent_folders == ()
    assert settings.with_recent_folder(Path("b")).recent_folders == ()
    again = settings.remembering_folders(True)
    assert again.with_recent_folder(Path("b")).recent_folders == ("b",)


def test_forgotten_folders_make_room_for_later_ones():
    settings = Settings(recent_folders=("a",)).without_recent_folders()
    assert settings.recent_folders == ()
    assert settings.with_recent_folder(Path("b")).recent_folders == ("b",)


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path, told):
    for text in ("first", "second"):
        (tmp_path / SETTINGS_FILE).write_text(text)
        load_settings(tmp_path)
    aside = {file.name: file.read_text() for file in tmp_path.glob("*.damaged")}
    assert aside == {"settings.damaged": "first", "settings (2).damaged": "second"}
    assert [message.level for message in told] == ["warning", "warning"]


def test_names_in_any_script_survive(tmp_path):
    chosen = Settings(recent_folders=("Köpfe", "头部", os.fsdecode(b"sch\xe4del")))
    save_settings(chosen, tmp_path)
    assert load_settings(tmp_path) == chosen


def test_another_default_model_keeps_the_one_before_to_go_back_to():
    first = Settings().with_default_model("a")
    second = first.with_default_model("b")
    assert (second.default_model_id, second.previous_model_id) == ("b", "a")
    assert second.with_default_model("b") == second
    back = second.with_default_model("a")
    assert (back.default_model_id, back.previous_model_id) == ("a", "b")


def test_keys_and_what_is_hidden_are_kept(tmp_path):
    keys = {"play": "P", "quit": ""}
    chosen = Settings(patient_hidden=True, scan_text_hidden=True, keys=keys)
    save_settings(chosen, tmp_path)
    assert load_settings(tmp_path) == chosen


def test_settings_from_before_there_were_keys_are_kept(tmp_path):
    values = asdict(replace(Settings(), heatmap_opacity=33))
    for name in ("keys", "patient_hidden", "scan_text_hidden"):
        del values[name]
    (tmp_path / SETTINGS_FILE).write_text(json.dumps(values), encoding="utf-8")
    assert load_settings(tmp_path) == replace(Settings(), heatmap_opacity=33)


def test_a_damaged_file_that_another_program_holds_does_not_stop_the_start(
    tmp_path, told, monkeypatch
):
    def held(self, target):
        raise PermissionError(13, "Access is denied", str(self))

    (tmp_path / SETTINGS_FILE).write_text("{broken")
    monkeypatch.setattr(Path, "replace", held)
    assert load_settings(tmp_path) == SAFE
    (message,) = told
    assert "could not be renamed either (Access is denied)" in message.text
    assert str(tmp_path / SETTINGS_FILE) in message.text


def test_whoever_asks_may_take_the_message(tmp_path, told):
    (tmp_path / SETTINGS_FILE).write_text("{broken")
    taken = []
    assert load_settings(tmp_path, tell=taken.append) == SAFE
    assert [message.level for message in taken] == ["warning"]
    assert told == []
