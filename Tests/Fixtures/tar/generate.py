#!/usr/bin/env python3
"""Archives in the formats of tar, written by Python's tarfile, for TarReaderTests.

Every archive has a directory, two small files, a file with a name of 150 characters, and one whose name is not ASCII.
Run in this folder: python3 generate.py
"""
import io
import tarfile

FILES = {
    "data/one.txt": b"one\n",
    "data/empty": b"",
    "data/" + "long/" * 28 + "name.txt": b"deep\n",
    "data/\u00e9t\u00e9.txt": bytes(range(256)) * 5,
}


def write(name, format, mode):
    with tarfile.open(name, mode, format=format) as archive:
        directory = tarfile.TarInfo("data")
        directory.type = tarfile.DIRTYPE
        archive.addfile(directory)
        for path, contents in FILES.items():
            info = tarfile.TarInfo(path)
            info.size = len(contents)
            info.mtime = 1_700_000_000
            archive.addfile(info, io.BytesIO(contents))


write("ustar.tar", tarfile.USTAR_FORMAT, "w")
write("gnu.tar.gz", tarfile.GNU_FORMAT, "w:gz")
write("pax.tar.gz", tarfile.PAX_FORMAT, "w:gz")
