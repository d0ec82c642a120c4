"""Files of NumPy's formats, for the tests that read them.

    python3 generate.py     # rewrites every *.npy and *.npz beside this script

Made with Python 3.11 and NumPy 2.4. The same versions give the same bytes.

- stored.npz, compressed.npz: `<dtype> <order> <shape>`, for example `>i2 F 2x3x4`; element `i` in C order is `value(i)`.
  `extremes <dtype>` holds what is easily misread: the smallest and largest numbers, infinities, "not a number".
- streamed.npz: written to a pipe, so that sizes and checksums follow the members.
- refused.npz: what tensors do not hold.
- version1.npy, version2.npy, version3.npy: the same array in every version of the format; fortran.npy: transposed.
- headers.npz: the bytes of NumPy's header for `<f8` in C order, by shape.
"""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
DTYPES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def value(i, dtype):
    if dtype == "b1":
        return i % 3 == 0
    return i * 5 if dtype[0] == "u" else i * 5 - 40 if dtype[0] == "i" else (i - 5) / 4


def array(order, dtype, layout, shape):
    count = int(np.prod(shape))
    x = np.array([value(i, dtype) for i in range(count)], dtype=order + dtype).reshape(shape)
    return np.asarray(x, order=layout)


def extremes(dtype):
    if dtype[0] in "iu":
        limits = np.iinfo(dtype)
        return np.array([limits.min, limits.max, 0, 1], dtype)
    limits = np.finfo(dtype)
    return np.array(
        [limits.min, limits.max, limits.tiny, limits.smallest_subnormal, -0.0, np.inf, -np.inf, np.nan], dtype)


def arrays():
    result = {}
    for dtype in DTYPES:
        for order in "<>":
            for layout in "CF":
                result[f"{order}{dtype} {layout} 2x3x4"] = array(order, dtype, layout, (2, 3, 4))
    for shape in [(), (0,), (1,), (5,), (3, 0, 2), (2, 3), (1, 2, 1, 2, 1, 2, 1, 2)]:
        for layout in "CF":
            name = "x".join(map(str, shape)) or "scalar"
            result[f"<f4 {layout} {name}"] = array("<", "f4", layout, shape)
    for dtype in DTYPES[1:]:
        result[f"extremes {dtype}"] = extremes(dtype)
    return result


class Pipe(io.RawIOBase):
    """A place that bytes can only be written to."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)


def write_archive(path, arrays, method):
    """As numpy.savez does, at a fixed time."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, x in arrays.items():
            member = zipfile.ZipInfo(name + ".npy", (2020, 1, 1, 0, 0, 0))
            member.compress_type = method
            with archive.open(member, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, x, allow_pickle=True)


write_archive(FOLDER / "stored.npz", arrays(), zipfile.ZIP_STORED)
write_archive(FOLDER / "compressed.npz", arrays(), zipfile.ZIP_DEFLATED)
some = {"a": array("<", "f4", "C", (2, 3)), "größe": array("<", "i4", "C", (100,))}
pipe = Pipe()
write_archive(pipe, some, zipfile.ZIP_DEFLATED)
(FOLDER / "streamed.npz").write_bytes(pipe.bytes)
refused = {
    "object": np.array([1, "two", None], dtype=object), "text": np.array(["a", "bc"]), "bytes": np.array([b"a", b"bc"]),
    "complex": np.array([1 + 2j]), "structured": np.array([(1, 2.0)], dtype=[("x", "<i4"), ("y", "<f8")]),
    "date": np.array(["2020-01-01"], dtype="M8[D]"), "void": np.array([b"ab"], dtype="V2"),
    "long double": np.frombuffer(bytes(16), np.longdouble), "numbers": np.arange(3, dtype="i4"),
}
write_archive(FOLDER / "refused.npz", refused, zipfile.ZIP_STORED)
for version in [1, 2, 3]:
    with open(FOLDER / f"version{version}.npy", "wb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.lib.format.write_array(file, array("<", "f4", "C", (2, 3)), version=(version, 0))
np.save(FOLDER / "fortran.npy", array("<", "f4", "C", (3, 2)).T)
shapes = [(), (0,), (7,), (1234567,), (2, 3), (3, 0, 100000), (1, 2, 3, 4, 5, 6, 7, 8), (0,) + (99999,) * 2]
headers = {}
for shape in shapes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": shape})
    headers["x".join(map(str, shape))] = np.frombuffer(file.getvalue(), np.uint8)
write_archive(FOLDER / "headers.npz", headers, zipfile.ZIP_DEFLATED)
