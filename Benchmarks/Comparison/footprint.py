"""Memory and start: each measurement is a fresh process."""
import json
import os
import subprocess
import time

from Comparison.contestants import KEPT_HEAP

TRAININGS = ["train crnn B16", "train unet B8"]
FIRST = "infer crnn B1"


def run(command, environment):
    """Its last line, wall-clock seconds to the first line and to the end, and the most memory it had."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env={**os.environ, **environment})
    lines, first = [], None
    for text in process.stdout:
        first = first or time.perf_counter() - start
        lines.append(text)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1024 if os.uname().sysname == "Linux" else 1
    return dict(last=lines[-1] if lines else "", first=first, total=time.perf_counter() - start,
                peakBytes=usage.ru_maxrss * unit, failed=process.returncode != 0)


def measure(folder, root, python, frameworks, threads, rounds):
    """Rows of (what, who, seconds or None, peak bytes, remark)."""
    server = os.path.join(folder, ".build/release/case-server")
    ours = dict(DUCTUS_NUM_THREADS=str(threads))

    def once_peer(framework, case, runs):
        return [python, os.path.join(folder, "peers.py"), framework, "--threads", str(threads), "--models",
                os.path.join(folder, ".build/onnx"), "--once", case, "--runs", str(runs)]

    rows = []

    def best(what, who, command, environment, timed, remark=lambda result: ""):
        results = [run(command, environment) for _ in range(rounds)]
        if any(r["failed"] for r in results) or '"error"' in results[0]["last"]:
            return
        seconds = min(r["first"] or r["total"] for r in results) if timed else None
        rows.append(dict(
            what=what, who=who, threads=threads, seconds=seconds,
            peakBytes=min(r["peakBytes"] for r in results), remark=remark(results[-1])))

    for case in TRAININGS:
        best(case, "Ductus", [server, "once", case, "5"], ours, False, allocations)
        if "torch" in frameworks:
            best(case, "PyTorch", once_peer("torch", case, 5), KEPT_HEAP, False, lambda _: "heap kept")
            best(case, "PyTorch", once_peer("torch", case, 5), {}, False, lambda _: "as installed")
    what = "start → first prediction, " + FIRST.removeprefix("infer ")
    best(what, "Ductus", [server, "once", FIRST, "0"], ours, True)
    for framework, who in (("torch", "PyTorch"), ("onnxruntime", "ONNX Runtime")):
        if framework in frameworks:
            best(what, who, once_peer(framework, FIRST, 1), {}, True)
    page = os.path.join(root, "Examples/SamplePage/sample.png")
    best("start → first line of a page, `ductus read`", "Ductus",
         [os.path.join(root, ".build/release/ductus"), "read", page], ours, True)
    return rows


def allocations(result):
    found = json.loads(result["last"])
    return "a step allocates {:g} buffers, {:.0f} KiB of heap, {:.0f} pages".format(
        found["poolAllocations"] / found["runs"], found["heapGrowth"] / found["runs"] / 1024,
        found["minorFaults"] / found["runs"])


def markdown(rows):
    lines = ["| what | who | threads | seconds | peak memory, MB | |", "|---|---|--:|--:|--:|---|"]
    for row in rows:
        seconds = f"{row['seconds']:.2f}" if row["seconds"] else ""
        lines.append(f"| {row['what']} | {row['who']} | {row['threads']} | {seconds} | {row['peakBytes'] / 1e6:.0f} "
                     f"| {row['remark']} |")
    return "\n".join(lines)
