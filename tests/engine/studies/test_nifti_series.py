import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np

from btgui.engine.scan_source import find_scans, read_scan, read_thumbnail
from btgui.engine.studies.index import index_places
from tests.nifti_files import change_header, stored_as, world_volume, write_nifti


def test_a_volume_is_a_series_of_slices_in_order(tmp_path):
    voxels, affine = stored_as("PIR", (1, 1, 4))
    write_nifti(tmp_path / "sub-01_T1w.nii.gz", voxels, affine)
    (series,) = index_places([tmp_path]).series
    assert (series.description, series.sequence, series.plane) == ("sub-01_T1w", "T1", "axial")
    assert (series.patient, series.distance_mm, series.findings) == ("", 4, ())
    assert [s.location_mm for s in series.slices] == [-40, -36, -32]
    for number, one in enumerate(series.slices):
        scan = read_scan(one.address)
        assert scan.address == one.address
        assert scan.slice_location_mm == one.location_mm
        assert scan.values[-1, -1] == 1 + 100 * number  # the patient's left, back, foot
        assert (scan.plane, scan.spacing_mm, scan.file_format) == ("axial", (1, 1), "NIfTI")
        assert (scan.edges.left, scan.edges.right) == ("R", "L")
        assert (scan.edges.top, scan.edges.bottom) == ("A", "P")


def test_each_volume_of_a_file_of_several_is_a_series(tmp_path):
    several = np.stack([world_volume(), 2 * world_volume()], axis=-1)
    write_nifti(tmp_path / "bold.nii", several)
    first, second = index_places([tmp_path]).series
    assert second.description == "bold, volume 2 of 2"
    assert first.key != second.key
    scan, doubled = (read_scan(one.slices[1].address) for one in (first, second))
    assert np.array_equal(doubled.values, 2 * scan.values)
    assert (doubled.metadata["Volume"], doubled.metadata["Slice"]) == ("2 of 2", "2 of 3")


def test_a_file_of_hundreds_of_volumes_lists_the_first(tmp_path):
    write_nifti(tmp_path / "long.nii", np.ones((4, 4, 2, 100), np.uint8))
    listed = index_places([tmp_path]).series
    assert len(listed) == 32
    assert "first 32 of 100 volumes" in listed[0].findings[0]


def test_volumes_of_one_slice_are_one_series_of_one_place(tmp_path):
    write_nifti(tmp_path / "cine.nii", np.arange(4 * 4 * 40, dtype=np.int16).reshape(4, 4, 1, 40))
    (series,) = index_places([tmp_path]).series
    assert [one.address.frame for one in series.slices] == list(range(40))
    assert [one.number for one in series.slices] == list(range(1, 41))
    assert series.description == "cine"
    assert series.breaks == tuple(range(1, 40))
    assert series.findings[-1] == "All 40 slices lie at the same position."


def test_what_a_file_does_not_say_is_told(tmp_path):
    write_nifti(tmp_path / "a.nii", world_volume(), unit=0)
    (series,) = index_places([tmp_path]).series
    assert "unit of the voxel size" in series.findings[0]
    assert series.slices[0].location_mm is None
    assert read_scan(series.slices[0].address).spacing_mm is None
    change_header(tmp_path / "a.nii", sform_code=0, qform_code=0)
    (series,) = index_places([tmp_path]).series
    assert "orientation of the slices" in series.findings[0]


def test_a_damaged_volume_is_passed_over_in_a_folder_and_opened_if_named(tmp_path):
    broken = tmp_path / "a.nii"
    broken.write_bytes(b"no volume")
    assert "named like a NIfTI file" in index_places([tmp_path]).passed_over[0].reason
    assert index_places([broken]).pictures == (broken,)


def test_free_text_of_the_header_is_the_patients(tmp_path):
    import nibabel

    image = nibabel.Nifti1Image(world_volume(), np.eye(4))
    image.header["descrip"] = b"SECRET NAME"
    nibabel.save(image, tmp_path / "a.nii")
    scan = read_scan(tmp_path / "a.nii")
    assert scan.header["descrip"] == "SECRET NAME"
    assert "descrip" in scan.header_patient
    assert "SECRET" not in str(scan.metadata)


def test_volumes_have_thumbnails(tmp_path):
    file = write_nifti(tmp_path / "a.nii.gz", world_volume((80, 60, 3)))
    assert read_thumbnail(file, 20).shape == (15, 20)


def test_volumes_are_listed_only_where_they_are_wanted(tmp_path):
    file = write_nifti(tmp_path / "a.nii.gz", world_volume())
    (tmp_path / "a.json").write_text("{}")
    assert find_scans([tmp_path]) == []
    assert find_scans([tmp_path], volumes=True) == [file]


def test_a_list_of_pictures_does_not_load_the_libraries_of_other_files(tmp_path):
    for name in ("a.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"whatever")
    look = """
        import sys
        from pathlib import Path
        from btgui.engine.scan_source import find_scans
        from btgui.engine.studies.index import index_places
        from btgui.engine.studies.pictures_in_files import pictures_in

        place = [Path(sys.argv[1])]
        index_places(place), pictures_in(find_scans(place, volumes=True))
        print({"nibabel", "pydicom"} & {*sys.modules})
    """
    command = [sys.executable, "-c", textwrap.dedent(look), str(tmp_path)]
    root = Path(__file__).parents[3]
    printed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "set()"


def test_volumes_of_one_person_are_one_study_and_those_of_others_are_not(tmp_path):
    names = ["sub-01_T1w", "sub-01_acq-fast_FLAIR", "sub-02_T1w", "IXI002-T1", "IXI002-T2"]
    for name in names:
        write_nifti(tmp_path / f"{name}.nii.gz", world_volume())
    studies = {one.description: one.study for one in index_places([tmp_path]).series}
    assert studies["sub-01_T1w"] == studies["sub-01_acq-fast_FLAIR"]
    assert studies["IXI002-T1"] == studies["IXI002-T2"]
    assert len(set(studies.values())) == 3
