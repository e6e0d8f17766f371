"""DICOM files: recognising, parsing within limits, decompressing and reading them as scans."""
