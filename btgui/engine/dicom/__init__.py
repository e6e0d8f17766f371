"""DICOM files: told apart, looked at within limits, decompressed, read as scans."""
