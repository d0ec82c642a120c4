"""The linear algebra cases in NumPy.

A case is a function without arguments that makes the operands and returns `{variant: what is timed}`.
"""
import numpy as np

version = np.__version__


def start(threads):
    pass  # OpenBLAS read OPENBLAS_NUM_THREADS when it was loaded.


def cases():
    found = {}
    for n in (256, 1024):
        for suffix, kind in (("f32", np.float32), ("f64", np.float64)):
            for name, function in FUNCTIONS.items():
                found[f"{name} {n} {suffix}"] = lambda f=function, n=n, k=kind: prepare(f, n, k)
    return found


def prepare(function, n, kind):
    random = np.random.default_rng(1)
    a, b = random.uniform(-1, 1, (n, n)).astype(kind), random.uniform(-1, 1, n).astype(kind)
    return {"": lambda: function(a, b)}


FUNCTIONS = dict(
    solve=np.linalg.solve, qr=lambda a, b: np.linalg.qr(a), eigh=lambda a, b: np.linalg.eigh(a),
    svd=lambda a, b: np.linalg.svd(a, full_matrices=False), dgemm=lambda a, b: a @ a)
