"""Cases in which Ductus must agree with NumPy and SciPy, as one .npz file.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1
    venv/bin/python numpy_cases.py --coarse             # rewrites numpy_cases.npz beside this script
    venv/bin/python numpy_cases.py --seed 7 OTHER.npz   # the same cases on other numbers

Every case is an operation, an element type, and inputs of random numbers: some dense, some views that lie transposed,
sliced, with gaps, reversed or repeated in memory. Inputs are stored as they lie, together with how to look at them.
What is expected of Float is computed by NumPy in double precision from the same Float inputs and rounded once, so that
a tolerance only has to cover the error of the implementation under test. Tolerances are in units of the type's epsilon,
relative to |expected| + the mean of |expected|; 0 means equal.

Members: `cases` is a JSON list as bytes; `Float`, `Double`, `Int32`, `UInt8` and `Bool` hold the elements of all arrays
of that type one after the other, in which every array of a case says where it starts.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import scipy.linalg
import scipy.special

F32, F64, I32, U8, BOOL = np.float32, np.float64, np.int32, np.uint8, np.bool_
NAMES = {F32: "Float", F64: "Double", I32: "Int32", U8: "UInt8", BOOL: "Bool"}
FLOATS, NUMBERS, ALL = (F32, F64), (F32, F64, I32, U8), (F32, F64, I32, U8, BOOL)
LAYOUTS = ("dense", "transposed", "sliced", "strided", "reversed")


class View:
    """An array as it lies in memory, and how it is to be looked at."""

    def __init__(self, base, layout, shape):
        self.base, self.layout, self.shape = base, layout, shape

    def array(self):
        match self.layout:
            case "dense":
                return self.base
            case "transposed":
                return np.swapaxes(self.base, -1, -2)
            case "sliced":
                return self.base[tuple(slice(1, 1 + n) for n in self.shape)]
            case "strided":
                return self.base[tuple(slice(None, None, 2) for _ in self.shape)]
            case "reversed":
                return self.base[tuple(slice(None, None, -1) for _ in self.shape)]
            case "broadcast":
                return np.broadcast_to(self.base, self.shape)


class Cases:
    def __init__(self, seed, coarse):
        self.random, self.coarse = np.random.default_rng(seed), coarse
        self.list = []
        self.elements = {name: [] for name in NAMES.values()}
        self.counts = dict.fromkeys(NAMES.values(), 0)

    # ---- Inputs

    def numbers(self, shape, dtype, low=-2.0, high=2.0):
        if dtype is BOOL:
            return self.random.random(shape) < 0.5
        if dtype is U8:
            return self.random.integers(0, 12, shape).astype(U8)
        if dtype is I32:
            return self.random.integers(-20, 20, shape).astype(I32)
        values = self.random.uniform(low, high, shape)
        return (np.round(values * 4096) / 4096 if self.coarse else values).astype(dtype)

    def view(self, shape, dtype, layout="dense", **limits):
        shape = tuple(shape)
        if layout == "transposed" and len(shape) < 2 or layout in ("sliced", "strided", "reversed") and not shape:
            layout = "dense"
        base = {
            "transposed": shape[:-2] + shape[:-3:-1],
            "sliced": tuple(n + 2 for n in shape),
            "strided": tuple(2 * n for n in shape),
            # Every axis whose number is even is repeated.
            "broadcast": tuple(1 if axis % 2 == 0 else n for axis, n in enumerate(shape)),
        }.get(layout, shape)
        return View(self.numbers(base, dtype, **limits), layout, shape)

    # ---- Cases

    def add(self, operation, dtype, inputs, outputs, tolerance=0, result=None, **attributes):
        """`outputs` is a function of the inputs as NumPy sees them; Float inputs arrive as double.

        Floating-point results have the type `dtype`, or `result`."""
        inputs = [i if isinstance(i, View) else View(np.asarray(i), "dense", np.shape(i)) for i in inputs]

        def widened(array):
            return array.astype(F64) if array.dtype == F32 else array

        with np.errstate(all="ignore"):
            results = outputs(*[widened(i.array()) for i in inputs])
        results = results if isinstance(results, tuple) else (results,)
        self.list.append({
            "operation": operation, "type": NAMES[dtype], "tolerance": tolerance, "attributes": attributes,
            "inputs": [self.kept(view.base) | {"layout": view.layout, "view": list(view.shape)} for view in inputs],
            "outputs": [self.kept(self.narrowed(array, result or dtype)) for array in results],
        })

    @staticmethod
    def narrowed(result, dtype):
        """A result in the type that Ductus has for it."""
        result = np.asarray(result)
        if result.dtype.kind == "f":
            return result.astype(dtype if dtype in FLOATS else F64)
        return result.astype(I32) if result.dtype.kind in "iu" and result.dtype != U8 else result

    def kept(self, array):
        """Stores the elements; says where."""
        array = np.asarray(array)
        name = NAMES[array.dtype.type]
        start = self.counts[name]
        self.elements[name].append(array.ravel())
        self.counts[name] += array.size
        return {"type": name, "start": start, "shape": list(array.shape)}

    def save(self, path):
        text = np.frombuffer(json.dumps(self.list).encode(), dtype=U8)
        np.savez_compressed(path, cases=text, **{name: np.concatenate(all) for name, all in self.elements.items()})


# ---- Elementwise

UNARY = {  # function, smallest and largest argument, tolerance
    "exp": (np.exp, -6, 6, 4), "exp2": (np.exp2, -6, 6, 4), "expm1": (np.expm1, -2, 2, 4),
    "log": (np.log, 0.01, 9, 4), "log2": (np.log2, 0.01, 9, 4), "log10": (np.log10, 0.01, 9, 4),
    "log1p": (np.log1p, -0.9, 3, 4), "sin": (np.sin, -20, 20, 4), "cos": (np.cos, -20, 20, 4),
    "tan": (np.tan, -1.4, 1.4, 8), "asin": (np.arcsin, -1, 1, 4), "acos": (np.arccos, -1, 1, 4),
    "atan": (np.arctan, -9, 9, 4), "sinh": (np.sinh, -4, 4, 8), "cosh": (np.cosh, -4, 4, 8),
    "tanh": (np.tanh, -4, 4, 4), "asinh": (np.arcsinh, -9, 9, 4), "acosh": (np.arccosh, 1, 9, 8),
    "atanh": (np.arctanh, -0.9, 0.9, 4), "erf": (scipy.special.erf, -3, 3, 4),
    "sigmoid": (scipy.special.expit, -6, 6, 4), "squareRoot": (np.sqrt, 0, 9, 1), "cubeRoot": (np.cbrt, -9, 9, 4),
    "reciprocal": (np.reciprocal, 0.2, 3, 1), "squared": (np.square, -3, 3, 1), "sign": (np.sign, -2, 2, 0),
    "floor": (np.floor, -4, 4, 0), "ceil": (np.ceil, -4, 4, 0), "rounded": (np.round, -4, 4, 0),
    "truncated": (np.trunc, -4, 4, 0), "magnitude": (np.abs, -4, 4, 0), "negated": (np.negative, -4, 4, 0),
}

BINARY = {  # function, limits of the second argument, tolerance, element types
    "add": (np.add, -2, 2, 1, NUMBERS), "multiply": (np.multiply, -2, 2, 1, NUMBERS),
    "subtract": (np.subtract, -2, 2, 1, (F32, F64, I32)), "divide": (np.divide, 0.5, 2, 2, FLOATS),
    "maximum": (np.maximum, -2, 2, 0, NUMBERS), "minimum": (np.minimum, -2, 2, 0, NUMBERS),
    "atan2": (np.arctan2, -2, 2, 4, FLOATS), "hypot": (np.hypot, -2, 2, 4, FLOATS),
    "modulo": (np.mod, 0.5, 1.5, 16, FLOATS), "floorDivided": (np.floor_divide, 0.5, 1.5, 0, FLOATS),
    "logAddExp": (np.logaddexp, -2, 2, 8, FLOATS),
    "equal": (np.equal, -2, 2, 0, ALL), "notEqual": (np.not_equal, -2, 2, 0, ALL),
    "less": (np.less, -2, 2, 0, NUMBERS), "lessOrEqual": (np.less_equal, -2, 2, 0, NUMBERS),
    "greater": (np.greater, -2, 2, 0, NUMBERS), "greaterOrEqual": (np.greater_equal, -2, 2, 0, NUMBERS),
    "and": (np.logical_and, 0, 0, 0, (BOOL,)), "or": (np.logical_or, 0, 0, 0, (BOOL,)),
    "exclusiveOr": (np.logical_xor, 0, 0, 0, (BOOL,)),
}


def elementwise(cases):
    for dtype in FLOATS:
        for number, (name, (function, low, high, tolerance)) in enumerate(UNARY.items()):
            for shape, layout in [((3, 4, 5), LAYOUTS[number % 5]), ((7,), "strided"), ((4, 1, 6), "broadcast")]:
                x = cases.view(shape, dtype, layout, low=low, high=high)
                cases.add(name, dtype, [x], function, tolerance)
        for exponent in (2.0, 0.5, -1.5, 3.0):
            x = cases.view((3, 5), dtype, "transposed", low=0.1, high=3)
            cases.add("power", dtype, [x], lambda x, e=exponent: x**e, 16, exponent=exponent)
        x, y = cases.view((4, 1, 3), dtype, low=0.1, high=3), cases.view((5, 1), dtype, "strided")
        cases.add("powerOf", dtype, [x, y], lambda x, y: x**y, 16)
        cases.add("clipped", dtype, [cases.view((4, 6), dtype, "reversed")], lambda x: np.clip(x, -0.5, 1), 0)
        special = np.array([0, -0.0, 1, np.inf, -np.inf, np.nan], dtype=dtype)
        for name, function in [("isNaN", np.isnan), ("isFinite", np.isfinite), ("isInfinite", np.isinf)]:
            cases.add(name, dtype, [special], function)
        cases.add("isClose", dtype, [special, special[::-1].copy()], lambda a, b: np.isclose(a, b))
    for number, (name, (function, low, high, tolerance, dtypes)) in enumerate(BINARY.items()):
        for dtype in dtypes:
            for pair, (a, b) in enumerate([((3, 4), (3, 4)), ((2, 3, 4), (4,)), ((5, 1), (1, 6)), ((), (2, 3))]):
                x = cases.view(a, dtype, LAYOUTS[(number + pair) % 5])
                y = cases.view(b, dtype, LAYOUTS[(number + 2 * pair + 1) % 5], low=low, high=high)
                cases.add(name, dtype, [x, y], function, tolerance)
    for dtype in ALL:
        mask, x, y = cases.view((3, 1), BOOL), cases.view((2, 3, 4), dtype, "reversed"), cases.view((4,), dtype)
        cases.add("replacing", dtype, [mask, x, y], lambda m, x, y: np.where(m, y, x))
    cases.add("not", BOOL, [cases.view((3, 4), BOOL, "transposed")], np.logical_not)
    for to in ALL:
        for dtype in ALL:
            x = cases.view((3, 4), dtype, "transposed", low=0 if to is U8 else -3, high=3)
            if dtype is I32 and to is U8:
                x = View(np.abs(x.base), x.layout, x.shape)
            cases.add("cast", dtype, [x], lambda x, to=to: x.astype(to), 1 if to is F32 else 0, to, to=NAMES[to])


# ---- Reductions

def reductions(cases):
    floating = {
        "sum": (np.sum, 16), "mean": (np.mean, 16), "product": (np.prod, 32), "minimum": (np.min, 0),
        "maximum": (np.max, 0), "variance": (np.var, 32), "standardDeviation": (np.std, 32),
        "norm1": (lambda x, axis, keepdims: np.sum(np.abs(x), axis=axis, keepdims=keepdims), 8),
        "norm2": (lambda x, axis, keepdims: np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims)), 8),
        "norm3": (lambda x, axis, keepdims: np.sum(np.abs(x) ** 3, axis=axis, keepdims=keepdims) ** (1 / 3), 16),
        "normInfinity": (lambda x, axis, keepdims: np.max(np.abs(x), axis=axis, keepdims=keepdims), 0),
        "logSumExp": (scipy.special.logsumexp, 8), "median": (np.median, 4),
        "quantile": (lambda x, axis, keepdims: np.quantile(x, 0.3, axis=axis, keepdims=keepdims), 8),
    }
    axes = [(None, False), ((0,), False), ((-1,), True), ((0, 2), False), ((1,), True)]
    for dtype in FLOATS:
        for number, (name, (function, tolerance)) in enumerate(floating.items()):
            for turn, (axis, keeps) in enumerate(axes):
                x = cases.view((4, 5, 6), dtype, LAYOUTS[(number + turn) % 5])
                cases.add(
                    "reduce." + name, dtype, [x], lambda x, f=function, a=axis, k=keeps: f(x, axis=a, keepdims=k),
                    tolerance, axes=axis, keeps=keeps)
        x = cases.view((5, 7), dtype, "strided")
        cases.add("varianceUnbiased", dtype, [x], lambda x: np.var(x, axis=0, ddof=1), 32)
        cases.add("softmax", dtype, [x], lambda x: scipy.special.softmax(x, axis=0), 16, axis=0)
        cases.add("logSoftmax", dtype, [x], lambda x: scipy.special.log_softmax(x, axis=1), 16, axis=1)
        for axis in (0, 1, -1):
            x = cases.view((3, 4, 5), dtype, LAYOUTS[axis + 2])
            cases.add("cumulativeSum", dtype, [x], lambda x, a=axis: np.cumsum(x, axis=a), 16, axis=axis)
            cases.add("cumulativeProduct", dtype, [x], lambda x, a=axis: np.cumprod(x, axis=a), 32, axis=axis)
            cases.add("difference", dtype, [x], lambda x, a=axis: np.diff(x, axis=a), 2, axis=axis)
        x = cases.view((200,), dtype)
        cases.add(
            "histogram", dtype, [x], lambda x: np.histogram(x, bins=10, range=(-1.5, 2))[0], bins=10, range=[-1.5, 2])
    for dtype in NUMBERS:
        for axis in (0, 1, -1):
            x = cases.view((4, 5, 3), dtype, LAYOUTS[axis + 1])
            cases.add("argmax", dtype, [x], lambda x, a=axis: np.argmax(x, axis=a), axis=axis)
            cases.add("argmin", dtype, [x], lambda x, a=axis: np.argmin(x, axis=a), axis=axis)
    for dtype in (I32, U8):
        for axis, keeps in axes:
            x = cases.view((4, 5, 3), dtype, "strided")
            for name, function in [("sum", np.sum), ("minimum", np.min), ("maximum", np.max)]:
                cases.add(
                    "reduce." + name, dtype, [x], lambda x, f=function, a=axis, k=keeps: f(x, axis=a, keepdims=k),
                    axes=axis, keeps=keeps)
    for axis, keeps in axes:
        x = cases.view((4, 5, 3), BOOL, "transposed")
        for name, function in [("sum", np.sum), ("any", np.any), ("all", np.all)]:
            cases.add(
                "reduce." + name, BOOL, [x], lambda x, f=function, a=axis, k=keeps: f(x, axis=a, keepdims=k),
                axes=axis, keeps=keeps)
    cases.add("bincount", I32, [cases.random.integers(0, 9, 40).astype(I32)], lambda x: np.bincount(x, minlength=12))


# ---- Shapes and indexing

def shapes(cases):
    for number, dtype in enumerate(ALL):
        def x(*shape, turn=0):
            return cases.view(shape, dtype, LAYOUTS[(number + turn) % 5])

        cases.add("reshaped", dtype, [x(4, 6)], lambda x: x.reshape(2, -1, 3), shape=[2, -1, 3])
        cases.add("permuted", dtype, [x(2, 3, 4, turn=1)], lambda x: x.transpose(2, 0, 1), axes=[2, 0, 1])
        cases.add("movingAxis", dtype, [x(2, 3, 4)], lambda x: np.moveaxis(x, 0, -1), axis=0, to=-1)
        cases.add("concatenated", dtype, [x(2, 3), x(2, 4, turn=2)], lambda a, b: np.concatenate([a, b], 1), axis=1)
        cases.add("stacked", dtype, [x(2, 3), x(2, 3, turn=3)], lambda a, b: np.stack([a, b], 1), axis=1)
        cases.add("split", dtype, [x(2, 6, turn=1)], lambda x: tuple(np.split(x, 3, axis=1)), parts=3, axis=1)
        cases.add("tiled", dtype, [x(2, 3, turn=2)], lambda x: np.tile(x, (2, 3)), counts=[2, 3])
        cases.add("repeated", dtype, [x(2, 3, turn=3)], lambda x: np.repeat(x, 3, axis=0), count=3, axis=0)
        cases.add("flipped", dtype, [x(2, 3, 4, turn=4)], lambda x: np.flip(x, (0, 2)), axes=[0, 2])
        for shift in (2, -1):
            cases.add("rolled", dtype, [x(3, 5)], lambda x, s=shift: np.roll(x, s, axis=1), shift=shift, axis=1)
        cases.add("diagonal", dtype, [x(3, 4, 5)], lambda x: np.diagonal(x, 1, -2, -1), offset=1)
        for mode, options in [("constant", {}), ("edge", {}), ("reflect", {})]:
            cases.add(
                "padded", dtype, [x(4, 5, turn=1)], lambda x, m=mode: np.pad(x, ((1, 2), (0, 3)), mode=m),
                mode=mode, amounts=[[1, 2], [0, 3]])
        for text, index in SLICES.items():
            cases.add("sliced", dtype, [x(5, 4, 6)], lambda x, i=index: x[i].copy(), index=text)
        rows = cases.random.integers(-5, 5, (2, 3)).astype(I32)
        cases.add("gathered", dtype, [x(5, 4, turn=1), rows], lambda x, i: np.take(x, i, axis=0), axis=0)
        columns = cases.random.integers(0, 4, (2, 3)).astype(I32)
        cases.add("gathered", dtype, [x(5, 4), columns], lambda x, i: np.take(x, i, axis=1), axis=1)
        along = cases.random.integers(0, 4, (5, 2)).astype(I32)
        cases.add("gatheredAlong", dtype, [x(5, 4), along], lambda x, i: np.take_along_axis(x, i, axis=1), axis=1)
        mask = cases.view((5, 4), BOOL, "transposed")
        cases.add("masked", dtype, [x(5, 4, turn=2), mask], lambda x, m: x[m])
        cases.add("maskedAssignment", dtype, [x(5, 4), mask, x()], lambda x, m, v: np.where(m, v, x))
        for text, index in SLICES.items():
            def assigned(x, value, i=index):
                result = x.copy()
                result[i] = value
                return result

            cases.add("assigned", dtype, [x(5, 4, 6, turn=1), x()], assigned, index=text)
    for dtype in NUMBERS:
        x = cases.view((4, 5), dtype, "reversed")
        for name, function in [("lowerTriangle", np.tril), ("upperTriangle", np.triu)]:
            for offset in (-1, 0, 2):
                cases.add(name, dtype, [x], lambda x, f=function, o=offset: f(x, o), offset=offset)
    for dtype in FLOATS:
        rows = cases.random.integers(0, 5, 8).astype(I32)
        x, values = cases.view((5, 3), dtype), cases.view((8, 3), dtype, "strided")

        def scattered(x, values, rows):
            result = x.copy()
            np.add.at(result, rows, values)
            return result

        cases.add("scatteringAdd", dtype, [x, values, rows], scattered, 8)
        cases.add("eye", dtype, [], lambda: np.eye(3, 5, 1), rows=3, columns=5, diagonal=1)
        cases.add("arange", dtype, [], lambda: np.arange(-1, 2, 0.25), start=-1, end=2, step=0.25)
        cases.add("linspace", dtype, [], lambda: np.linspace(-1, 2, 7), 2, start=-1, end=2, count=7)
    cases.add("nonzeroIndices", BOOL, [cases.view((3, 4), BOOL, "transposed")], np.argwhere)


# Two indices a case at most, of which `...` stands for itself and `:` for ranges with steps.
SLICES = {
    "1:4": np.s_[1:4], "-1": np.s_[-1], "2,0:3:2": np.s_[2, 0:3:2], "::-1,3": np.s_[::-1, 3], "...,0": np.s_[..., 0],
    "...,1:6:2": np.s_[..., 1:6:2], "0,...": np.s_[0, ...], "1,...,2:": np.s_[1, ..., 2:],
    "4:0:-2,:3,-2": np.s_[4:0:-2, :3, -2], ":,new,1": np.s_[:, None, 1],
}


# ---- Sorting

def sorting(cases):
    for number, dtype in enumerate(NUMBERS):
        for axis in (0, -1):
            x = cases.view((6, 7), dtype, LAYOUTS[number])
            cases.add("sorted", dtype, [x], lambda x, a=axis: np.sort(x, axis=a), axis=axis)
            cases.add("argsort", dtype, [x], lambda x, a=axis: np.argsort(x, axis=a, kind="stable"), axis=axis)
        x = cases.view((4, 9), dtype)
        cases.add("topK", dtype, [x], lambda x: np.sort(x, axis=-1)[:, :-4:-1], count=3)
        x = cases.view((6, 5), dtype, "strided")
        if dtype in FLOATS:
            x = View(np.round(x.base * 2), x.layout, x.shape)
        cases.add(
            "unique", dtype, [x],
            lambda x: (lambda v, f, i, c: (v, f, i.reshape(-1), c))(*np.unique(x, True, True, True)))
        table, wanted = np.sort(cases.numbers((12,), dtype)), cases.view((3, 4), dtype, "transposed")
        for side in ("left", "right"):
            cases.add(
                "searchSorted", dtype, [table, wanted], lambda t, w, s=side: np.searchsorted(t, w, side=s), side=side)


# ---- Products

EINSUMS = [
    ("ij,jk->ik", (3, 4), (4, 5)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("ij->ji", (3, 4)), ("ii->", (4, 4)),
    ("ii->i", (4, 4)), ("ij,ij->", (3, 4), (3, 4)), ("i,j->ij", (3,), (4,)), ("ijk->k", (2, 3, 4)),
    ("bhqd,bhkd->bhqk", (2, 3, 4, 5), (2, 3, 6, 5)), ("ij,jk,kl->il", (2, 3), (3, 4), (4, 5)),
    ("...ij,...jk->...ik", (2, 1, 3, 4), (5, 4, 2)), ("ij,jk", (3, 4), (4, 5)), ("ijk,jil->kl", (2, 3, 4), (3, 2, 5)),
    ("b...,b->...", (3, 4, 5), (3,)), ("iij->ij", (3, 3, 4)), ("i,ij,j->", (3,), (3, 4), (4,)),
]


def products(cases):
    for dtype in FLOATS:
        for number, (text, *operands) in enumerate(EINSUMS):
            views = [cases.view(s, dtype, LAYOUTS[(number + i) % 5]) for i, s in enumerate(operands)]
            cases.add("einsum", dtype, views, lambda *x, t=text: np.einsum(t, *x), 16, subscripts=text)
        pairs = [((3, 4), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((4,), (4, 3)), ((3, 4), (4,)),
                 ((4,), (4,)), ((33, 70), (70, 41)), ((1, 9), (9, 7))]
        for number, (a, b) in enumerate(pairs):
            for turn in range(2):
                x, y = (cases.view(s, dtype, LAYOUTS[(number + i + turn) % 5]) for i, s in enumerate((a, b)))
                cases.add("matmul", dtype, [x, y], np.matmul, 16)
        x, y = cases.view((2, 3, 4), dtype, "transposed"), cases.view((4, 3, 5), dtype, "strided")
        cases.add(
            "tensorDot", dtype, [x, y], lambda a, b: np.tensordot(a, b, axes=([1, 2], [1, 0])), 16,
            first=[1, 2], second=[1, 0])
        cases.add("outer", dtype, [cases.view((3,), dtype), cases.view((4,), dtype, "reversed")], np.outer, 1)
        cases.add("kron", dtype, [cases.view((2, 3), dtype), cases.view((4, 2), dtype, "transposed")], np.kron, 1)
        a, b = cases.view((5, 3), dtype), cases.view((5, 3), dtype, "strided")
        cases.add("cross", dtype, [a, b], np.cross, 8)
        chain = [cases.view(s, dtype) for s in ((4, 6), (6, 2), (2, 5))]
        cases.add("multiDot", dtype, chain, lambda *x: np.linalg.multi_dot(x), 16)
        cases.add("trace", dtype, [cases.view((2, 4, 4), dtype)], lambda x: np.trace(x, axis1=-2, axis2=-1), 8)


# ---- Linear algebra

def linear_algebra(cases):
    matrices = [((1, 1), "dense"), ((5, 5), "transposed"), ((12, 12), "strided"), ((3, 4, 4), "dense"),
                ((2, 1, 6, 6), "reversed")]
    for dtype in FLOATS:
        eye = np.eye
        for shape, layout in matrices:
            n = shape[-1]

            def well(shape=shape, layout=layout, n=n):
                """Diagonally dominant, so that the problem's condition does not enter the tolerance."""
                view = cases.view(shape, dtype, layout)
                if layout == "strided":
                    view.base[..., ::2, ::2] += 3 * n * eye(n, dtype=dtype)
                elif layout == "reversed":
                    view.base += 3 * n * eye(n, dtype=dtype)
                else:
                    view.base += 3 * n * eye(n, dtype=dtype)
                return view

            def symmetric(shape=shape, n=n, positive=False):
                view = cases.view(shape, dtype)
                base = view.base + np.swapaxes(view.base, -1, -2)
                return View(base + (4 * n * eye(n, dtype=dtype) if positive else 0), "dense", shape)

            a, b = well(), cases.view(shape[:-1] + (3,), dtype, layout)
            cases.add("solve", dtype, [a, b], np.linalg.solve, 64)
            cases.add("inverse", dtype, [well()], np.linalg.inv, 64)
            cases.add("determinant", dtype, [well()], np.linalg.det, 256)
            cases.add("logDeterminant", dtype, [well()], lambda a: tuple(np.linalg.slogdet(a)), 64)
            for power in (0, 1, 5, -2):
                cases.add(
                    "matrixPower", dtype, [well()], lambda a, p=power: np.linalg.matrix_power(a, p), 512, power=power)
            positive = symmetric(positive=True)
            cases.add("cholesky", dtype, [positive], np.linalg.cholesky, 64)
            cases.add("symmetricEigenvalues", dtype, [symmetric()], np.linalg.eigvalsh, 64)
            cases.add("symmetricEigen", dtype, [symmetric()], lambda a: (np.linalg.eigvalsh(a), a), 128)
            cases.add("conditionNumber", dtype, [well()], np.linalg.cond, 128)
            cases.add("matrixExponential", dtype, [cases.view(shape, dtype, layout, low=-1, high=1)],
                      scipy.linalg.expm, 512)
            for upper in (False, True):
                triangle = np.triu if upper else np.tril
                cases.add(
                    "solveTriangular", dtype, [well(), cases.view(shape[:-1] + (2,), dtype)],
                    lambda a, b, t=triangle: np.linalg.solve(t(a), b), 64, upper=upper)
            cases.add("eigenvalues", dtype, [symmetric()], np.linalg.eigvalsh, 128)
        general = cases.view((7, 7), dtype)
        cases.add(
            "eigenvalueMoments", dtype, [general],
            lambda a: (np.trace(a), np.trace(a @ a), np.linalg.det(a)), 512)
        for shape, layout in [((4, 4), "dense"), ((8, 5), "transposed"), ((5, 8), "strided"), ((2, 6, 4), "reversed"),
                              ((3, 2, 5), "sliced"), ((1, 3), "dense")]:
            def a(shape=shape, layout=layout):
                return cases.view(shape, dtype, layout)

            # Of factors that are unique up to signs or order, the product and what is unique are compared.
            cases.add("svd", dtype, [a()], lambda a: (np.linalg.svd(a, compute_uv=False), a), 128)
            cases.add("singularValues", dtype, [a()], lambda a: np.linalg.svd(a, compute_uv=False), 64)
            cases.add(
                "qr", dtype, [a()], lambda a: (np.abs(np.linalg.qr(a, mode="r")), a), 256)
            cases.add("pseudoInverse", dtype, [a()], np.linalg.pinv, 2048)
            cases.add("matrixRank", dtype, [a()], np.linalg.matrix_rank)
            if len(shape) == 2:
                x, b = a(), cases.view((shape[0], 2), dtype)
                cases.add("leastSquares", dtype, [x, b], lambda a, b: np.linalg.lstsq(a, b)[0], 2048)
                cases.add("lu", dtype, [a()], lambda a: scipy.linalg.lu(a, permute_l=True), 128)
            for name, order in [("frobenius", "fro"), ("nuclear", "nuc"), ("spectral", 2), ("one", 1),
                                ("infinity", np.inf)]:
                cases.add(
                    "matrixNorm", dtype, [a()], lambda a, o=order: np.linalg.norm(a, o, axis=(-2, -1)), 64, order=name)
        low = (cases.numbers((7, 2), F64) @ cases.numbers((2, 5), F64)).astype(dtype)
        cases.add("matrixRank", dtype, [low], lambda a: np.int32(2))
        a = cases.numbers((2, 3, 6), dtype)
        cases.add("tensorSolve", dtype, [a, cases.numbers((2, 3), dtype)], np.linalg.tensorsolve, 4096)
        a = cases.numbers((4, 6, 8, 3), dtype)
        cases.add("tensorInverse", dtype, [a], lambda a: np.linalg.tensorinv(a, ind=2), 65536)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("output", nargs="?", default=Path(__file__).with_name("numpy_cases.npz"))
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--coarse", action="store_true", help="numbers are multiples of 1/4096: a small file")
    options = arguments.parse_args()
    cases = Cases(options.seed, options.coarse)
    for family in (elementwise, reductions, shapes, sorting, products, linear_algebra):
        family(cases)
    cases.save(options.output)
    print(f"{len(cases.list)} cases, {len({c['operation'] for c in cases.list})} operations: {options.output}")


if __name__ == "__main__":
    main()
