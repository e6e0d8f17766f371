import os
import time
from dataclasses import replace

import pytest

from btgui.engine.errors import ModelNotFoundError, ModelPackError
from btgui.engine.models.library import BrokenPack, ModelLibrary
from btgui.engine.models.pack import write_pack


@pytest.fixture
def add(tiny_pack):
    """Return a function that writes a pack with other facts into a folder."""

    def write(place, **facts):
        card = replace(tiny_pack.card, **facts)
        return write_pack(place / card.id, card, tiny_pack.model_file)

    return write


@pytest.fixture
def places(tmp_path):
    shipped, user = tmp_path / "shipped", tmp_path / "user"
    shipped.mkdir()
    user.mkdir()
    return shipped, user


def result(tiny_pack, protocol: str, accuracy: float):
    return replace(tiny_pack.card.results[0], protocol=protocol, accuracy=accuracy)


def test_shipped_models_come_first_and_win_over_the_user_s_of_the_same_id(places, add):
    shipped, user = places
    add(shipped, id="b")
    add(user, id="a")
    add(user, id="b", name="Mine")
    models = ModelLibrary(shipped, user).models()
    assert [(pack.card.id, pack.folder.parent) for pack in models] == [("b", shipped), ("a", user)]


def test_a_broken_pack_is_named_and_the_others_stay(places, add):
    shipped, user = places
    add(shipped, id="good")
    broken = add(user, id="broken")
    (broken.folder / "card.json").write_text("{")
    library = ModelLibrary(shipped, user)
    assert [pack.card.id for pack in library.models()] == ["good"]
    assert [entry.folder.name for entry in library.broken()] == ["broken"]


def test_the_default_is_the_preferred_one_else_the_best_honest_one(places, add, tiny_pack):
    shipped, user = places
    add(shipped, id="published", results=(result(tiny_pack, "published", 0.99),))
    add(shipped, id="honest", results=(result(tiny_pack, "honest", 0.95),))
    add(shipped, id="untested", results=())
    library = ModelLibrary(shipped, user)
    assert library.default_model().card.id == "honest"
    assert library.default_model("untested").card.id == "untested"
    assert library.default_model("gone").card.id == "honest"


def test_an_empty_library_says_what_to_do(places):
    with pytest.raises(ModelNotFoundError, match="Import one"):
        ModelLibrary(*places).default_model()


def test_an_unknown_id_is_answered_with_the_known_ones(places, add):
    add(places[0], id="here")
    with pytest.raises(ModelNotFoundError, match="Available models: here"):
        ModelLibrary(*places).get("elsewhere")


def test_opening_verifies_in_full(places, add):
    pack = add(places[0], id="spoilt")
    with pack.model_file.open("ab") as file:
        file.write(b"x")
    library = ModelLibrary(*places)
    assert library.get("spoilt")
    with pytest.raises(ModelPackError, match="changed or damaged"):
        library.open("spoilt")


def test_a_model_goes_from_one_library_to_another(places, add, tmp_path):
    add(places[0], id="mine")
    library = ModelLibrary(*places)
    library.export_model("mine", tmp_path / "mine.btmodel")
    other = ModelLibrary(tmp_path / "nothing shipped", tmp_path / "other user")
    assert other.import_model(tmp_path / "mine.btmodel").card.id == "mine"
    assert [pack.card.id for pack in other.models()] == ["mine"]


def test_other_folders_and_files_are_passed_over(places, add):
    add(places[1], id="good")
    (places[1] / ".new-half").mkdir()
    (places[1] / "__pycache__").mkdir()
    (places[1] / "read me.txt").touch()
    library = ModelLibrary(*places)
    assert [pack.card.id for pack in library.models()] == ["good"]
    assert library.broken() == []


def test_what_ships_is_sound():
    from btgui.engine.paths import shipped_models_folder

    library = ModelLibrary(shipped_models_folder(), shipped_models_folder() / "none")
    assert library.models()
    assert not library.broken()
    for pack in library.models():
        assert library.open(pack.card.id).card.main_result.protocol == "honest"


def test_folders_that_are_not_there_hold_no_models(tmp_path):
    library = ModelLibrary(tmp_path / "none", tmp_path / "neither")
    assert library.models() == []
    assert library.broken() == []


@pytest.mark.usefixtures("shut_folders")
def test_a_folder_of_models_that_cannot_be_listed_is_told_and_the_others_stay(tmp_path, add):
    add(tmp_path / "shipped", id="one")
    shut = tmp_path / "shut"
    shut.mkdir()
    library = ModelLibrary(tmp_path / "shipped", shut)
    assert library.default_model().card.id == "one"
    (told,) = library.broken()
    assert "shut cannot be listed (Permission denied). Check that you may read it." in told.reason


def test_a_broken_pack_is_named_with_its_reason_whatever_is_wrong(places, add):
    for name, text in (
        ("deep", "[" * 100_000),
        ("kinds", "[]"),
        ("half", '{"id": '),
        ("old", "{}"),
    ):
        (places[1] / name).mkdir()
        (places[1] / name / "card.json").write_text(text)
    (places[1] / "empty").mkdir()
    add(places[0], id="good")
    library = ModelLibrary(*places)
    assert [pack.card.id for pack in library.models()] == ["good"]
    reasons = {entry.folder.name: entry.reason for entry in library.broken()}
    assert set(reasons) == {"deep", "empty", "half", "kinds", "old"}
    assert "is not a model" in reasons["empty"]
    assert "cannot be read" in reasons["deep"]
    assert all(reason.count(name) == 1 for name, reason in reasons.items())


def test_of_equally_good_models_the_first_is_the_default(places, add):
    add(places[0], id="b")
    add(places[0], id="a")
    add(places[1], id="0")
    assert ModelLibrary(*places).default_model().card.id == "a"


def test_no_claim_of_a_user_s_model_makes_it_the_default(places, add, tiny_pack):
    add(places[1], id="claims", results=(result(tiny_pack, "honest", 1.0),))
    assert ModelLibrary(*places).default_model().card.id == "claims"  # there is no other
    add(places[0], id="ships", results=(result(tiny_pack, "honest", 0.95),))
    library = ModelLibrary(*places)
    assert library.default_model().card.id == "ships"
    assert library.default_model("claims").card.id == "claims"
    library.delete("claims")
    assert library.default_model("claims").card.id == "ships"


def test_a_model_with_the_id_of_a_shipped_one_is_refused(places, add, tmp_path):
    add(places[0], id="a", name="Shipped")
    foreign = add(tmp_path / "elsewhere", id="a", name="Foreign")
    library = ModelLibrary(*places)
    with pytest.raises(ModelPackError, match="the ID a is in the library already, called Shipped"):
        library.import_model(foreign.folder)
    assert list(places[1].iterdir()) == []


def test_no_two_models_get_one_name(places, add, tmp_path):
    add(places[0], id="a", name="Mine")
    library = ModelLibrary(*places)
    imported = library.import_model(add(tmp_path / "elsewhere", id="b", name="Mine").folder)
    assert imported.card.name == "Mine 2"
    assert imported.sentence == "Imported Mine as Mine 2: another model is called Mine."
    assert library.get("b").card.name == "Mine 2"
    deleted = library.delete("b")
    library.import_model(add(tmp_path / "elsewhere", id="c", name="Mine").folder)
    assert library.restore(deleted).card.name == "Mine 2 2"
    assert len({pack.card.name for pack in library.models()}) == 3


def test_a_name_has_sixty_letters_at_most(places, add, tmp_path):
    foreign = add(tmp_path / "elsewhere", id="b", name="x" * 200)
    library = ModelLibrary(*places)
    imported = library.import_model(foreign.folder)
    assert imported.card.name == "x" * 60
    assert "longer than 60 characters" in imported.sentence
    with pytest.raises(ModelPackError, match="at most 60 characters; this one has 61"):
        library.rename("b", "y" * 61)
    assert library.rename("b", "y" * 60).card.name == "y" * 60


def test_a_published_model_is_chosen_over_an_untested_one(places, add, tiny_pack):
    add(places[0], id="a", results=())
    add(places[0], id="b", results=(result(tiny_pack, "published", 0.5),))
    assert ModelLibrary(*places).default_model().card.id == "b"


def test_an_unknown_model_is_not_exported(places, tmp_path):
    with pytest.raises(ModelNotFoundError, match="Available models: none"):
        ModelLibrary(*places).export_model("nobody", tmp_path / "x.btmodel")
    assert not (tmp_path / "x.btmodel").exists()


def test_a_refused_import_leaves_the_library_as_it_was(places, add, tmp_path):
    add(places[1], id="good")
    (tmp_path / "bad.btmodel").write_bytes(b"no archive")
    library = ModelLibrary(*places)
    with pytest.raises(ModelPackError):
        library.import_model(tmp_path / "bad.btmodel")
    assert [path.name for path in places[1].iterdir()] == ["good"]


@pytest.fixture
def mine(places, add):
    """A library of one shipped model ("a") and one of the user's ("b")."""
    shipped, user = places
    add(shipped, id="a", name="Shipped")
    add(user, id="b", name="Mine")
    return ModelLibrary(shipped, user)


def ids(library):
    return [pack.card.id for pack in library.models()]


def test_a_renamed_model_keeps_its_id_and_is_still_whole(mine):
    mine.rename("b", "  Our hospital ")
    assert mine.open("b").card.name == "Our hospital"


@pytest.mark.parametrize(
    ("model", "name", "words"),
    [
        ("b", "  ", "needs a name"),
        ("b", "Shipped", "already called Shipped"),
        ("a", "Other", "ships with the application and cannot be renamed"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(mine, model, name, words):
    with pytest.raises(ModelPackError, match=words):
        mine.rename(model, name)
    assert [pack.card.name for pack in mine.models()] == ["Shipped", "Mine"]


def test_a_deleted_model_is_gone_until_it_is_restored(mine):
    deleted = mine.delete("b")
    assert ids(mine) == ["a"]
    assert not mine.broken()
    mine.restore(deleted)
    assert mine.open("b").card.name == "Mine"


def test_a_second_window_that_starts_leaves_what_the_first_may_undo(mine, places):
    deleted = mine.delete("b")
    ModelLibrary(*places).remove_left_behind()
    mine.restore(deleted)
    assert mine.open("b").card.name == "Mine"


def test_what_no_window_may_undo_is_removed_for_good(mine, places):
    left = places[1] / ".deleted" / "left"
    left.mkdir(parents=True)
    mine.remove_left_behind()
    assert not left.exists()
    assert ids(mine) == ["a", "b"]


def test_what_a_killed_import_left_is_removed_and_no_other(mine, places):
    day = 24 * 3600
    ages = {
        ".new-killed": 2 * day,
        ".new-running": day // 2,
        ".new-other": 2 * day,
        "kept": 2 * day,
    }
    for name, age in ages.items():
        folder = places[1] / name
        (folder / "pack").mkdir(parents=True)
        (folder / "pack" / "model.keras").write_bytes(b"half")
        if name == ".new-other":  # no import makes that
            (folder / "mine.txt").touch()
        os.utime(folder, (time.time() - age,) * 2)
    (places[1] / ".new-file").touch()
    mine.remove_left_behind()
    left = {path.name for path in places[1].iterdir()} - {"b"}
    assert left == {".new-running", ".new-other", ".new-file", "kept"}


def test_what_was_deleted_stays_out_of_sight(mine, places):
    mine.delete("b")
    assert ids(ModelLibrary(*places)) == ["a"]
    assert not ModelLibrary(*places).broken()


def test_two_deleted_models_of_one_id_do_not_meet(mine, places, add):
    first = mine.delete("b")
    add(places[1], id="b", name="Mine again")
    second = mine.delete("b")
    assert first.folder != second.folder
    mine.restore(first)
    assert mine.get("b").card.name == "Mine"


def test_a_shipped_model_cannot_be_deleted(mine):
    with pytest.raises(ModelPackError, match="cannot be deleted"):
        mine.delete("a")
    assert ids(mine) == ["a", "b"]


def test_a_broken_model_of_the_user_is_deleted_and_brought_back(mine, places):
    (places[1] / "bad").mkdir()
    (places[1] / "bad" / "notes.txt").touch()
    (broken,) = mine.broken()
    deleted = mine.delete_broken(broken)
    assert mine.broken() == []
    mine.restore(deleted)
    assert mine.broken() == [broken]
    assert (places[1] / "bad" / "notes.txt").is_file()


def test_a_broken_model_that_ships_and_the_folder_of_all_cannot_be_deleted(mine, places):
    for folder in (places[0] / "bad", places[1]):
        folder.mkdir(exist_ok=True)
        with pytest.raises(ModelPackError, match="cannot be deleted here"):
            mine.delete_broken(BrokenPack(folder, "It is broken."))
        assert folder.is_dir()
