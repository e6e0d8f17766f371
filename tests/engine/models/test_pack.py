import errno
import json
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.disk.files import sha256_of
from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import (
    CARD_FILE,
    export_pack,
    import_pack,
    open_pack,
    read_card,
    write_pack,
)


@pytest.fixture
def copy(tiny_pack, tmp_path):
    """A copy of the small pack for tests that damage it."""
    return shutil.copytree(tiny_pack.folder, tmp_path / "copy")


@pytest.fixture
def packed(tiny_pack, tmp_path):
    file = tmp_path / "small.btmodel"
    export_pack(tiny_pack, file)
    return file


def change_card(folder, **changes):
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps(card | changes))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes")
@pytest.mark.timeout(20)
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.btmodel")
    with pytest.raises(ModelPackError, match="not an ordinary file"):
        import_pack(tmp_path / "a.btmodel", tmp_path / "models")


def test_a_sound_pack_opens(tiny_pack):
    assert open_pack(tiny_pack.folder).card == tiny_pack.card


def test_a_changed_byte_is_noticed(copy):
    content = bytearray((copy / "model.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "model.keras").write_bytes(content)
    with pytest.raises(ModelPackError, match="changed or damaged after the model was created"):
        open_pack(copy)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda p: (p / "model.keras").unlink(), "model.keras is missing"),
        (lambda p: (p / "code.py").touch(), "files that its card does not list: code.py"),
        (lambda p: (p / CARD_FILE).unlink(), "card"),
        (lambda p: (p / CARD_FILE).write_text("{"), "card"),
        (lambda p: (p / CARD_FILE).write_bytes(b"\xff\xfe\x00"), "card"),
        (lambda p: (p / CARD_FILE).write_text("[" * 100_000), "cannot be read"),
        (lambda p: change_card(p, parameter_count=10**400), "cannot be read"),
        (lambda p: change_card(p, notes="\ud800"), "cannot be read"),
    ],
    ids=[
        "no model",
        "extra file",
        "no card",
        "half a card",
        "no text",
        "too deep",
        "vast",
        "half a sign",
    ],
)
def test_a_pack_that_is_not_whole_is_refused(copy, spoil, words):
    spoil(copy)
    with pytest.raises(ModelPackError, match=words):
        open_pack(copy)


def test_a_link_in_place_of_the_model_is_refused(copy, tiny_pack):
    (copy / "model.keras").unlink()
    (copy / "model.keras").symlink_to(tiny_pack.model_file)
    with pytest.raises(ModelPackError, match="not an ordinary file"):
        open_pack(copy)


def test_a_card_that_names_no_model_is_refused(copy):
    values = json.loads((copy / CARD_FILE).read_text(encoding="utf-8"))
    (copy / CARD_FILE).write_text(json.dumps(values | {"files": {}}), encoding="utf-8")
    (copy / "model.keras").unlink()
    with pytest.raises(ModelPackError, match="does not list"):
        open_pack(copy)


def test_an_exported_pack_comes_back_the_same(packed, tiny_pack, tmp_path):
    pack = import_pack(packed, tmp_path / "library")
    assert pack.folder == tmp_path / "library" / "small"
    assert pack.card == tiny_pack.card
    assert pack.model_file.read_bytes() == tiny_pack.model_file.read_bytes()


def test_a_full_disk_is_not_told_as_a_file_that_is_damaged(packed, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "extractall", full)
    with pytest.raises(ModelPackError, match=r"library cannot be written: No space left"):
        import_pack(packed, tmp_path / "library")
    assert list((tmp_path / "library").iterdir()) == []


def test_a_folder_can_be_imported_too(tiny_pack, tmp_path):
    assert import_pack(tiny_pack.folder, tmp_path).card == tiny_pack.card


def test_an_id_that_is_taken_is_refused_and_the_old_one_kept(packed, tmp_path):
    first = import_pack(packed, tmp_path / "library")
    with pytest.raises(ModelPackError, match="in the library already"):
        import_pack(packed, tmp_path / "library")
    assert open_pack(first.folder)
    assert [p.name for p in (tmp_path / "library").iterdir()] == ["small"]


@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "a/b.txt", "..\\evil.txt", ".."])
def test_an_archive_that_writes_elsewhere_is_refused(packed, tmp_path, name):
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(name, "evil")
    with pytest.raises(ModelPackError):
        import_pack(packed, tmp_path / "library")
    assert not list(tmp_path.rglob("evil*"))
    assert not list((tmp_path / "library").iterdir())


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04"])
def test_what_is_no_pack_is_refused(tmp_path, content):
    (tmp_path / "bad.btmodel").write_bytes(content)
    with pytest.raises(ModelPackError, match=r"bad\.btmodel"):
        import_pack(tmp_path / "bad.btmodel", tmp_path / "library")


def test_an_archive_without_a_card_is_refused_by_its_own_name(tmp_path):
    file = tmp_path / "scans.btmodel"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("scan.txt", "no model")
    with pytest.raises(
        ModelPackError, match=r"scans\.btmodel is not a model: it has no card\.json"
    ):
        import_pack(file, tmp_path / "library")


@pytest.mark.parametrize("card", ["{", "{}"])
def test_an_archive_with_a_damaged_card_is_refused_by_its_own_name(tmp_path, card):
    file = tmp_path / "scans.btmodel"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(CARD_FILE, card)
    with pytest.raises(ModelPackError, match=r"scans\.btmodel"):
        import_pack(file, tmp_path / "library")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ModelPackError, match="was not found"):
        import_pack(tmp_path / "none.btmodel", tmp_path / "library")


def test_a_file_that_cannot_be_looked_at_is_not_taken_for_a_full_library(tmp_path):
    with pytest.raises(ModelPackError, match=r"a\.btmodel cannot be opened \(file name too long\)"):
        import_pack(tmp_path / f"{'a' * 300}.btmodel", tmp_path / "library")


def test_a_file_that_may_not_be_read_is_not_taken_for_a_damaged_one(packed, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "open", refuse_the_disk)
    with pytest.raises(
        ModelPackError, match=r"cannot be opened \(permission denied\)\. Check that"
    ):
        import_pack(packed, tmp_path / "library")


@pytest.mark.usefixtures("shut_folders")
def test_a_folder_that_cannot_be_listed_is_told(tiny_pack, tmp_path):
    folder = shutil.copytree(tiny_pack.folder, tmp_path / "model").rename(tmp_path / "shut")
    with pytest.raises(ModelPackError, match=r"cannot be listed \(Permission denied\)"):
        open_pack(folder)


def test_writing_never_replaces_a_pack(tiny_pack, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(ModelPackError, match="exists already"):
        write_pack(tmp_path / "taken", tiny_pack.card, tiny_pack.model_file)


@pytest.mark.parametrize("way", ["written", "imported"])
def test_all_of_a_pack_reaches_the_disk_before_it_has_its_name(
    tiny_pack, tmp_path, monkeypatch, way
):
    (tmp_path / "new").mkdir()
    really, forced, named = Path.replace, [], []

    def renamed(path, target):
        if path.is_dir():
            named.append({file.stat().st_ino for file in path.iterdir()} - set(forced))
            forced.clear()
        return really(path, target)

    monkeypatch.setattr("os.fsync", lambda number: forced.append(os.fstat(number).st_ino))
    monkeypatch.setattr(Path, "replace", renamed)
    if way == "written":
        write_pack(tmp_path / "new" / "pack", tiny_pack.card, tiny_pack.model_file)
    else:
        import_pack(tiny_pack.folder, tmp_path / "new")
    assert named == [set()]
    assert os.name == "nt" or forced == [(tmp_path / "new").stat().st_ino]


def test_a_wrong_card_writes_nothing(tiny_pack, tmp_path):
    with pytest.raises(ModelPackError):
        write_pack(tmp_path / "new", replace(tiny_pack.card, temperature=-1), tiny_pack.model_file)
    assert not list(tmp_path.iterdir())


def test_a_model_is_not_lost_over_a_folders_name_that_is_no_text(tiny_pack, tmp_path):
    card = replace(tiny_pack.card, training={"request": {"datasets": ["M\udce4rz"]}})
    pack = write_pack(tmp_path / "new", card, tiny_pack.model_file)
    assert open_pack(pack.folder).card.request == {"datasets": ["M?rz"]}


def test_the_card_alone_can_be_read_quickly(tiny_pack):
    assert read_card(tiny_pack.folder) == tiny_pack.card


def spoilt_archive(file, change):
    """Write an archive of one compressed file, then change its bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(CARD_FILE, "{}" * 500)
    content = bytearray(file.read_bytes())
    change(content, content.find(b"PK\x01\x02"), content.find(CARD_FILE.encode()))
    file.write_bytes(content)


def unreadable_content(content, _directory, name):
    content[name + len(CARD_FILE) : name + len(CARD_FILE) + 8] = b"\xff" * 8


def encrypted(content, directory, _name):
    content[6] |= 1
    content[directory + 8] |= 1


def unknown_compression(content, directory, _name):
    content[8] = content[directory + 10] = 77


def name_that_is_no_text(content, directory, _name):
    content[directory + 9] |= 8
    content[content.find(CARD_FILE.encode(), directory)] = 0xFF


@pytest.mark.parametrize(
    "change", [unreadable_content, encrypted, unknown_compression, name_that_is_no_text]
)
def test_an_archive_that_cannot_be_unpacked_is_refused_in_words(tmp_path, change):
    spoilt_archive(tmp_path / "odd.btmodel", change)
    with pytest.raises(
        ModelPackError, match=r"odd\.btmodel is not a readable \.btmodel file\. Obtain"
    ):
        import_pack(tmp_path / "odd.btmodel", tmp_path / "library")
    assert not list((tmp_path / "library").iterdir())


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_does(packed, tmp_path):
    with zipfile.ZipFile(packed, "a") as archive:
        archive.getinfo("model.keras").file_size = 2_100_000_000
        archive.comment = b"the directory is written anew"
    with pytest.raises(ModelPackError, match="unpacks to more than a model can need"):
        import_pack(packed, tmp_path / "library")
    assert not list((tmp_path / "library").iterdir())


def test_a_card_too_large_to_be_one_is_not_read(copy):
    (copy / CARD_FILE).write_bytes(b" " * 5_000_001)
    with pytest.raises(ModelPackError, match="too large for a model card"):
        read_card(copy)


def test_code_is_refused_even_where_card_and_digest_agree(copy, tiny_pack):
    file = copy / "model.keras"
    with zipfile.ZipFile(tiny_pack.model_file) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(b'"Dropout"', b'"Lambda"')
            target.writestr(name, content)
    values = json.loads((copy / CARD_FILE).read_text(encoding="utf-8"))
    values["files"]["model.keras"] = sha256_of(file)
    (copy / CARD_FILE).write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(ModelPackError, match="Lambda layer, which can run arbitrary code"):
        open_pack(copy)
    with pytest.raises(ModelPackError, match="Lambda layer, which can run arbitrary code"):
        import_pack(copy, copy.parent / "library")
    assert not list((copy.parent / "library").iterdir())


def test_files_from_before_1980_are_exported_too(copy, tmp_path):
    os.utime(copy / "model.keras", (0, 0))
    export_pack(open_pack(copy), tmp_path / "old.btmodel")
    assert import_pack(tmp_path / "old.btmodel", tmp_path / "library")


def test_a_damaged_pack_is_not_exported(copy, tmp_path):
    pack = open_pack(copy)
    (copy / "model.keras").write_bytes(b"")
    with pytest.raises(ModelPackError, match="changed or damaged"):
        export_pack(pack, tmp_path / "bad.btmodel")
    assert not (tmp_path / "bad.btmodel").exists()


def refuse_the_disk(*_, **__):
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda pack, place: import_pack(pack.folder, place), "cannot be written: Permission"),
        (lambda pack, place: write_pack(place / "n", pack.card, pack.model_file), "be written"),
    ],
    ids=["import", "write"],
)
def test_a_disk_that_refuses_is_told_and_nothing_is_left(
    tiny_pack, tmp_path, monkeypatch, call, words
):
    monkeypatch.setattr("shutil.copyfile", refuse_the_disk)
    with pytest.raises(ModelPackError, match=words):
        call(tiny_pack, tmp_path / "library")
    assert not list((tmp_path / "library").iterdir())


def test_an_export_into_a_folder_that_is_not_there_is_told(tiny_pack, tmp_path):
    with pytest.raises(ModelPackError, match=r"small\.btmodel cannot be written \(No such file"):
        export_pack(tiny_pack, tmp_path / "none" / "small.btmodel")


def test_a_model_that_may_not_be_read_is_told(tiny_pack, monkeypatch):
    monkeypatch.setattr("btgui.engine.models.pack.sha256_of", refuse_the_disk)
    with pytest.raises(ModelPackError, match=r"model\.keras of .* cannot be read"):
        open_pack(tiny_pack.folder)


def test_a_folder_that_has_gone_is_not_found(tmp_path):
    with pytest.raises(ModelPackError, match=r"gone was not found\. .*another window"):
        open_pack(tmp_path / "gone")


def test_a_hidden_file_that_a_mac_leaves_in_a_folder_is_no_part_of_a_pack(copy, packed, tmp_path):
    (copy / ".DS_Store").touch()
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(".DS_Store", b"")
    assert open_pack(copy).card.id == "small"
    for number, source in enumerate((copy, packed)):
        imported = import_pack(source, tmp_path / str(number))
        assert not (imported.folder / ".DS_Store").exists()


def test_what_is_wrong_with_a_pack_comes_with_what_to_do(copy):
    (copy / "notes.txt").touch()
    with pytest.raises(
        ModelPackError, match=r"does not list: notes\.txt\. Remove them from the model's"
    ):
        open_pack(copy)
    (copy / "notes.txt").unlink()
    (copy / "model.keras").unlink()
    with pytest.raises(
        ModelPackError, match=r"model\.keras is missing\. Obtain a new copy of the model\."
    ):
        open_pack(copy)
    change_card(copy, seed=1, surplus=1)
    with pytest.raises(
        ModelPackError, match=r"Obtain a new copy of the model, or update the application\."
    ):
        open_pack(copy)
