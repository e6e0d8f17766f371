"""NIfTI files of known voxels: each value tells where in the patient it lies."""

import nibabel
import numpy as np

SHAPE = (4, 5, 3)  # voxels to the patient's right-left, back-front and foot-head


def value(right, front, head):
    """Return what a voxel holds so many steps to the patient's right, front and head."""
    return 1 + right + 10 * front + 100 * head


def world_volume(shape=SHAPE):
    """Return (right, front, head) int16: the axes grow as NIfTI's world does."""
    return np.fromfunction(value, shape, dtype=np.int16).astype(np.int16)


def stored_as(codes, spacing=(1.0, 1.0, 1.0), shape=SHAPE):
    """Return voxels and affine of the same volume with its axes in another order or sense.

    ``codes`` are nibabel's: where each axis runs to, such as ("L", "P", "S").
    """
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = (-20, -30, -40)
    image = nibabel.Nifti1Image(world_volume(shape), affine)
    turned = image.as_reoriented(nibabel.orientations.axcodes2ornt(codes))
    return np.asarray(turned.dataobj), turned.affine


def write_nifti(file, voxels, affine=None, *, unit="mm", kind=nibabel.Nifti1Image):
    """Write a file; its ending says whether packed."""
    image = kind(voxels, np.eye(4) if affine is None else affine)
    image.header.set_xyzt_units(unit)
    nibabel.save(image, file)
    return file


def change_header(file, **fields):
    """Change elements of an unpacked NIfTI-1 file's header, as no library would."""
    content = bytearray(file.read_bytes())
    header = np.frombuffer(content[:348], nibabel.nifti1.header_dtype).copy()
    for name, value_ in fields.items():
        header[name] = value_
    file.write_bytes(header.tobytes() + content[348:])
    return file
