#!/usr/bin/env python3
"""Times the cases in another framework on request; the counterpart of Sources/CaseServer.

    peers.py torch|onnxruntime|numpy --threads N    answers requests from standard input
    peers.py torch|onnxruntime|numpy --list         names its cases
    peers.py torch|onnxruntime|numpy --once NAME    runs one case a few times in a fresh process
    peers.py torch --export                         writes the networks as ONNX files into --models
"""
import argparse
import gc
import importlib
import json
import math
import os
import resource
import statistics
import sys
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("framework", choices=["torch", "onnxruntime", "numpy"])
arguments.add_argument("--threads", type=int, default=1)
arguments.add_argument("--models", default="onnx", help="folder of the exported networks")
arguments.add_argument("--list", action="store_true")
arguments.add_argument("--once", metavar="NAME")
arguments.add_argument("--runs", type=int, default=5)
arguments.add_argument("--export", action="store_true")


class Prepared:
    """One variant of a case with its operands."""

    def __init__(self, body):
        self.body, self.estimate = body, math.inf
        start, count = time.perf_counter(), 0
        while count < 2 or (count < 200 and time.perf_counter() - start < 0.1):
            self.estimate = min(self.estimate, self.time(1))
            count += 1

    def time(self, count):
        start = time.perf_counter()
        for _ in range(count):
            self.body()
        return (time.perf_counter() - start) / count

    def burst(self, duration):
        inner = max(1, math.ceil(2e-4 / max(self.estimate, 1e-9)))
        if self.estimate < duration / 4:
            self.body()
        times, start = [], time.perf_counter()
        while not times or time.perf_counter() - start < duration:
            times.append(self.time(inner))
        self.estimate = statistics.median(times)
        return dict(median=self.estimate, minimum=min(times))


def answer(**fields):
    print(json.dumps(fields), flush=True)


def serve(title, version, threads, cases):
    prepared = {}
    answer(name=title, version=version, threads=threads)
    for line in sys.stdin:
        request, _, rest = line.strip().partition(" ")
        try:
            if request == "prepare" and rest not in cases:
                answer(error="there is no case of this name")
            elif request == "prepare":
                prepared = {f"{title} {variant}".strip(): Prepared(body) for variant, body in cases[rest]().items()}
                answer(variants=list(prepared))
            elif request == "time":
                gc.collect()
                gc.disable()
                answer(**{variant: case.burst(float(rest)) for variant, case in prepared.items()})
                gc.enable()
            elif request == "drop":
                prepared = {}
                gc.collect()
                answer(dropped=True)
        except Exception as problem:
            prepared = {}
            answer(error=f"{type(problem).__name__}: {problem}"[:300])


def main():
    options = arguments.parse_args()
    # The variables must be set before a library is loaded.
    os.environ.update({name: str(options.threads)
                       for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")})
    if options.framework == "torch":
        module, title = importlib.import_module("Comparison.pytorch_cases"), "PyTorch"
        if options.export:
            return module.export(options.models)
        cases = module.cases()
    elif options.framework == "numpy":
        module, title = importlib.import_module("Comparison.numpy_cases"), "NumPy"
        cases = module.cases()
    else:
        module, title = importlib.import_module("Comparison.onnxruntime_cases"), "ONNX Runtime"
        cases = module.cases(options.models)
    module.start(options.threads)
    if options.list:
        print("\n".join(cases))
    elif options.once:
        bodies = cases[options.once]()
        body = bodies.get("contiguous") or next(iter(bodies.values()))
        for _ in range(options.runs):
            body()
        answer(peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    else:
        serve(title, module.version, options.threads, cases)


if __name__ == "__main__":
    main()
