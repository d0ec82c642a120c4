"""Golden values for indexing and printing, computed by NumPy.

    python3 generate_numpy.py                   # rewrites indexing.safetensors and printing.safetensors

Made with NumPy 2.4. Random numbers are seeded by the case, so that adding a case leaves the others alone.

The files look like those of generate.py. `indexing` holds `source`, the index as a list of terms (attribute `index`:
numbers, "new", "...", {"from", "to"}, {"from", "to", "by"}, {"positions": name}, {"mask": name}), `taken`, which is
source[index], and `assigned`, which is the source after source[index] = values. `printing` holds `elements` and the
attribute `text`, which is str(elements).
"""

import json
import struct
import zlib
from pathlib import Path

import numpy as np

TYPES = {"float32": "F32", "float64": "F64", "int32": "I32", "uint8": "U8", "bool": "BOOL"}


class Fixture:
    def __init__(self, name):
        self.name = name
        self.metadata = {}
        self.tensors = {}

    def add(self, case, tensors, **attributes):
        assert case not in self.metadata, case
        self.metadata[case] = json.dumps(attributes, separators=(",", ":"))
        self.tensors |= {f"{case}/{name}": np.asarray(tensor) for name, tensor in tensors.items()}

    def write(self, directory):
        header, chunks, offset = {"__metadata__": self.metadata}, [], 0
        for name, tensor in self.tensors.items():
            chunk = tensor.tobytes()
            end = offset + len(chunk)
            header[name] = {
                "dtype": TYPES[tensor.dtype.name], "shape": list(tensor.shape), "data_offsets": [offset, end]}
            chunks.append(chunk)
            offset = end
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path = directory / f"{self.name}.safetensors"
        path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))
        print(f"{path.name}: {len(self.metadata)} cases, {path.stat().st_size} bytes")


# Indexing


class RandomIndex:
    """An index as NumPy takes it, as a list of terms, and the arrays in it."""

    def __init__(self, random, shape):
        self.random, self.index, self.terms, self.arrays = random, [], [], {}
        self.gathers = random.random() < 0.6
        self.common = list(random.integers(1, 4, random.integers(0, 3)))  # what positions broadcast to
        count = max(random.integers(0, len(shape) + 1, 2))  # further axes are taken whole
        if random.random() < 0.4:
            front = random.integers(0, count + 1)
            self.add_terms(shape[:front])
            self.add(..., "...")
            self.add_terms(shape[len(shape) - (count - front):])
        else:
            self.add_terms(shape[:count])

    def add(self, index, term):
        self.index.append(index)
        self.terms.append(term)

    def add_terms(self, extents):
        extents = list(extents)
        while extents:
            if self.random.random() < 0.1:
                self.add(None, "new")
            kinds = ["slice", "slice"] + ["position"] * (extents[0] > 0)
            if self.gathers:
                kinds += ["positions", "positions"] * (extents[0] > 0) + ["mask"]
            taken = getattr(self, "add_" + self.random.choice(kinds))(extents)
            extents = extents[taken or 1:]

    def add_position(self, extents):
        position = int(self.random.integers(-extents[0], extents[0]))
        self.add(position, position)

    def add_slice(self, extents):
        extent, term = extents[0], {}
        if self.random.random() < 0.5:
            bounds = sorted(self.random.integers(0, extent + 1, 2))
        else:
            term["by"] = int(self.random.choice([-3, -2, -1, 1, 2, 3]))
            bounds = self.random.integers(0, max(extent, 1), 2)
        for name, bound in zip(["from", "to"], bounds):
            if self.random.random() < 0.7 and (bound < extent or "by" not in term):
                term[name] = int(bound) - extent * int(bound < extent and self.random.random() < 0.5)
        self.add(slice(term.get("from"), term.get("to"), term.get("by")), term)

    def add_array(self, kind, array):
        name = f"index{len(self.arrays)}"
        self.arrays[name] = array
        self.add(array, {kind: name})

    def add_positions(self, extents):
        size = [n if self.random.random() < 0.8 else 1 for n in self.common[self.random.integers(0, 3):]]
        self.add_array("positions", self.random.integers(-extents[0], extents[0], size).astype(np.int32))

    def add_mask(self, extents):
        shape = extents[:self.random.integers(1, 3)]
        mask = self.random.random(shape) < 0.5
        if self.random.random() < 0.7:  # as many as the positions are, so that they broadcast
            places = self.random.permutation(mask.size)
            mask.flat[places] = places >= mask.size - (self.common[-1] if self.common else 1)
        self.add_array("mask", mask)
        return len(shape)


def indexing():
    fixture = Fixture("indexing")
    case, attempt = 0, 0
    while case < 300:
        attempt += 1
        random = np.random.default_rng([2, attempt])
        shape = [int(n) for n in random.integers(0 if random.random() < 0.15 else 1, 6, random.integers(1, 5))]
        made = RandomIndex(random, shape)
        index = tuple(made.index)
        source = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        try:
            taken = np.array(source[index])
        except IndexError:  # positions that do not broadcast
            continue
        if taken.ndim > 8:
            continue
        keep = random.integers(0, taken.ndim + 1)
        size = [n if random.random() < 0.8 else 1 for n in taken.shape[taken.ndim - keep:]]
        values = -1 - np.arange(np.prod(size, dtype=int), dtype=np.float32).reshape(size)
        assigned = source.copy()
        assigned[index] = values
        fixture.add(
            f"{case:03}", {"source": source, "taken": taken, "values": values, "assigned": assigned, **made.arrays},
            index=made.terms)
        case += 1
    return fixture


# Printing


def printing():
    fixture = Fixture("printing")

    def add(name, elements, dtype):
        elements = np.asarray(elements, dtype)
        fixture.add(f"{name}.{dtype}", {"elements": elements}, text=str(elements), dtype=dtype)

    infinity, nan = float("inf"), float("nan")
    lists = {
        "whole": [1, 2, 3], "halves": [[1, 2.5], [-10, 0]], "thirds": [1 / 3, 2 / 3, 100 / 3],
        "tenths": [0.1, 0.2, 0.30000001], "small": [1e-5, 1], "limit_small": [1e-4, 0.05], "ratio": [1, 1000],
        "ratio_over": [1, 1001], "large": [1e8, 1], "almost_large": [99999999.0, 1e6], "million": [1e6, 1e5],
        "below_million": [999999.0, 1e5], "huge": [1e30, -1e-30], "nan": [1, nan, 3.25],
        "infinities": [infinity, -infinity, 1],
        "only_nan": [nan, nan], "only_infinite": [-infinity, infinity], "signed_zero": [0.0, -0.0],
        "zeros": [0, 0, 0], "negative": [-1.5, -22.25], "scalar": 1.5, "scalar_small": 1.5e-7,
        "scalar_large": 1e16, "scalar_below_large": 1e15, "scalar_whole": 3, "scalar_nan": nan,
        "scalar_infinite": -infinity, "scalar_zero": -0.0, "scalar_third": 1 / 3, "scalar_digits": 123456789.123,
        "exponent_nan": [1e10, nan, -infinity], "nines": [0.999999999, 9.99999999999, 1.0],
        "exponent_nines": [9.999999999e12, 1.0], "ties": [0.000000125 + 1, 0.123456785, 2.5], "empty": [],
        "one": [7.0], "nested": [[[1, 2], [3, 4]], [[5, 6], [7, 8.5]]], "smallest": [1.2e-38, 3.4e38],
        "column": [[1.0], [20.0], [300.5]],
    }
    for name, elements in lists.items():
        for dtype in ("float32", "float64"):
            add(name, elements, dtype)
    add("exponent_wide", [1e100, 1, 1e-300], "float64")
    add("subnormal", [5e-324, 1], "float64")
    for dtype in ("float32", "float64", "int32", "uint8"):
        add("long", np.arange(250) % 200, dtype)
        add("wrapped", np.arange(60).reshape(2, 30), dtype)
        add("summary", np.arange(1001) % 101, dtype)
        add("summary_matrix", np.arange(40 * 40).reshape(40, 40) % 240, dtype)
        add("summary_rows", np.arange(600 * 2).reshape(600, 2) % 77, dtype)
        add("summary_deep", np.arange(7 * 20 * 9).reshape(7, 20, 9) % 199, dtype)
        add("summary_hides_large", [1] * 500 + [250] + [2] * 500, dtype)
        add("no_rows", np.zeros((0, 3)), dtype)
    add("integers", [[1, -20], [300, 4]], "int32")
    add("bytes", [[1, 20], [255, 4]], "uint8")
    add("scalar", -7, "int32")
    add("scalar", 7, "uint8")
    add("flags", [[True, False], [False, False]], "bool")
    add("all_true", [True, True], "bool")
    add("scalar", True, "bool")
    add("summary", np.arange(2000) % 3 == 0, "bool")
    random = np.random.default_rng(3)
    for number in range(40):
        shape = random.integers(1, 8, random.integers(1, 4))
        elements = random.standard_normal(shape) * 10.0 ** random.integers(-6, 9)
        if number % 3 == 0:
            elements = elements * 10.0 ** random.integers(-3, 4, shape)
        if number % 4 == 0:
            elements = np.round(elements, int(random.integers(0, 4)))
        if number % 5 == 0:
            elements[random.random(shape) < 0.1] = random.choice([nan, infinity, -infinity])
        for dtype in ("float32", "float64"):
            add(f"random{number:02}", elements, dtype)
    add("random", random.standard_normal((30, 40)), "float32")
    add("random", random.standard_normal((3, 4, 100)) * 1e-7, "float64")
    return fixture


if __name__ == "__main__":
    directory = Path(__file__).parent
    for fixture in (indexing(), printing()):
        fixture.write(directory)
