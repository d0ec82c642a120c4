"""Kills trainings; see Scripts/check-kills."""
import contextlib
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

from tiny_training import configuration, scalars, tensors, write_data

DUCTUS, COUNT = sys.argv[1], int(sys.argv[2])
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="check-kills-"))
MOMENTS = random.Random(int(os.environ.get("SEED", "1")))
os.environ.update(DUCTUS_NUM_THREADS="1", DUCTUS_FEATURES=str(FOLDER / "features"))
EPOCHS = 40


def check(condition, message):
    if not condition:
        sys.exit(f"check-kills: {message} (everything is in {FOLDER})")


# ---- A server that speaks as much of MLflow as a run needs


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.is_down, self.runs, self.lock = False, {}, threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """Clients that are killed close their connections."""

    def answer(self, method, body):
        if method == "experiments/get-by-name":
            return {"experiment": {"experiment_id": "1"}}
        if method == "runs/search":
            return {"runs": [run["json"] for run in self.runs.values() if run["identity"] in body["filter"]]}
        if method == "runs/create":
            number = f"r{len(self.runs)}"
            tags = {tag["key"]: tag["value"] for tag in body["tags"]}
            json_ = {"info": {"run_id": number, "artifact_uri": f"mlflow-artifacts:/1/{number}/artifacts"}}
            self.runs[number] = {
                "name": body["run_name"], "identity": tags["ductus.run"], "json": json_, "points": {}, "status": ""}
            return {"run": json_}
        if method == "runs/update":
            self.runs[body["run_id"]]["status"] = body["status"]
        for point in body.get("metrics", []):
            # A point that is sent again, after a program was killed before it could note that, is the same point.
            points = self.runs[body["run_id"]]["points"]
            points.setdefault((point["key"], point["step"]), set()).add(float(point["value"]))
        return {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = 200, {}
        with self.server.lock:
            if self.server.is_down:
                status, answer = 503, {"message": "down"}
            elif self.command != "PUT":
                method = self.path.split("?")[0].removeprefix("/api/2.0/mlflow/")
                answer = self.server.answer(method, json.loads(body or b"{}"))
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_POST

    def log_message(self, *_):
        pass


# ---- Runs


def start(*arguments):
    return subprocess.Popen(
        [DUCTUS, "train", *map(str, arguments), "--no-feature-cache"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)


def finish(process):
    """Waits for a training that must end well."""
    output, errors = process.communicate(timeout=600)
    check(process.returncode == 0, f"training ended with status {process.returncode}: {errors}")
    return output.strip()


def ductus(*arguments):
    result = subprocess.run([DUCTUS, *map(str, arguments)], capture_output=True, text=True, timeout=600)
    check(result.returncode == 0, f"{' '.join(map(str, arguments))}: {result.stderr}")
    return result.stdout


def check_loadable(run):
    """What was killed can be read."""
    ductus("runs", "show", run, "--json")
    for name in ["last.safetensors", "best.safetensors"]:
        if (run / name).exists():
            with contextlib.suppress(FileNotFoundError):
                tensors(run / name)


def events(run):
    """The scalars in the event file of TensorBoard: by name and step a list of values."""
    result = {}
    (path,) = run.glob("events.out.tfevents.*")
    data, place = path.read_bytes(), 0
    while place < len(data):
        (length,) = struct.unpack_from("<Q", data, place)
        event = fields(data[place + 12 : place + 12 + length])
        place += length + 16
        for summary in event.get(5, []):
            for value in fields(summary).get(1, []):
                value = fields(value)
                if 2 in value:
                    key = (value[1][0].decode(), event.get(2, [0])[0])
                    result.setdefault(key, []).append(struct.unpack("<f", value[2][0])[0])
    return result


def fields(data):
    """The fields of a message of Protocol Buffers."""
    result, place = {}, 0

    def number():
        nonlocal place
        value, shift = 0, 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    while place < len(data):
        key = number()
        kind = key & 7
        if kind == 0:
            value = number()
        else:
            length = {1: 8, 5: 4}.get(kind) or number()
            value, place = data[place : place + length], place + length
        result.setdefault(key >> 3, []).append(value)
    return result


def contents(run):
    """What two runs of the same training have in common: everything but times and speeds."""
    result = {"names": sorted(re.sub(r"tfevents.*", "tfevents", path.name) for path in run.iterdir())}
    for name in ["last.safetensors", "best.safetensors"]:
        result[name] = tensors(run / name)
    for name in ["metrics.jsonl", "predictions.jsonl", "histograms.jsonl", "history.json"]:
        text = (run / name).read_text()
        result[name] = re.sub(r'"(time|samplesPerSecond|seconds|processorSeconds|peakMemory)": ?[^,}]*', "", text)
    for name in ["configuration.json", "samples.png"]:
        result[name] = (run / name).read_bytes()
    return result


def check_same(run, expected):
    for name, value in contents(run).items():
        check(value == expected[name], f"{run}: {name} is another than without kills")


def check_trackers(run, server):
    """Both trackers have every point of the run, once."""
    expected = {(name, step): value for name, points in scalars(run).items() for step, _, value in points}
    seen = events(run)
    check(seen.keys() == expected.keys(), f"{run}: the event file has {len(seen)} of {len(expected)} points")
    for key, values in seen.items():
        single = struct.unpack("<f", struct.pack("<f", expected[key]))[0]
        check(values == [single], f"{run}: the event file has {key} as {values}, not {single}")
    sent = [one for one in server.runs.values() if one["name"] == run.name]
    check(len(sent) == 1, f"the server has {len(sent)} runs {run.name}")
    check(sent[0]["status"] == "FINISHED", f"{run}: the server has the status {sent[0]['status']}")
    points = sent[0]["points"]
    check(points.keys() == expected.keys(), f"{run}: the server has {len(points)} of {len(expected)} points")
    for key, values in points.items():
        # What was sent of steps after the last checkpoint is sent again, with another speed.
        speed = key[0] == "training/samplesPerSecond"
        check(expected[key] in values if speed else values == {expected[key]}, f"{run}: the server has {key}: {values}")


# ---- Kills


def killed_run(file, time_, server, limit):
    """A run that is killed at random moments until it ends, `limit` times at most; the run, and how often."""
    runs = FOLDER / "killed"
    runs.mkdir(exist_ok=True)
    before, kills, run = set(runs.iterdir()), 0, None
    while True:
        server.is_down = MOMENTS.random() < 0.3
        process = start("--resume", run) if run else start(file, "--runs", runs)
        if kills == limit:
            finish(process)
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=MOMENTS.uniform(0, time_))
            finish(process)
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        for new in set(runs.iterdir()) - before:
            if (new / "configuration.json").exists():
                run = new
                check_loadable(run)
            else:
                # Killed before there was a run.
                shutil.rmtree(new)
    server.is_down = False
    if run is None:
        (run,) = set(runs.iterdir()) - before
    ductus("runs", "sync", run)
    return run, kills


def check_kills(count):
    server = Server()
    trackers = ["tensorBoard", {"name": "mlflow", "url": server.url, "experiment": "kills"}]
    file = configuration(FOLDER, trackers, EPOCHS, checkpointEvery=1)
    began = time.monotonic()
    run = pathlib.Path(finish(start(file, "--runs", FOLDER / "whole")))
    time_ = time.monotonic() - began
    ductus("runs", "sync", run)
    expected = contents(run)
    check_trackers(run, server)
    kills = runs = 0
    while kills < count:
        run, more = killed_run(file, time_, server, count - kills)
        check_same(run, expected)
        check_trackers(run, server)
        kills, runs = kills + more, runs + 1
    print(f"{kills} kills in {runs} runs: all could be read, and ended like the one that was not killed.")


write_data(FOLDER / "data")
check_kills(COUNT)
shutil.rmtree(FOLDER)
