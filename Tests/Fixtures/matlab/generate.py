"""MATLAB files in the layout of EMNIST's emnist-byclass.mat, written by SciPy.

    python3 generate.py

Made with SciPy 1.17. `compressed.mat` and `plain.mat` say the same; `doubles.mat` too, with its labels and its mapping
stored as double-precision numbers and its fields in another order. Image n is
value(row, column) = (31 n + 7 row + 3 column) mod 256, stored transposed.
"""

from pathlib import Path

import numpy as np
import scipy.io


def part(first, count, kind):
    n, column, row = np.ogrid[first:first + count, :28, :28]
    images = ((31 * n + 7 * row + 3 * column) % 256).astype(np.uint8).reshape(count, 784)
    numbers = np.arange(first, first + count).reshape(-1, 1)
    return {"images": images, "labels": (numbers % 5).astype(kind), "writers": numbers.astype(np.uint16)}


def dataset(kind):
    mapping = np.array([[index, ord(character)] for index, character in enumerate("09AZa")], kind)
    return {"train": part(0, 7, kind), "test": part(100, 3, kind), "mapping": mapping}


folder = Path(__file__).parent
for name, data, compressed in [
    ("compressed", dataset(np.uint8), True),
    ("plain", dataset(np.uint8), False),
    ("doubles", dict(reversed(dataset(np.float64).items())), True),
]:
    scipy.io.savemat(folder / f"{name}.mat", {"dataset": data}, do_compression=compressed)
    # SciPy writes the time into the header, which would make every run differ.
    path = folder / f"{name}.mat"
    bytes = path.read_bytes()
    path.write_bytes(b"MATLAB 5.0 MAT-file".ljust(116) + bytes[116:])
