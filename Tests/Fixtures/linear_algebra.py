"""Golden values for DuctusLinearAlgebra, computed by SciPy in float64.

    python3 linear_algebra.py                   # rewrites linear_algebra.safetensors beside this script

Made with Python 3.11, NumPy 2.4.6 and SciPy 1.17.1. `exponential/<case>/a` is a matrix or a stack of matrices,
`exponential/<case>/result` its exponential.
"""

import json
import struct
from pathlib import Path

import numpy as np
from scipy.linalg import expm


def matrices():
    random = np.random.default_rng(1)
    for norm in (1e-9, 1e-2, 0.2, 0.9, 2, 5, 40):  # one for every Padé approximant, and for scaling
        a = random.standard_normal((6, 6))
        yield f"norm {norm}", a * (norm / np.abs(a).sum(0).max())
    yield "zero", np.zeros((3, 3))
    yield "one by one", np.array([[-2.5]])
    yield "nilpotent", np.diag([1.0, 2, 3], 1)
    yield "diagonal", np.diag([-30.0, 0, 1, 5])
    yield "rotation", np.array([[0.0, -3], [3, 0]])
    yield "stiff", np.array([[-49.0, 24], [-64, 31]])  # Moler and Van Loan, example 1
    yield "overscaling", np.array([[1.0, 1e3], [0, -1]])
    yield "large", random.standard_normal((40, 40)) / 4
    yield "stack", random.standard_normal((2, 3, 4, 4)) * np.array([0.01, 1, 8])[:, None, None]


def write(path, tensors):
    header, chunks, offset = {}, [], 0
    for name, tensor in tensors.items():
        chunk = np.ascontiguousarray(tensor, "<f8").tobytes()
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(chunk)]}
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


found = {}
for case, a in matrices():
    found |= {f"exponential/{case}/a": a, f"exponential/{case}/result": expm(a)}
write(Path(__file__).with_suffix(".safetensors"), found)
